import { exp } from '../../../compiler/elementary/exponential.js';
import { log } from '../../../compiler/elementary/logarithm.js';
import type { NumberArray } from '../../../compiler/evaluate/binding.js';
import { worldOf } from '../../../compiler/explain/probe/world.js';
import type { LoweredInput, LoweredLoss } from '../../../compiler/lower/lowered.js';
import { createRandom, type Random } from '../../random.js';

/** Entries along axes that nothing fixes, such as classes: a group of inputs for each. */
const GROUPS = [3, 10];
const ITEMS = 24;
/** Logits by which a label is ahead of all others together are spread evenly: what is right and what is wrong count alike. */
const FURTHEST_LOGIT = 5;
/** Errors of a regression, spread evenly over their logarithm, in units of the spread of the targets. */
const ERRORS = [0.05, 4] as const;

/** Inputs as a training meets them, near the target and far from it: the same for losses of one signature, in the order of `inputs`. */
export function everydayInputs(loss: LoweredLoss, inputs: readonly LoweredInput[]): readonly NumberArray[][] {
  return GROUPS.map((entries) => {
    const random = createRandom(`everyday ${entries}`);
    const { sizes } = worldOf(loss, 0, ITEMS, entries);
    const shapeOf = ({ axes }: LoweredInput): number[] => [ITEMS, ...axes.map((axis) => sizes[axis]!)];
    const drawn = new Map<LoweredInput, NumberArray>();
    for (const input of inputs.filter(({ data }) => data)) {
      const shape = shapeOf(input);
      drawn.set(input, { shape, data: dataOf(input, shape, sizes, random) });
    }
    const target = inputs.find(({ role }) => role === 'target');
    for (const input of inputs.filter(({ data }) => !data)) {
      const shape = shapeOf(input);
      const truth = target && drawn.get(target);
      const known = truth !== undefined && truth.shape.join() === shape.join() ? truth.data : undefined;
      const isLabel = target?.simplexAxis !== undefined && known !== undefined;
      const data =
        isLabel && input.domain === 'logits' && shape.length === 2
          ? logitsOf(known, shape[1]!, random)
          : predictionOf(input, shape, known, random);
      drawn.set(input, { shape, data });
    }
    return inputs.map((input) => drawn.get(input)!);
  });
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Labels where the domain has room for them, otherwise numbers around 0 or 1. */
function dataOf(
  { domain, axes, simplexAxis, indexAxis, node }: LoweredInput,
  shape: readonly number[],
  sizes: readonly number[],
  random: Random,
): Float64Array {
  const make = (draw: () => number): Float64Array => Float64Array.from({ length: product(shape) }, draw);
  const { lo, hi } = node.range;
  switch (domain) {
    case 'onehot':
    case 'probability': {
      const place = axes.indexOf(simplexAxis!) + 1;
      const [length, inner] = [shape[place]!, product(shape.slice(place + 1))];
      const data = make(() => 0);
      for (let row = 0; row < data.length / length; row++) {
        const start = Math.floor(row / inner) * inner * length + (row % inner);
        data[start + random.int(length) * inner] = 1;
      }
      return data;
    }
    case 'binary':
    case 'unit':
      return make(() => random.int(2));
    case 'sign':
      return make(() => 2 * random.int(2) - 1);
    case 'integer':
      return make(() => random.int(indexAxis === undefined ? 3 : sizes[indexAxis]!));
    case 'between':
      return make(() => lo + (hi - lo) * random.next());
    case 'positive':
    case 'nonnegative':
      return make(() => exp(0.7 * random.normal()));
    case 'logits':
    case 'real':
      return make(() => random.normal());
  }
}

function predictionOf(
  { domain, activation, node }: LoweredInput,
  shape: readonly number[],
  target: Float64Array | undefined,
  random: Random,
): Float64Array {
  const make = (draw: (at: number) => number): Float64Array =>
    Float64Array.from({ length: product(shape) }, (_, at) => draw(at));
  const { lo, hi } = node.range;
  switch (domain) {
    case 'between':
      return make(() => lo + (hi - lo) * random.next());
    case 'positive':
    case 'nonnegative':
      return make((at) => Math.abs(target?.[at] || 1) * exp(0.7 * random.normal()));
    case 'logits':
      return make((at) => ahead(random) + (activation === 'sigmoid' ? 0 : (target?.[at] ?? 0)));
    default: {
      const [least, most] = ERRORS.map(log) as [number, number];
      const error = (): number => (2 * random.int(2) - 1) * exp(least + (most - least) * random.next());
      return make((at) => (target?.[at] ?? 0) + error());
    }
  }
}

const ahead = (random: Random): number => FURTHEST_LOGIT * (2 * random.next() - 1);

/** Rows in which the label is ahead of all others together by so much. */
function logitsOf(target: Float64Array, classes: number, random: Random): Float64Array {
  const logits = Float64Array.from(target, () => random.normal());
  for (let start = 0; start < logits.length; start += classes) {
    let others = 0;
    for (let k = start; k < start + classes; k++) if (target[k] === 0) others += exp(logits[k]!);
    for (let k = start; k < start + classes; k++)
      if (target[k] === 1) logits[k] = log(others) + ahead(random);
  }
  return logits;
}
