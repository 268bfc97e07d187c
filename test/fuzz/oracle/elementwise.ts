import type { ElementwiseName, OperatorName } from '../../../compiler/exact/arithmetic.js';
import { places, union } from '../../../compiler/exact/axes.js';
import {
  digamma,
  erf,
  erfc,
  erfcx,
  lgamma,
  logBessel,
  logErfc,
  scaledBessel,
  scaledGap,
  sigmoid,
  softplus,
  trigamma,
} from './special.js';
import { blank, DOUBT, isShort, roundingOf, sizeDoubt, tiny, ulp, type Value, widthOf } from './value.js';

/** A function of numbers: its value, its partial derivatives, and where neither is to be trusted. */
interface Rule {
  readonly value: (x: number, y: number) => number;
  readonly partials: (x: number, y: number, value: number) => readonly [number, number];
  /** Bits of `DOUBT` at a point; `ex` and `ey` are what the arguments may be off by. */
  readonly doubt?: (x: number, y: number, ex: number, ey: number) => number;
  /** Means the same of an infinity with guards and without: other functions are kept from it. */
  readonly takesInfinity?: boolean;
  /** Near its zeros it is a difference of numbers near 1. */
  readonly isDifference?: boolean;
  /** What a result may be off by at a point, beside what its arguments are: where a choice is near, say. */
  readonly offAt?: (x: number, y: number, ex: number, ey: number) => number;
  /** Where a short result of exact arguments is exact; everywhere, if not given. */
  readonly isExactAt?: (x: number, y: number) => boolean;
}

/** Nearer to a pole than this a guard may decide. */
const EDGE = 1e-30;
const domainIf = (outside: boolean): number => (outside ? DOUBT.domain : 0);
const jumpIf = (jumps: boolean): number => (jumps ? DOUBT.rounding : 0);
/** Halves to even. */
const nearest = (x: number): number => {
  const low = Math.floor(x);
  const rest = x - low;
  return rest === 0.5 ? low + (((low % 2) + 2) % 2) : rest < 0.5 ? low : low + 1;
};
/** The other argument may be the one: cos of a large number is anything. */
const nearTie = (x: number, y: number, ex: number, ey: number): number =>
  Math.abs(x - y) <= ex + ey ? Math.max(ex, ey) : 0;
/** Whether a sum of doubles is exact: 1 + 1e-30 is not, though 1 is short. */
export function keepsDigits(x: number, y: number): boolean {
  const sum = x + y;
  const [fromX, fromY] = [sum - y, sum - x];
  return fromX === x && fromY === y;
}
/** 4.62 * 10000 is short, and is not exact: 4.62 is no double. */
const areShort = (x: number, y: number): boolean => x === 0 || y === 0 || (isShort(x) && isShort(y));
const slopeIf = (kink: boolean): number => (kink ? DOUBT.slope : 0);

/** exp of minus infinity is 0, whatever the guards. */
const largeExponent = (x: number): number =>
  Math.abs(x) > 41 && x !== Number.NEGATIVE_INFINITY ? DOUBT.extreme : 0;

const unary = (
  value: (x: number) => number,
  derivative: (x: number, value: number) => number,
  extra: Pick<Rule, 'doubt' | 'isDifference' | 'takesInfinity' | 'isExactAt' | 'offAt'> = {},
): Rule => ({ value, partials: (x, _, v) => [derivative(x, v), 0], ...extra });

/** sigmoid(42) is less than 1 though float64 rounds it to 1: only at 0 is a short result of such a function exact. */
const flat = { isExactAt: (x: number) => x === 0 };
/** Where a function that is never 0 becomes it, for want of smaller numbers. */
const vanishing = (below: number) => ({
  ...flat,
  doubt: (x: number) => (x < below && Number.isFinite(x) ? DOUBT.extreme : 0),
});

