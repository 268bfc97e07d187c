import { log, log1p } from '../elementary/logarithm.js';
import { pow } from '../elementary/power.js';

/**
 * What is known of a node's value on legal inputs, over the reals: bounds, and three yes-or-unknown flags.
 * Unknown means no: a rule or a guard may rely on `true` only.
 */
export interface Range {
  readonly lo: number;
  readonly hi: number;
  /** Every value is a whole number. */
  readonly integer: boolean;
  /** No value is 0. A strict bound that `lo = 0` cannot say. */
  readonly nonzero: boolean;
  /** Defined for every legal input: never the log of a negative number, never a division by zero. */
  readonly total: boolean;
}

const NOTHING: Partial<Omit<Range, 'lo' | 'hi'>> = {};

/** Objects of one shape: ranges are made for every node of every graph. */
export const range = (lo: number, hi: number, extra: Partial<Omit<Range, 'lo' | 'hi'>> = NOTHING): Range => ({
  lo,
  hi,
  integer: extra.integer ?? false,
  nonzero: extra.nonzero ?? (lo > 0 || hi < 0),
  total: extra.total ?? true,
});

export const ANY: Range = range(-Infinity, Infinity);
export const CONDITION: Range = range(0, 1, { integer: true });

export const isPositive = (r: Range): boolean => r.lo >= 0 && r.nonzero;
export const isNonnegative = (r: Range): boolean => r.lo >= 0;
export const isBinary = (r: Range): boolean => r.integer && r.lo >= 0 && r.hi <= 1;

/** 0 * infinity is 0 here: a bound is approached, never attained. */
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b);

// Bounds of results. Whether a result is defined everywhere is a matter of the operator's domain, so here all are.

export function addRanges(all: readonly Range[]): Range {
  let [lo, hi, integer, strict] = [0, 0, true, false];
  let [nonnegative, nonpositive] = [true, true];
  for (const r of all) {
    lo += r.lo;
    hi += r.hi;
    integer &&= r.integer;
    strict ||= r.nonzero;
    nonnegative &&= r.lo >= 0;
    nonpositive &&= r.hi <= 0;
  }
  if (Number.isNaN(lo)) lo = -Infinity;
  if (Number.isNaN(hi)) hi = Infinity;
  const nonzero = lo > 0 || hi < 0 || (strict && (nonnegative || nonpositive));
  return { lo, hi, integer, nonzero, total: true };
}

export function multiplyRanges(all: readonly Range[]): Range {
  const first = all[0]!;
  let { lo, hi, integer, nonzero } = first;
  for (let i = 1; i < all.length; i++) {
    const r = all[i]!;
    const p = times(lo, r.lo);
    const q = times(lo, r.hi);
    const s = times(hi, r.lo);
    const t = times(hi, r.hi);
    lo = Math.min(p, q, s, t);
    hi = Math.max(p, q, s, t);
    integer &&= r.integer;
    nonzero &&= r.nonzero;
  }
  return { lo, hi, integer, nonzero, total: true };
}

/** base ^ exponent for a constant exponent. */
export function powerRange(base: Range, exponent: number): Range {
  const whole = Number.isInteger(exponent);
  const shape = {
    integer: base.integer && whole && exponent >= 0,
    // A base that is never positive has no such power at all, so nothing is known of it.
    nonzero: base.nonzero && (whole || base.hi > 0),
  };
  const at = (x: number): number => (x === 0 && exponent < 0 ? Infinity : pow(x, exponent));
  if (whole && exponent % 2 === 0) {
    const small = base.lo > 0 ? base.lo : base.hi < 0 ? -base.hi : 0;
    const large = Math.max(Math.abs(base.lo), Math.abs(base.hi));
    return { ...range(Math.min(at(small), at(large)), Math.max(at(small), at(large))), ...shape };
  }
  const lo = whole ? base.lo : Math.max(base.lo, 0);
  const hi = whole ? base.hi : Math.max(base.hi, 0);
  if (exponent > 0) return { ...range(at(lo), at(hi)), ...shape };
  if (lo >= 0 || hi <= 0) {
    const ends = hi <= 0 && hi === 0 ? [at(lo), -Infinity] : [at(lo), at(hi)];
    return { ...range(Math.min(...ends), Math.max(...ends)), ...shape };
  }
  return { ...ANY, ...shape };
}

/** base ^ exponent where the exponent is not a constant. */
export function generalPowerRange(base: Range, exponent: Range): Range {
  if (base.lo >= 0 && base.hi <= 1 && exponent.lo >= 0) return range(0, 1, { nonzero: base.nonzero });
  // A negative base has a power where the exponent happens to be whole.
  return range(base.lo < 0 ? -Infinity : 0, Infinity, { nonzero: base.nonzero });
}

/** The image of an increasing function that is defined on all of the range. */
export function increasing(f: (x: number) => number, x: Range): Range {
  return range(f(x.lo), f(x.hi));
}

/** The image of a decreasing function that is defined on all of the range. */
export function decreasing(f: (x: number) => number, x: Range): Range {
  return range(f(x.hi), f(x.lo));
}

/** The image of a decreasing function that is never 0, though it rounds to 0 far out. */
export function decreasingPositive(f: (x: number) => number, x: Range): Range {
  return range(f(x.hi), Math.max(f(x.lo), Number.MIN_VALUE), { nonzero: true });
}

/** The image of the order-th derivative of a function that is positive, falls, bends up, and so on: completely monotone. */
export function alternating(f: (x: number) => number, x: Range, order: number): Range {
  if (order % 2 === 0) return decreasingPositive(f, x);
  return range(f(x.lo), Math.min(f(x.hi), -Number.MIN_VALUE), { nonzero: true });
}

/** The image of an increasing function that is never 0, though it rounds to 0 far out. */
export function increasingPositive(f: (x: number) => number, x: Range): Range {
  return range(f(x.lo), Math.max(f(x.hi), Number.MIN_VALUE), { nonzero: true });
}

export function unite(a: Range, b: Range): Range {
  return {
    lo: Math.min(a.lo, b.lo),
    hi: Math.max(a.hi, b.hi),
    integer: a.integer && b.integer,
    nonzero: a.nonzero && b.nonzero,
    total: true,
  };
}

/** The image of log(x + shift) for a shift of 0 or 1. What is left of a bound counts as the bound. */
export function logRange(x: Range, shift: number): Range {
  const f = (v: number): number => (v + shift <= 0 ? -Infinity : shift === 0 ? log(v) : log1p(v));
  return range(f(x.lo), f(x.hi));
}

export function absRange(x: Range): Range {
  const lo = x.lo >= 0 ? x.lo : x.hi <= 0 ? -x.hi : 0;
  return range(lo, Math.max(Math.abs(x.lo), Math.abs(x.hi)), {
    integer: x.integer,
    nonzero: x.nonzero,
  });
}
