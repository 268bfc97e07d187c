/** Whether a loss can train a classifier at all: asked before data, backend or workers have cost anything. */
import { compileLoss } from '../../../compiler/compile.js';
import { type NumericLoss, numericOf } from '../../../compiler/loss/numeric.js';
import type { ParameterValue } from '../../../compiler/lower/lowered.js';
import type { Program } from '../../../compiler/resolve/program.js';
import type { LossDecl } from '../../../grammar/tree/ast.js';
import { createRandom } from '../../random.js';
import { feedingOf, signatureOf } from './feeding.js';
import { REFUSALS } from './refusals.js';
import { takingRows } from './targets.js';

export interface TrainableOptions {
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  /** The parameters are where a tuning begins, so the loss may teach nothing yet. */
  readonly tuned?: boolean;
}

/**
 * The loss on rows of 0 and 1 and on outputs of a network, in float64. Throws a `LossError` for errors in the loss and a
 * `RunError`, one sentence, for what cannot be trained on so many classes.
 */
export function checkTrainable(
  program: Program,
  decl: LossDecl,
  classes: number,
  { parameters = {}, tuned = false }: TrainableOptions = {},
): NumericLoss {
  const compiled = compileLoss(program, decl, { fromLogits: true, plainMean: true });
  const { form, prediction } = feedingOf(signatureOf(compiled), classes, parameters);
  const loss = takingRows(numericOf(compiled, parameters), form);
  const found = probe(loss, Math.min(classes, MOST_CLASSES));
  if (found === 'flat' && !tuned) throw REFUSALS['no gradient'](compiled.name, prediction);
  if (found === 'any class') throw REFUSALS['no class'](compiled.name, prediction);
  return loss;
}

/** More than a rounding error. */
const DIFFERENT = 1e-9;
/** Examples of each class: losses of pairs need some with equal labels. */
const REPEATS = 3;
/** Classes beyond these need not be looked at one by one. */
const MOST_CLASSES = 10;

/**
 * What a loss makes of random outputs: a loss of embeddings is the same when the outputs change places in each row, and one that
 * is flat has no gradient for any of them. What is not a number is left to training, which says at which step.
 */
function probe(loss: NumericLoss, classes: number): 'flat' | 'any class' | 'fit' {
  const random = createRandom('classes');
  const batch = REPEATS * classes;
  const rows = new Float64Array(batch * classes);
  for (let i = 0; i < batch; i++) rows[i * classes + (i % classes)] = 1;
  const output = rows.map(() => random.normal());
  const moved = output.map((_, i) => output[i - (i % classes) + ((i + 1) % classes)]!);
  const [here, there] = [output, moved].map((given) => loss.evaluate(rows, given, batch, classes));
  if (here!.gradient.every((slope) => slope === 0)) return 'flat';
  const [one, other] = [here!, there!].map(({ values }) => values.reduce((a, b) => a + b, 0));
  return Math.abs(one! - other!) <= DIFFERENT * Math.max(1, Math.abs(one!)) ? 'any class' : 'fit';
}