const logarithm = (scale: number): Rule =>
  unary(
    (x) => Math.log(x) / scale,
    (x) => 1 / (x * scale),
    // The logarithm to base 2 of 1/2 is a quotient of logarithms, and may be off.
    {
      doubt: (x, _, ex) => domainIf(x - ex <= EDGE),
      isExactAt: (x) => x === 1,
      // A sum that is 1 may come from logarithms of its terms, and its own be the last bit of that.
      offAt: (x) => (x === 1 ? 4 * Number.EPSILON : 0),
    },
  );
/** Functions of a positive argument. */
const gammaLike = (value: (x: number) => number, derivative: (x: number) => number): Rule =>
  unary(value, derivative, {
    doubt: (x, _, ex) => domainIf(x - ex <= 1e-6),
    isDifference: true,
  });

/** exp(-|x|) * I1(x), and I0(x) or I1(x) itself. */
const scaledOdd = (x: number): number => Math.sign(x) * scaledBessel(1, Math.abs(x));
const besselOf =
  (n: 0 | 1) =>
  (x: number): number =>
    Math.exp(Math.abs(x)) * (n === 0 ? scaledBessel(0, Math.abs(x)) : scaledOdd(x));

/** One row per function and infix operator: `clip` is made of two, and a power needs more than its arguments. */
export const RULES: { readonly [K in Exclude<ElementwiseName | OperatorName, 'clip' | '^'>]: Rule } = {
  '+': { value: (x, y) => x + y, partials: () => [1, 1], isExactAt: keepsDigits },
  '-': { value: (x, y) => x - y, partials: () => [1, -1], isExactAt: (x, y) => keepsDigits(x, -y) },
  '*': { value: (x, y) => x * y, partials: (x, y) => [y, x], isExactAt: areShort },
  '/': {
    value: (x, y) => x / y,
    partials: (x, y) => [1 / y, -x / (y * y)],
    isExactAt: areShort,
    doubt: (_, y, __, ey) => domainIf(Math.abs(y) <= Math.max(ey, EDGE)),
  },
  negate: unary(
    (x) => -x,
    () => -1,
    { takesInfinity: true },
  ),
  abs: unary(Math.abs, Math.sign, { doubt: (x, _, ex) => slopeIf(Math.abs(x) <= ex) }),
  sign: unary(Math.sign, () => 0, {
    doubt: (x, _, ex) => (ex > 0 && Math.abs(x) <= ex ? DOUBT.rounding : slopeIf(x === 0)),
  }),
  floor: unary(Math.floor, () => 0, {
    doubt: (x, _, ex) => jumpIf(Math.floor(x - ex) !== Math.floor(x + ex)),
  }),
  round: unary(nearest, () => 0, { doubt: (x, _, ex) => jumpIf(nearest(x - ex) !== nearest(x + ex)) }),
  mod: {
    value: (x, y) => x - y * Math.floor(x / y),
    partials: (x, y) => [1, -Math.floor(x / y)],
    doubt: (x, y, ex, ey) => {
      const quotient = x / y;
      const off = (ex + Math.abs(quotient) * ey) / Math.abs(y) + 1e-12 * Math.abs(quotient) + 4 * ulp();
      const isBroken = Math.abs(y) <= Math.max(ey, EDGE);
      return domainIf(isBroken) | jumpIf(Math.floor(quotient - off) !== Math.floor(quotient + off));
    },
    // The product with the whole number is rounded, unless few digits make it exact.
    offAt: (x, y) => (areShort(y, Math.floor(x / y)) ? 0 : Math.abs(x) * ulp()),
    isDifference: true,
  },
  square: unary(
    (x) => x * x,
    (x) => 2 * x,
  ),
  sqrt: unary(Math.sqrt, (_, v) => 0.5 / v, {
    doubt: (x, _, ex) => domainIf(x - ex < 0) | slopeIf(x === 0),
  }),
  exp: unary(Math.exp, (_, v) => v, { doubt: largeExponent, ...flat }),
  log: logarithm(1),
  log1mexp: unary(
    (x) => (x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x))),
    (x) => -1 / Math.expm1(-x),
    { doubt: (x, _, ex) => domainIf(x + ex >= -EDGE) | largeExponent(x), ...flat },
  ),
  log2: logarithm(Math.LN2),
  log1p: unary(Math.log1p, (x) => 1 / (1 + x), { doubt: (x, _, ex) => domainIf(x - ex <= -1 + 1e-6) }),
  expm1: unary(Math.expm1, Math.exp, {
    doubt: largeExponent,
  }),
  sigmoid: unary(sigmoid, (x, v) => v * sigmoid(-x), vanishing(-700)),
  softplus: unary(softplus, sigmoid, vanishing(-700)),
  tanh: unary(Math.tanh, (x) => (1 / Math.cosh(x)) ** 2, flat),
  sin: unary(Math.sin, Math.cos),
  cos: unary(Math.cos, (x) => -Math.sin(x), flat),
  acos: unary(Math.acos, (x) => -1 / Math.sqrt((1 - x) * (1 + x)), {
    doubt: (x, _, ex) => domainIf(Math.abs(x) + ex > 1) | slopeIf(Math.abs(x) === 1),
  }),
  atan: unary(Math.atan, (x) => 1 / (1 + x * x)),
  erfc: unary(erfc, (x) => (-2 / Math.sqrt(Math.PI)) * Math.exp(-x * x), {
    ...flat,
    doubt: (x) => (x > 26 && Number.isFinite(x) ? DOUBT.extreme : 0),
  }),
  erfcx: unary(erfcx, (x, v) => 2 * x * v - 2 / Math.sqrt(Math.PI), {
    doubt: (x) => (Math.abs(x) > 6 ? DOUBT.extreme : 0),
    ...flat,
  }),
  log_erfc: unary(logErfc, (x) => -2 / Math.sqrt(Math.PI) / erfcx(x), flat),
  ndtr: unary(
    (x) => erfc(-x / Math.SQRT2) / 2,
    (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI),
    vanishing(-37),
  ),
  log_ndtr: unary(
    (x) => (x < 0 ? logErfc(-x / Math.SQRT2) - Math.LN2 : Math.log1p(-erfc(x / Math.SQRT2) / 2)),
    (x, v) => Math.exp((-x * x) / 2 - v) / Math.sqrt(2 * Math.PI),
    { ...flat, doubt: (x) => (x < -10 ? DOUBT.extreme : 0) },
  ),
  erf: unary(erf, (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x), flat),
  i0: unary(besselOf(0), besselOf(1), { doubt: largeExponent, ...flat }),
  i1: unary(besselOf(1), (x) => besselOf(0)(x) - (x === 0 ? 0.5 : besselOf(1)(x) / x), {
    doubt: largeExponent,
  }),
  i0e: unary(
    (x) => scaledBessel(0, Math.abs(x)),
    (x) => -Math.sign(x) * scaledGap(Math.abs(x)),
    {
      doubt: (x, _, ex) => slopeIf(Math.abs(x) <= ex),
      ...flat,
    },
  ),
  i1e: unary(scaledOdd, (x, v) => scaledGap(Math.abs(x)) - (x === 0 ? 0.5 : v / x)),
  log_i0: unary(logBessel, (x) => scaledOdd(x) / scaledBessel(0, Math.abs(x)), flat),
  log_i0e: unary(
    (x) => (Math.abs(x) < 1 ? logBessel(x) - Math.abs(x) : Math.log(scaledBessel(0, Math.abs(x)))),
    (x) => (-Math.sign(x) * scaledGap(Math.abs(x))) / scaledBessel(0, Math.abs(x)),
    { doubt: (x, _, ex) => slopeIf(Math.abs(x) <= ex), ...flat },
  ),
  lgamma: gammaLike(lgamma, digamma),
  digamma: gammaLike(digamma, trigamma),
  relu: unary(
    (x) => (x < 0 ? 0 : x),
    (x) => (x > 0 ? 1 : 0),
    { doubt: (x, _, ex) => slopeIf(Math.abs(x) <= ex) },
  ),
  xlogy: {
    value: (x, y) => (x === 0 ? 0 : x * Math.log(y)),
    partials: (x, y) => [Math.log(y), x === 0 ? 0 : x / y],
    doubt: (x, y, ex, ey) => {
      if (y - ey > EDGE) return 0;
      return x === 0 && ex === 0 ? DOUBT.slope : DOUBT.domain;
    },
  },
  // A tie gives the slope to the first argument.
  max: {
    value: (x, y) => (Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : Math.max(x, y)),
    partials: (x, y) => (x >= y ? [1, 0] : [0, 1]),
    offAt: nearTie,
    doubt: (x, y, ex, ey) => slopeIf(Math.abs(x - y) <= ex + ey || x === y),
    takesInfinity: true,
  },
  min: {
    value: (x, y) => (Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : Math.min(x, y)),
    partials: (x, y) => (x <= y ? [1, 0] : [0, 1]),
    offAt: nearTie,
    doubt: (x, y, ex, ey) => slopeIf(Math.abs(x - y) <= ex + ey || x === y),
    takesInfinity: true,
  },
};
/**
 * A whole exponent that is worked out from constants is repeated multiplication, defined for every base; any other power needs
 * a base that is not negative. 0^0 is 1.
 */
