import type { AxisTable } from '../graph/axes.js';
import { dimensionOf, IGNORED_LABEL } from '../lower/labels.js';
import type { LoweredInput } from '../lower/lowered.js';

/** An input and the shape of the values that it is given. */
export interface Given {
  readonly input: LoweredInput;
  readonly shape: readonly number[];
}

/** The dimensions of the items of an input that is given by what it is declared as, or by as many axes of its own. */
const itemRank = ({ input, shape }: Given): number =>
  input.items === 'any' ? shape.length : input.items === 'exact' ? 1 : shape.length - input.axes.length;

/** The input, not given by labels, that tells how many dimensions rows of another input have: one on the same axis first. */
const partnerOf = (input: LoweredInput, all: readonly Given[]): Given | undefined => {
  const plain = all.filter((other) => other.input.labelAxis === undefined);
  return plain.find((other) => other.input.axes.includes(input.labelAxis!)) ?? plain[0];
};

/** How many dimensions an input has when it is given by rows. */
function rankOfRows(input: LoweredInput, all: readonly Given[]): number | undefined {
  const { axes, items, many } = input;
  if (items === 'exact' && many === undefined) return axes.length + 1;
  const partner = partnerOf(input, all);
  if (partner === undefined) return undefined;
  if (items === 'rest') return itemRank(partner) + axes.length;
  // Several axes in one leave the rank open: then another input with them tells.
  if (!partner.input.axes.includes(many!)) return undefined;
  return partner.shape.length - partner.input.axes.length + axes.length;
}

/** How the numbers along an axis lie in a tensor: how many there are, and how far apart; an axis may be several dimensions. */
export function strideOf(
  input: LoweredInput,
  axis: number,
  shape: readonly number[],
): { readonly length: number; readonly inner: number } {
  const behind = input.axes.slice(input.axes.indexOf(axis) + 1);
  const rank = (from: number): number => (from < 0 ? shape.length + from : from);
  const start = rank(dimensionOf(input, axis));
  const end =
    behind.length === 0 ? shape.length : axis === input.many ? shape.length - behind.length : start + 1;
  const product = (part: readonly number[]): number => part.reduce((a, b) => a * b, 1);
  return { length: product(shape.slice(start, end)), inner: product(shape.slice(end)) };
}

/** What the rows of a simplex add up to, in the order of the tensor without that axis. */
export function rowSums(input: LoweredInput, shape: readonly number[], data: Float64Array): Float64Array {
  const { length, inner } = strideOf(input, input.simplexAxis!, shape);
  const sums = new Float64Array(data.length / Math.max(length, 1));
  for (const [k, x] of data.entries()) {
    const row = Math.floor(k / (length * inner)) * inner + (k % inner);
    sums[row] = sums[row]! + x;
  }
  return sums;
}

/** How many classes an input of labels chooses from, as far as shapes tell. */
export function classesOf(
  input: LoweredInput,
  axes: AxisTable,
  sizes: readonly (number | undefined)[],
  all: readonly Given[],
): number | undefined {
  const axis = input.labelAxis!;
  const known = axes.get(axis).size ?? sizes[axis];
  if (known !== undefined) return known;
  const partner = partnerOf(input, all);
  return partner?.input.axes.includes(axis) === true
    ? partner.shape.at(dimensionOf(partner.input, axis))
    : undefined;
}

/**
 * The shape without the axis of the classes, if an input of rows is given by labels: they lack that axis, or have one entry along
 * it. Undefined for rows. The rule of the emitted code.
 */
export function shapeOfLabels(
  { input, shape }: Given,
  classes: number | undefined,
  all: readonly Given[],
): readonly number[] | undefined {
  if (input.labelAxis === undefined) return undefined;
  const rank = rankOfRows(input, all) ?? Math.max(shape.length, input.axes.length + 1);
  if (shape.length === rank - 1) return shape;
  const at = dimensionOf(input, input.labelAxis);
  const place = at < 0 ? shape.length + at : at;
  if (shape.length !== rank || shape[place] !== 1 || classes === undefined || classes === 1) return undefined;
  return shape.toSpliced(place, 1);
}

/** What is wrong with a label, and what may stand there: undefined if nothing is. `ignores`: whether one may leave its item out. */
export function labelProblem(
  input: string,
  label: number,
  entry: number,
  axis: string,
  classes: number,
  ignores: boolean,
): string | undefined {
  if (isClass(label, classes)) return undefined;
  const range = classes === 1 ? 'is 0' : `goes from 0 to ${classes - 1}`;
  const out = ignores ? `, or is ${IGNORED_LABEL} to leave its item out` : '';
  return `"${input}" holds the label ${label} (entry ${entry}), and a label of "${axis}" ${range}${out}`;
}

/** What to say of an ignored label where no item can be left out. */
export const ignoredWithinItem = (input: string, entry: number): string =>
  `"${input}" holds the label ${IGNORED_LABEL} (entry ${entry}), which leaves an item out, but here it is only a part of one: leave the entry out with \`where\` and a \`data\` mask`;

const isClass = (label: number, classes: number): boolean =>
  Number.isInteger(label) && label >= 0 && label < classes;

/** Labels as rows with a single 1 along an axis. Others count as the first class where their item does not count, else as NaN. */
export function rowsOfLabels(
  labels: Float64Array,
  shape: readonly number[],
  place: number,
  classes: number,
  ignores: boolean,
): { readonly shape: readonly number[]; readonly data: Float64Array } {
  const inner = shape.slice(place).reduce((a, b) => a * b, 1);
  const data = new Float64Array(labels.length * classes);
  for (const [i, label] of labels.entries()) {
    const known = isClass(label, classes);
    const start = Math.floor(i / inner) * classes * inner + (i % inner);
    if (known || ignores) data[start + (known ? label : 0) * inner] = 1;
    else for (let k = 0; k < classes; k++) data[start + k * inner] = Number.NaN;
  }
  return { shape: shape.toSpliced(place, 0, classes), data };
}
