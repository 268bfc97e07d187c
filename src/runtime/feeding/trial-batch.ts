/** Targets of each kind and random outputs, small and always the same, on which a loss is tried before it is trained. */
import { createRandom, type Random } from '../../random.js';
import type { Learning, TaskKind } from '../tasks/learning.js';

interface TrialBatch {
  /** Rows of `outputs` numbers, `batch` of them; so is `output`. */
  readonly target: Float64Array;
  readonly output: Float64Array;
  readonly batch: number;
  readonly outputs: number;
}

/** Examples of each class: losses of pairs need some with equal labels. */
const REPEATS = 3;
/** Outputs beyond these need not be looked at one by one. */
const MOST_OUTPUTS = 10;

/** Writes the targets of a batch. */
type Fill = (target: Float64Array, outputs: number, random: Random) => void;

/** One number for each example, in the place of each output. */
const repeated: Fill = (target, outputs, random) => {
  for (let row = 0; row * outputs < target.length; row++)
    target.fill(random.normal(), row * outputs, (row + 1) * outputs);
};

const TARGETS: { readonly [K in TaskKind]: Fill } = {
  classification: (target, outputs) => {
    for (let row = 0; row * outputs < target.length; row++) target[row * outputs + (row % outputs)] = 1;
  },
  regression: (target, _, random) => {
    for (let i = 0; i < target.length; i++) target[i] = random.normal();
  },
  'multi-label': (target, _, random) => {
    for (let i = 0; i < target.length; i++) target[i] = random.next() < 0.5 ? 1 : 0;
  },
  quantiles: repeated,
  'mean-and-variance': repeated,
};

export function trialBatch(learning: Learning): TrialBatch {
  const random = createRandom('classes');
  const outputs = Math.min(learning.outputs, MOST_OUTPUTS);
  const batch = REPEATS * Math.max(2, outputs);
  const output = Float64Array.from({ length: batch * outputs }, () => random.normal());
  const target = new Float64Array(batch * outputs);
  TARGETS[learning.task](target, outputs, random);
  return { target, output, batch, outputs };
}