export const powerRule = (isConstant: boolean): Rule => ({
  value: (x, y) => x ** y,
  // A power near 1 is rounded to 1, as 2^1e-20 is; one whose exponent may vary comes from a logarithm.
  isExactAt: (x, y) => (isConstant && Number.isInteger(y)) || y === 0 || x === 0 || x === 1,
  partials: (x, y, v) => [
    y === 0 ? 0 : y * x ** (y - 1),
    // x^y * log(x), which is 0 where the power is.
    v === 0 ? 0 : v * Math.log(x),
  ],
  doubt: (x, y, ex, ey) => {
    const isWhole = isConstant && Number.isInteger(y);
    const outside = (!isWhole && x - ex < 0) || (y < 0 && Math.abs(x) <= Math.max(ex, EDGE));
    // 0^0 is 1, and 0 to any other power 0.
    const isJump = ey > 0 && Math.abs(x) <= ex && Math.abs(y) <= ey;
    // For want of smaller numbers: what float64 rounds to 0 is positive.
    const isVanished = x !== 0 && x ** y === 0;
    return (
      domainIf(outside) |
      slopeIf(x === 0 && !isWhole) |
      (isJump ? DOUBT.rounding : 0) |
      (isVanished ? DOUBT.extreme : 0)
    );
  },
});

