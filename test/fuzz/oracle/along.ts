import type { ReductionName } from '../../../compiler/exact/arithmetic.js';
import { type Axis, countOf, places, union } from '../../../compiler/exact/axes.js';
import { addSlope, apply, keepsDigits, RULES } from './elementwise.js';
import {
  blank,
  copyEntry,
  DOUBT,
  doubtOfDropped,
  OVER_NOTHING,
  roundingOf,
  scalar,
  sizeDoubt,
  ulp,
  type Value,
  widthOf,
} from './value.js';

/** What works along axes: choices, reductions, softmax, look-ups, copies. */

/** `if condition then x else y`: what is not taken leaves no trace. */
export function choose(condition: Value, x: Value, y: Value): Value {
  const axes = union(condition.axes, x.axes, y.axes);
  const isConstant = condition.isConstant && x.isConstant && y.isConstant;
  const result = blank(axes, widthOf([x, y]), isConstant);
  const [atC, atX, atY] = [condition, x, y].map((part) => places(part.axes, axes)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  for (let k = 0; k < result.data.length; k++) {
    const c = atC[k]!;
    result.doubt[k] = condition.doubt[c]!;
    const [i, j] = [atX[k]!, atY[k]!];
    const isFirst = condition.data[c] !== 0;
    if (isFirst) copyEntry(x, i, result, k);
    else copyEntry(y, j, result, k);
    result.doubt[k] = result.doubt[k]! | doubtOfDropped(isFirst ? y.doubt[j]! : x.doubt[i]!);
  }
  return result;
}

/** The entries that are reduced to one entry of the result, of value and condition together. */
interface Group {
  readonly entries: readonly number[];
  /** Doubts about which entries are kept. */
  readonly doubt: number;
}

/** Spreads a value along the axes of a condition, and tells which entries go where. */
function grouped(
  value: Value,
  over: readonly Axis[],
  where: Value | undefined,
): { spread: Value; rest: readonly Axis[]; groups: readonly Group[] } {
  const axes = union(value.axes, where?.axes ?? []);
  const rest = axes.filter((axis) => !over.includes(axis));
  const spread = blank(axes, widthOf([value]));
  const from = places(value.axes, axes);
  for (let k = 0; k < spread.data.length; k++) copyEntry(value, from[k]!, spread, k);
  const full = [...rest, ...over];
  const order = places(axes, full);
  const kept = where === undefined ? undefined : places(where.axes, full);
  const length = countOf(over);
  const groups = Array.from({ length: countOf(rest) }, (_, g): Group => {
    const entries: number[] = [];
    let doubt = 0;
    for (let k = g * length; k < (g + 1) * length; k++) {
      if (kept === undefined || where!.data[kept[k]!] !== 0) entries.push(order[k]!);
      else doubt |= doubtOfDropped(spread.doubt[order[k]!]!);
      if (kept !== undefined) doubt |= where!.doubt[kept[k]!]!;
    }
    return { entries, doubt };
  });
  return { spread, rest, groups };
}

type Reducer = (x: Value, entries: readonly number[], result: Value, g: number) => void;

const sum: Reducer = (x, entries, result, g) => {
  let [total, size, error] = [0, 0, 0];
  let isExact = true;
  for (const i of entries) {
    isExact &&= keepsDigits(total, x.data[i]!);
    total += x.data[i]!;
    size += Math.abs(x.data[i]!);
    error += x.error[i]!;
    addSlope(x, i, result, g, 1, 0);
  }
  result.data[g] = total;
  result.error[g] = error + (roundingOf(total, error === 0 && isExact) === 0 ? 0 : ulp() * size);
};

/** The first entry, times the second, times the third: the product rule needs no quotient. */
const prod: Reducer = (x, entries, result, g) => {
  const one = (i: number): Value => {
    const entry = blank([], widthOf([x]));
    copyEntry(x, i, entry, 0);
    return entry;
  };
  copyEntry(
    entries.map(one).reduce((a, b) => apply(RULES['*'], a, b), scalar(1)),
    0,
    result,
    g,
  );
};

/** Every entry that attains the extreme gets the whole slope. */
const extreme =
  (worst: number, pick: (a: number, b: number) => number): Reducer =>
  (x, entries, result, g) => {
    let best = worst;
    for (const i of entries) best = Number.isNaN(x.data[i]!) ? Number.NaN : pick(best, x.data[i]!);
    const error = Math.max(0, ...entries.map((i) => x.error[i]!));
    result.data[g] = best;
    result.error[g] = error;
    const near = entries.filter(
      (i) => Math.abs(x.data[i]! - best) <= error + x.error[i]! || x.data[i] === best,
    );
    for (const i of near) if (x.data[i] === best) addSlope(x, i, result, g, 1, 0);
    if (near.length > 1 && x.slope !== undefined) result.doubt[g] = result.doubt[g]! | DOUBT.slope;
  };

const logsumexp: Reducer = (x, entries, result, g) => {
  let top = Number.NEGATIVE_INFINITY;
  for (const i of entries) top = Number.isNaN(x.data[i]!) ? Number.NaN : Math.max(top, x.data[i]!);
  if (!Number.isFinite(top)) {
    result.data[g] = top;
    // How fast it grows is infinity over infinity.
    if (top === Number.POSITIVE_INFINITY) result.doubt[g] = result.doubt[g]! | DOUBT.slope;
    return;
  }
  let rest = 0;
  for (const i of entries) rest += Math.exp(x.data[i]! - top);
  const value = top + Math.log(rest);
  let error = ulp() * (Math.abs(top) + 1);
  for (const i of entries) if (x.error[i] !== 0) error += Math.exp(x.data[i]! - value) * x.error[i]!;
  result.data[g] = value;
  result.error[g] = error;
  for (const i of entries) {
    const share = Math.exp(x.data[i]! - value);
    addSlope(x, i, result, g, share, share * (x.error[i]! + error));
  }
};

const REDUCERS: { readonly [K in Exclude<ReductionName, 'mean'>]: Reducer } = {
  sum,
  prod,
  max: extreme(Number.NEGATIVE_INFINITY, Math.max),
  min: extreme(Number.POSITIVE_INFINITY, Math.min),
  logsumexp,
};

export function reduce(
  name: ReductionName,
  value: Value,
  over: readonly Axis[],
  where: Value | undefined,
): Value {
  const { spread, rest, groups } = grouped(value, over, where);
  const result = blank(rest, widthOf([value]));
  const reducer = REDUCERS[name === 'mean' ? 'sum' : name];
  for (const [g, { entries, doubt }] of groups.entries()) {
    for (const i of entries) result.doubt[g] = result.doubt[g]! | spread.doubt[i]!;
    result.doubt[g] = result.doubt[g]! | doubt | (entries.length === 0 ? OVER_NOTHING : 0);
    reducer(spread, entries, result, g);
    result.doubt[g] = result.doubt[g]! | sizeDoubt(result.data[g]!);
  }
  if (name !== 'mean') return result;
  const counts = blank(rest, undefined);
  // Over nothing the mean is 0.
  for (const [g, { entries }] of groups.entries()) counts.data[g] = Math.max(entries.length, 1);
  return apply(RULES['/'], result, counts);
}

export function logSoftmax(value: Value, axis: Axis): Value {
  return apply(RULES['-'], value, reduce('logsumexp', value, [axis], undefined));
}

export const softmax = (value: Value, axis: Axis): Value => apply(RULES.exp, logSoftmax(value, axis));

export function index(axis: Axis): Value {
  const result = blank([axis], undefined);
  for (let k = 0; k < axis.size; k++) result.data[k] = k;
  return result;
}

/** The same entries along another axis. */
export function rename(value: Value, from: Axis, to: Axis): Value {
  const axes = value.axes.map((axis) => (axis === from ? to : axis)).sort((a, b) => a.id - b.id);
  const result = blank(axes, widthOf([value]));
  const source = places(value.axes, axes, (axis) => (axis === from ? to : axis));
  for (let k = 0; k < result.data.length; k++) copyEntry(value, source[k]!, result, k);
  return result;
}

/** The entry at a position along an axis, 0 outside it. The position may run along the same axis. */
export function at(value: Value, axis: Axis, position: Value): Value {
  const others = value.axes.filter((other) => other !== axis);
  const axes = union(others, position.axes);
  const result = blank(axes, widthOf([value]));
  const where = places(position.axes, axes);
  const first = places(others, axes);
  // Where entry 0 along the axis lies, for each entry along the others.
  const starts = places(value.axes, [...others, axis]).filter((_, k) => k % axis.size === 0);
  // A factor that all entries share may be outside, where 0 times an infinity is no number.
  const infinite = value.data.some((x) => Math.abs(x) === Number.POSITIVE_INFINITY) ? DOUBT.extreme : 0;
  const step = value.axes.slice(value.axes.indexOf(axis) + 1).reduce((total, { size }) => total * size, 1);
  for (let k = 0; k < result.data.length; k++) {
    const p = where[k]!;
    const i = position.data[p]!;
    if (i >= 0 && i < axis.size) copyEntry(value, starts[first[k]!]! + i * step, result, k);
    result.doubt[k] = result.doubt[k]! | position.doubt[p]! | infinite;
  }
  return result;
}
