import { exp } from '../elementary/exponential.js';
import { log1p } from '../elementary/logarithm.js';
import { ANY, type Range, range } from './range.js';
import { LOWEST_LOG_PROBABILITY } from './special.js';

/**
 * The operators that work along axes: one row each, and every table keyed by `AxisOp`, or by those of a kind, stops compiling
 * until a new operator is added to it.
 */
interface Common {
  /** Place in the canonical order of terms and factors, which no other operator has (`order.ts`). */
  readonly rank: number;
  /**
   * Bounds of the result from bounds of the entries. `count` is how many there are, where that is known. Of a sum the entries of a
   * simplex are seen elsewhere (`graph/node-range.ts`).
   */
  readonly range: (x: Range, count: number | undefined) => Range;
  /** Rough price of one entry in units of an addition. */
  readonly cost: number;
  /** The order of the entries does not matter. */
  readonly symmetric: boolean;
}

/** Takes axes away: all entries along them become one number. */
interface Reduction extends Common {
  readonly kind: 'reduce';
  /** What it gives over nothing, and what an entry counts as that a condition leaves out. */
  readonly neutral: number;
  /** A reduction of the same reduction is one over both axes. */
  readonly nests: boolean;
  /** Float64 value, the meaning of the operator. There may be no entries. */
  readonly evaluate: (entries: Float64Array) => number;
}

/** Keeps its one axis: all entries along it become as many. */
interface Along extends Common {
  readonly kind: 'along';
  /** What is added to all entries changes nothing. */
  readonly ignoresShift: boolean;
  /** Float64 values, the meaning of the operator. There may be no entries. */
  readonly evaluate: (entries: Float64Array) => Float64Array;
}

/** The entry at a position, given by a second argument: 0 outside the axis. */
interface LookUp extends Common {
  readonly kind: 'look up';
}

/** The same entries along another axis. */
interface Renaming extends Common {
  readonly kind: 'rename';
}

type Row = Reduction | Along | LookUp | Renaming;

/** Where one of the numbers is none, so is what is picked. */
function picked(entries: Float64Array, start: number, pick: (a: number, b: number) => number): number {
  let best = start;
  for (const x of entries) best = pick(best, x);
  return best;
}

/** The largest entry, how often it is there, and the sum of exp(x - largest) of the others, which is small where one entry leads. */
function exponentials(entries: Float64Array): { top: number; maxima: number; rest: number } {
  const top = picked(entries, -Infinity, Math.max);
  let [maxima, rest] = [0, 0];
  for (const x of entries) {
    if (x === top) maxima++;
    else rest += exp(x - top);
  }
  return { top, maxima, rest };
}

function logSumExp(entries: Float64Array): number {
  const { top, maxima, rest } = exponentials(entries);
  return Number.isFinite(top) ? top + log1p(maxima - 1 + rest) : top;
}

function logSoftmax(entries: Float64Array): Float64Array {
  const { top, maxima, rest } = exponentials(entries);
  const total = log1p(maxima - 1 + rest);
  return entries.map((x) => x - top - total);
}

/** An axis has at least one entry, as far as bounds are concerned. */
function sumRange(x: Range, count: number | undefined): Range {
  const same = (bound: number): number => (bound === 0 ? 0 : bound * (count ?? Infinity));
  const lo = x.lo >= 0 ? x.lo * (count ?? 1) : same(x.lo);
  const hi = x.hi <= 0 ? x.hi * (count ?? 1) : same(x.hi);
  const strict = x.nonzero && (x.lo >= 0 || x.hi <= 0);
  return { lo, hi, integer: x.integer, nonzero: lo > 0 || hi < 0 || strict, total: x.total };
}

function productRange({ lo, hi, integer, nonzero, total }: Range): Range {
  if (lo < 0) return { ...ANY, nonzero, integer, total };
  return range(lo >= 1 ? lo : 0, hi <= 1 ? hi : Infinity, { nonzero, total });
}

const unchanged = (x: Range): Range => x;

export const AXIS = {
  sum: {
    kind: 'reduce',
    rank: 38,
    neutral: 0,
    nests: true,
    symmetric: true,
    range: sumRange,
    cost: 1,
    evaluate: (entries) => picked(entries, 0, (a, b) => a + b),
  },
  prod: {
    kind: 'reduce',
    rank: 39,
    neutral: 1,
    nests: true,
    symmetric: true,
    range: productRange,
    cost: 1,
    evaluate: (entries) => picked(entries, 1, (a, b) => a * b),
  },
  reduceMax: {
    kind: 'reduce',
    rank: 40,
    neutral: -Infinity,
    nests: true,
    symmetric: true,
    range: unchanged,
    cost: 1,
    evaluate: (entries) => picked(entries, -Infinity, Math.max),
  },
  reduceMin: {
    kind: 'reduce',
    rank: 41,
    neutral: Infinity,
    nests: true,
    symmetric: true,
    range: unchanged,
    cost: 1,
    evaluate: (entries) => picked(entries, Infinity, Math.min),
  },
  logsumexp: {
    kind: 'reduce',
    rank: 42,
    neutral: -Infinity,
    // It does nest, but reads as two.
    nests: false,
    symmetric: true,
    range: ({ lo, total }) => range(lo, Infinity, { nonzero: lo > 0, total }),
    cost: 20,
    evaluate: logSumExp,
  },
  softmax: {
    kind: 'along',
    rank: 43,
    ignoresShift: true,
    symmetric: true,
    range: ({ total }) => range(0, 1, { nonzero: true, total }),
    cost: 20.5,
    evaluate: (entries) => logSoftmax(entries).map(exp),
  },
  /** That of a masked entry, -Infinity, stays finite: times the 0 of a target it is 0. */
  logSoftmax: {
    kind: 'along',
    rank: 44,
    ignoresShift: true,
    symmetric: true,
    range: ({ total }) => range(-Infinity, 0, { total }),
    cost: 20.5,
    evaluate: (entries) => logSoftmax(entries).map((log) => Math.max(log, LOWEST_LOG_PROBABILITY)),
  },
  at: {
    kind: 'look up',
    rank: 45,
    symmetric: false,
    range: ({ lo, hi, integer, total }) => range(Math.min(0, lo), Math.max(0, hi), { integer, total }),
    cost: 1,
  },
  rename: { kind: 'rename', rank: 46, symmetric: false, range: unchanged, cost: 0.5 },
} as const satisfies Record<string, Row>;

export type AxisOp = keyof typeof AXIS;
type OfKind<Kind extends Row['kind']> = {
  [K in AxisOp]: (typeof AXIS)[K]['kind'] extends Kind ? K : never;
}[AxisOp];
/** The operators that take axes away. */
export type ReduceOp = OfKind<'reduce'>;
/** The operators that keep their axis. */
export type AlongOp = OfKind<'along'>;

export const isAxisOp = (op: string): op is AxisOp => Object.hasOwn(AXIS, op);
export const isReduction = (op: string): op is ReduceOp => isAxisOp(op) && AXIS[op].kind === 'reduce';
export const isAlong = (op: string): op is AlongOp => isAxisOp(op) && AXIS[op].kind === 'along';

export const reduction = (op: ReduceOp): Reduction => AXIS[op];
export const along = (op: AlongOp): Along => AXIS[op];