/** The entries of a function of one or two values, along the axes of both. */
export function apply(rule: Rule, x: Value, y?: Value): Value {
  const axes = y === undefined ? x.axes : union(x.axes, y.axes);
  const args = y === undefined ? [x] : [x, y];
  const result = blank(axes, widthOf(args), x.isConstant && (y?.isConstant ?? true));
  const at = args.map((arg) => places(arg.axes, axes));
  for (let k = 0; k < result.data.length; k++) {
    const i = at[0]![k]!;
    const j = y === undefined ? 0 : at[1]![k]!;
    const [vx, ex] = [x.data[i]!, x.error[i]!];
    const [vy, ey] = y === undefined ? [0, 0] : [y.data[j]!, y.error[j]!];
    const value = rule.value(vx, vy);
    const partials = rule.partials(vx, vy, value);
    // How far the partial derivatives may be off because the arguments are.
    const near = (a: number, b: number) => rule.partials(a, b, rule.value(a, b));
    const offX = ex === 0 ? partials : near(vx + ex, vy);
    const offY = ey === 0 ? partials : near(vx, vy + ey);
    const off = (n: 0 | 1): number => Math.abs(offX[n] - partials[n]) + Math.abs(offY[n] - partials[n]);
    result.data[k] = value;
    result.error[k] =
      times(Math.abs(partials[0]) + off(0), ex) +
      times(Math.abs(partials[1]) + off(1), ey) +
      roundingOf(value, ex === 0 && ey === 0 && (rule.isExactAt?.(vx, vy) ?? true)) +
      (rule.offAt?.(vx, vy, ex, ey) ?? 0) +
      (rule.isDifference ? ulp() : 0);
    let doubt = x.doubt[i]! | (y?.doubt[j] ?? 0) | (rule.doubt?.(vx, vy, ex, ey) ?? 0);
    if (Number.isFinite(vx) && Number.isFinite(vy)) doubt |= Number.isFinite(value) ? 0 : DOUBT.domain;
    else if (!rule.takesInfinity) doubt |= DOUBT.extreme;
    result.doubt[k] = doubt | sizeDoubt(value);
    if (result.slope === undefined) continue;
    addSlope(x, i, result, k, partials[0], off(0));
    if (y !== undefined) addSlope(y, j, result, k, partials[1], off(1));
  }
  return result;
}

