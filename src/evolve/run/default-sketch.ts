/** The sketches that a search works on when it is given none. */
import type { TaskKind } from '../../runtime/tasks/learning.js';
import { TASKS } from '../../runtime/tasks/tasks.js';
import type { PresetName } from '../model/settings.js';
import type { Sources } from '../model/sources.js';

interface Form {
  readonly name: string;
  /** What stands before the operators. */
  readonly body: string;
  /** What it is made of. */
  readonly leaves: string;
}

/** The form of a loss: averaged over the classes, of the error alone, or of a label alone. */
const FORMS: { readonly [K in TaskKind]: Form } = {
  classification: { name: 'loss_of_a_class', body: '-mean(?, class)', leaves: 'target, prediction' },
  regression: {
    name: 'loss_of_an_error',
    body: 'let error = prediction - target\n  ?',
    leaves: 'error',
  },
  'multi-label': { name: 'loss_of_a_label', body: '-?', leaves: 'target, prediction' },
  quantiles: {
    name: 'loss_of_quantiles',
    body: 'let error = prediction - target\n  mean(?, quantile)',
    leaves: 'error, tau',
  },
  'mean-and-variance': {
    name: 'loss_of_a_distribution',
    body: 'let error = center - target\n  ?',
    leaves: 'error, variance',
  },
};

interface Space {
  readonly operators: string;
  readonly numbers: string;
}

/** GLO's operators and leaves, as we understand the paper; sign and mean are those of its formula. */
const OF_GLO: Space = { operators: '+ - * / log square sqrt', numbers: '1, -1' };

/** GLO's, with any constant as a leaf and the functions that losses of the field are made of. */
const OF_PROBABILITIES: Space = {
  operators: '+ - * / ^ log exp square sqrt tanh',
  numbers: '1, -1, real',
};

/** What the losses of the field are made of: an error may be negative, which a logarithm or a power has no value for. */
const OF_ERRORS: Space = { operators: '+ - * / abs log1p square sqrt tanh', numbers: '1, real' };

/** Of the default preset. */
const SPACES: { readonly [K in TaskKind]: Space } = {
  classification: OF_PROBABILITIES,
  regression: OF_ERRORS,
  'multi-label': OF_PROBABILITIES,
  quantiles: { ...OF_ERRORS, operators: `${OF_ERRORS.operators} max` },
  // A variance is positive.
  'mean-and-variance': { ...OF_ERRORS, operators: `${OF_ERRORS.operators} log` },
};

/** The sketch of a preset as sources for a run. */
export function defaultSketch(preset: PresetName, task: TaskKind = 'classification'): Sources {
  const { name, body, leaves } = FORMS[task];
  const { operators, numbers } = preset === 'glo' ? OF_GLO : SPACES[task];
  const text = `sketch ${name}(${TASKS[task].signature}) =
  ${body}
  with operators ${operators}
       leaves ${leaves}, ${numbers}`;
  return { source: { name: `${preset} sketch`, text }, imports: [] };
}
