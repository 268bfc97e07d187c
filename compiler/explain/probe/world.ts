import { sin } from '../../elementary/trigonometric.js';
import type { LoweredInput, LoweredLoss, LoweredParameter, ParameterValue } from '../../lower/lowered.js';
import type { Range } from '../../operators/range.js';
import { DOMAINS } from '../../resolve/domains.js';
import { fillRows } from './samples.js';

/** Entries along an axis that nothing fixes. */
const ENTRIES = 4;
/** Classes where the user does not say: as many as the data sets that losses are compared on. */
export const CLASSES = 10;

/** Beyond this many classes, what does not depend on their number is looked at with `CLASSES`. */
export const MANY = 32;

/** Classes beyond which questions that pair classes with each other are not asked, where the signature fixes their number. */
export const PAIRED = 256;

/** Numbers that one item may need, so that some hundreds of items fit into memory. */
export const LARGEST = 25_000;

/** What has to be fixed before a loss can be evaluated: lengths of axes, parameters, inputs that nobody asks about. */
export interface World {
  /** Length of each axis by its index. */
  readonly sizes: readonly number[];
  readonly parameters: ReadonlyMap<string, ParameterValue>;
}

/** Lengths and parameters for a loss; `length` is the one of `axis`, `entries` that of others, unless the signature fixes it. */
export function worldOf(
  loss: LoweredLoss,
  axis: number | undefined,
  length: number,
  entries: number = ENTRIES,
): World {
  const sizes = loss.graph.axes.all.map(({ size }, index) => {
    if (size !== undefined) return size;
    return index === axis ? length : (listLength(loss, index) ?? entries);
  });
  // A copy made by rename is as long as its source.
  for (const [index, { root }] of loss.graph.axes.all.entries()) sizes[index] = sizes[root]!;
  const parameters = new Map<string, ParameterValue>();
  for (const parameter of loss.parameters) parameters.set(parameter.name, settingOf(parameter, sizes));
  return { sizes, parameters };
}

/** The length that a parameter's default, given as a list, has along an axis. */
function listLength(loss: LoweredLoss, axis: number): number | undefined {
  for (const parameter of loss.parameters) {
    let level: ParameterValue | undefined = parameter.default;
    for (const own of parameter.axes) {
      if (level === undefined || typeof level === 'number') break;
      if (own === axis) return level.length;
      level = level[0];
    }
  }
  return undefined;
}

/** The default, or something plain from the domain: one over the length for probabilities, different rows for vectors. */
function settingOf(parameter: LoweredParameter, sizes: readonly number[]): ParameterValue {
  if (parameter.default !== undefined) return parameter.default;
  const last = parameter.axes.at(-1);
  if (DOMAINS[parameter.domain].simplex && last !== undefined) return 1 / sizes[last]!;
  const plain = plainValue(parameter.range);
  if (parameter.axes.length < 2 || parameter.domain !== 'real') return plain;
  let count = 0;
  const build = (depth: number): ParameterValue =>
    depth === parameter.axes.length
      ? sin(++count)
      : Array.from({ length: sizes[parameter.axes[depth]!]! }, () => build(depth + 1));
  return build(0);
}

/** A value from the middle of a range, 1 rather than anything else that is possible. */
function plainValue({ lo, hi }: Range): number {
  if (lo <= 1 && hi >= 1 && lo >= 0) return 1;
  if (Number.isFinite(lo) && Number.isFinite(hi)) return (lo + hi) / 2;
  return Math.max(lo, Math.min(hi, 0));
}

/** What stands in for an input that is neither target nor prediction: ones, the first class, uniform probabilities, zeros. */
export function fillerOf(input: LoweredInput, sizes: readonly number[], count: number): Float64Array {
  const lengths = input.axes.map((axis) => sizes[axis]!);
  const size = lengths.reduce((a, b) => a * b, 1);
  const data = new Float64Array(count * size);
  if (input.domain === 'onehot') fillRows(data, input, sizes, (part) => part.set([1]));
  else if (DOMAINS[input.domain].simplex) data.fill(1 / (sizes[input.simplexAxis!] ?? 1));
  if (DOMAINS[input.domain].simplex) return data;
  return data.fill(plainValue(input.node.range));
}