/** 0 times anything is 0: an exact argument adds no error, an entry that does not depend on an input no slope. */
const times = (partial: number, error: number): number => (error === 0 ? 0 : partial * error);

/** Adds what an argument's entry contributes to the derivatives of a result's. */
export function addSlope(
  arg: Value,
  i: number,
  result: Value,
  k: number,
  partial: number,
  off: number,
): void {
  if (arg.slope === undefined || result.slope === undefined) return;
  const width = arg.slope.length / arg.data.length;
  const isBroken = !(Math.abs(partial) <= 1e18 && off < Number.POSITIVE_INFINITY);
  for (let j = 0; j < width; j++) {
    const slope = arg.slope[i * width + j]!;
    const error = arg.slopeError![i * width + j]!;
    if (slope === 0 && error === 0) continue;
    if (isBroken) {
      result.doubt[k] = result.doubt[k]! | DOUBT.slope;
      continue;
    }
    const at = k * width + j;
    result.slope[at] = result.slope[at]! + partial * slope;
    result.slopeError![at] =
      result.slopeError![at]! +
      Math.abs(partial) * error +
      (off + ulp() * Math.abs(partial)) * Math.abs(slope) +
      (partial === 0 && off === 0 ? 0 : tiny());
  }
}

const COMPARISONS: Readonly<Record<string, (x: number, y: number) => boolean>> = {
  '<': (x, y) => x < y,
  '<=': (x, y) => x <= y,
  '>': (x, y) => x > y,
  '>=': (x, y) => x >= y,
  '==': (x, y) => x === y,
  '!=': (x, y) => x !== y,
};

export function compare(op: string, x: Value, y: Value): Value {
  const axes = union(x.axes, y.axes);
  const result: Value = { ...blank(axes, undefined, x.isConstant && y.isConstant), isCondition: true };
  const [atX, atY] = [places(x.axes, axes), places(y.axes, axes)];
  const isMoving = x.slope !== undefined || y.slope !== undefined;
  for (let k = 0; k < result.data.length; k++) {
    const [i, j] = [atX[k]!, atY[k]!];
    const [vx, vy] = [x.data[i]!, y.data[j]!];
    const room = x.error[i]! + y.error[j]!;
    result.data[k] = COMPARISONS[op]!(vx, vy) ? 1 : 0;
    const near = room > 0 && Math.abs(vx - vy) <= room ? DOUBT.rounding : slopeIf(isMoving && vx === vy);
    const broken = Number.isNaN(vx) || Number.isNaN(vy) ? DOUBT.domain : 0;
    result.doubt[k] = x.doubt[i]! | y.doubt[j]! | near | broken;
  }
  return result;
}

/** `and`, `or`; `not` is `logic` of one condition. */
export function logic(decide: (x: boolean, y: boolean) => boolean, x: Value, y: Value = x): Value {
  const axes = union(x.axes, y.axes);
  const result: Value = { ...blank(axes, undefined, x.isConstant && y.isConstant), isCondition: true };
  const [atX, atY] = [places(x.axes, axes), places(y.axes, axes)];
  for (let k = 0; k < result.data.length; k++) {
    const [i, j] = [atX[k]!, atY[k]!];
    result.data[k] = decide(x.data[i] !== 0, y.data[j] !== 0) ? 1 : 0;
    result.doubt[k] = x.doubt[i]! | y.doubt[j]!;
  }
  return result;
}
