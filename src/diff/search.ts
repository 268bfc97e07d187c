import type { NumberArray } from '../../compiler/evaluate/bind.js';
import type { LoweredInput } from '../../compiler/lower/lowered.js';
import { createRandom } from '../random.js';
import type { Compared, Inputs } from './points.js';

/** An input for which two losses differ, with the mean of each, and whether it is the values that do or a gradient. */
export interface Witness {
  readonly inputs: Inputs;
  readonly values: readonly [number, number];
  /** The prediction whose derivative differs where the values agree. */
  readonly gradient?: string;
}

export interface Search {
  readonly witness: Witness | undefined;
  /** Points at which both were finite. */
  readonly points: number;
}

/**
 * What a `test` block calls different: beyond it two losses fail each other's tests. Rounding in float64 is far below,
 * and where it is not (a difference of large numbers), exact digits decide.
 */
const TOLERANCE = 1e-6;
/** Entries along axes that nothing fixes, in turn: short ones make a witness that a person can check. */
const ENTRIES = [2, 3, 1, 4, 5];
const POINTS = 300;
/** Points that may be looked at in exact digits, which take long. */
const EXACT = 20;
/** Points that are tried for a shorter witness where there is one of long numbers. */
const LONG = 6;

export const differs = (a: number, b: number): boolean =>
  Math.abs(a - b) > TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b));

/** Looks for an input at which two losses differ. The same for the same losses every time. */
export async function search(a: Compared, b: Compared): Promise<Search> {
  const random = createRandom('diff');
  const items = [a, b].some(({ compiled }) => compiled.coupled || compiled.scalar) ? 3 : 1;
  let points = 0;
  let exact = EXACT;
  let inValue: Witness | undefined;
  let inGradient: Witness | undefined;
  for (let k = 0; k < POINTS; k++) {
    const inputs = a.draw(ENTRIES[k % ENTRIES.length]!, items, random);
    if (!a.isLegal(inputs) || !b.isLegal(inputs)) continue;
    const found = compare(a, b, inputs);
    if (found === undefined) continue;
    points++;
    const isOpen = differs(...found.values) || (found.gradient !== undefined && inGradient === undefined);
    if (!isOpen || exact === 0) continue;
    exact--;
    const confirmed = await confirm(a, b, found);
    if (confirmed?.gradient === undefined) {
      if (confirmed === undefined) continue;
      const short = await shortened(a, b, inputs);
      if (short !== undefined) return { witness: short, points };
      inValue ??= confirmed;
      exact = Math.min(exact, LONG);
    } else inGradient = confirmed;
  }
  return { witness: inValue ?? inGradient, points };
}

/** Both values in float64, and a gradient that differs; undefined where one is not finite, which says nothing of the other. */
function compare(a: Compared, b: Compared, inputs: Inputs): Witness | undefined {
  const [first, second] = [a.at(inputs), b.at(inputs)];
  const values = [Number(first.value), Number(second.value)] as const;
  if (!values.every(Number.isFinite)) return undefined;
  if (differs(...values)) return { inputs, values };
  const at = a.predictions.findIndex((name, i) =>
    isElsewhere(first.gradient.get(name)!.data, second.gradient.get(b.predictions[i]!)!.data),
  );
  return { inputs, values, ...(at >= 0 && { gradient: a.predictions[at]! }) };
}

/** Whether two gradients are both finite and differ: each is rounded with the size of its largest entry. */
function isElsewhere(x: ArrayLike<number>, y: ArrayLike<number>): boolean {
  const all = [...Array.from(x), ...Array.from(y)];
  if (!all.every(Number.isFinite)) return false;
  const size = all.reduce((most, one) => Math.max(most, Math.abs(one)), 1);
  return Array.from(x).some((one, k) => Math.abs(one - y[k]!) > TOLERANCE * size);
}

/** The witness with both values in exact digits; undefined where those agree, or are not settled: it was rounding then. */
async function confirm(
  a: Compared,
  b: Compared,
  { inputs, gradient }: Witness,
): Promise<Witness | undefined> {
  const other = gradient && b.predictions[a.predictions.indexOf(gradient)];
  const [x, y] = [await a.exactly(inputs, gradient), await b.exactly(inputs, other)];
  if (x.value === undefined || y.value === undefined) return undefined;
  const witness = { inputs, values: [x.value, y.value] as const };
  if (differs(x.value, y.value)) return witness;
  if (gradient === undefined) return undefined;
  const differ = x.gradient !== undefined && y.gradient !== undefined && isElsewhere(x.gradient, y.gradient);
  return differ ? { ...witness, gradient } : undefined;
}

/** The same with numbers of one or two digits, where it differs there too. */
async function shortened(a: Compared, b: Compared, inputs: Inputs): Promise<Witness | undefined> {
  for (const digits of [1, 2, 3]) {
    const short = inputs.map((array, k) => rounded(array, digits, a.compiled.inputs[k]!));
    if (!a.isLegal(short) || !b.isLegal(short)) continue;
    const found = compare(a, b, short);
    if (found === undefined || !differs(...found.values)) continue;
    const confirmed = await confirm(a, b, found);
    if (confirmed !== undefined) return confirmed;
  }
  return undefined;
}

function rounded({ shape, data }: NumberArray, digits: number, input: LoweredInput): NumberArray {
  const short = data.map((x) =>
    Math.abs(x) < 1e-3 || Math.abs(x) > 1e3 ? x : Number(x.toPrecision(digits)),
  );
  const length = shape.at(-1)!;
  const isOfRows = input.simplexAxis !== undefined && input.simplexAxis === input.axes.at(-1);
  // The first entry of a row makes it add up to 1; where it cannot, the row is illegal and not used.
  for (let start = 0; isOfRows && start < short.length; start += length) {
    const rest = short.subarray(start + 1, start + length).reduce((sum, x) => sum + x, 0);
    short[start] = Number((1 - rest).toFixed(12));
  }
  return { shape, data: short };
}
