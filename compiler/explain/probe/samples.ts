import { exp } from '../../elementary/exponential.js';
import type { LoweredInput } from '../../lower/lowered.js';
import type { Sequence } from './sequence.js';

/** Legal values of an input: everyday ones, large ones, and the very edges of its domain. */
export function legalValues(
  input: LoweredInput,
  sizes: readonly number[],
  count: number,
  sequence: Sequence,
): Float64Array {
  const lengths = input.axes.map((axis) => sizes[axis]!);
  const width = lengths.reduce((a, b) => a * b, 1);
  const last = lengths.at(-1) ?? 1;
  const data = new Float64Array(count * width);
  for (let item = 0; item < count; item++) {
    const row = data.subarray(item * width, (item + 1) * width);
    if (input.domain === 'onehot')
      fillRows(row, input, sizes, (part) => part.set([1], sequence.int(part.length)));
    else if (input.domain === 'probability')
      fillRows(row, input, sizes, (part) => simplexRow(part, item, sequence));
    else for (let k = 0; k < width; k++) row[k] = DRAWS[input.domain](item, sequence, input, last);
  }
  return data;
}

/** Fills the rows of a simplex, which lie along its axis, wherever that stands. */
export function fillRows(
  row: Float64Array,
  { axes, simplexAxis }: LoweredInput,
  sizes: readonly number[],
  fill: (part: Float64Array) => void,
): void {
  const length = sizes[simplexAxis!]!;
  const inner = axes.reduce((size, axis) => (axis > simplexAxis! ? size * sizes[axis]! : size), 1);
  const part = new Float64Array(length);
  for (let start = 0; start < row.length; start += length * inner)
    for (let offset = start; offset < start + inner; offset++) {
      part.fill(0);
      fill(part);
      for (const [k, x] of part.entries()) row[offset + k * inner] = x;
    }
}

/** A point of the simplex; every fourth is a corner, where other probabilities are exactly 0. */
function simplexRow(part: Float64Array, item: number, sequence: Sequence): void {
  if (item % 4 === 0) {
    part[sequence.int(part.length)] = 1;
    return;
  }
  const spread = item % 4 === 1 ? 8 : 1.5;
  for (let k = 0; k < part.length; k++) part[k] = exp(spread * sequence.normal());
  const total = part.reduce((a, b) => a + b, 0);
  for (let k = 0; k < part.length; k++) part[k] = part[k]! / total;
}

type Draw = (item: number, sequence: Sequence, input: LoweredInput, last: number) => number;

const real: Draw = (item, sequence) => [1, 0, 10, 1000][item % 4]! * sequence.normal();
const logits: Draw = (item, sequence) => [2, 0, 10, 300][item % 4]! * sequence.normal();

const DRAWS: Readonly<Record<Exclude<LoweredInput['domain'], 'onehot' | 'probability'>, Draw>> = {
  real,
  logits,
  positive: (item, sequence) => exp([0.5, 1, 3, 6][item % 4]! * sequence.normal()),
  nonnegative: (item, sequence) => (item % 4 === 1 ? 0 : exp([0.5, 1, 3, 6][item % 4]! * sequence.normal())),
  unit: (item, sequence) => (item % 4 === 0 ? sequence.int(2) : sequence.next()),
  between: (item, sequence, { node }) => {
    const { lo, hi } = node.range;
    return item % 4 === 0 ? [lo, hi][sequence.int(2)]! : lo + (hi - lo) * sequence.next();
  },
  binary: (_, sequence) => sequence.int(2),
  sign: (_, sequence) => 2 * sequence.int(2) - 1,
  integer: (_, sequence, __, last) => sequence.int(Math.max(last, 3)),
};
