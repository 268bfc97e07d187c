import { besselBend, besselGap, scaledFar } from '../../operators/bessel.js';
import type { Scope, Value } from './scope.js';

/** A function of tensors, made of ONNX's operators; `order` is that of the derivative which some of them are. */
interface Row {
  readonly doc: string;
  readonly inputs: 1 | 2;
  readonly body: (s: Scope<FunctionName>, args: readonly Value[], order: number) => Value;
}

export type FunctionName =
  | 'log1p'
  | 'expm1'
  | 'log1mexp'
  | 'sigmoid'
  | 'softplus'
  | 'tanh'
  | 'sign'
  | 'xlogy'
  | 'power'
  | 'exp_of_square'
  | 'exp_of_minus_square'
  | 'erf_near_0'
  | 'erfc'
  | 'erfcx'
  | 'log_erfc'
  | 'bessel_0_near'
  | 'bessel_1_near'
  | 'i0'
  | 'i0e'
  | 'ratio_gap'
  | 'log_i0'
  | 'log_i0e'
  | 'lgamma'
  | 'polygamma';

const unary = (doc: string, body: (s: Scope<FunctionName>, x: Value, order: number) => Value): Row => ({
  doc,
  inputs: 1,
  body: (s, [x], order) => body(s, x!, order),
});
const binary = (doc: string, body: (s: Scope<FunctionName>, x: Value, y: Value) => Value): Row => ({
  doc,
  inputs: 2,
  body: (s, [x, y]) => body(s, x!, y!),
});

/** -1 below 0, else 1. */
const sideOf = (s: Scope<FunctionName>, x: Value): Value => s.where(s.less(x, 0), -1, 1);

/** exp(sign * x^2) for x >= 0, with what the square loses to rounding put back: the leading digits of x have an exact square. */
function expOfSquare(s: Scope<FunctionName>, x: Value, sign: 1 | -1): Value {
  const near = s.min(x, 16);
  const head = s.div(s.op('Floor', [s.mul(near, 8)]), 8);
  const rest = s.mul(s.sub(near, head), s.add(near, head));
  const exp = (y: Value): Value => s.op('Exp', [sign < 0 ? s.op('Neg', [y]) : y]);
  return s.mul(exp(s.mul(head, head)), exp(rest));
}

/** erfcx and its slope over powers of 1 + 2 * x: the Chebyshev series of `operators/error-function.ts`, cut off where float32 ends. */
const SCALED = [
  1.25300806, -0.135621069, -0.0475621569, 0.129644114, -0.119275275, 0.0683165678, -0.0237635764,
  0.00249911687, 0.00187507912, -0.000726453679, -9.25451669e-5, 7.73102422e-5,
];
const SCALED_SLOPE = [
  2.66424072, -0.205470468, -0.693606727, 0.866272727, -0.471957236, 0.0192999639, 0.169049269, -0.125601762,
  0.0312465598, 0.0100701663, -0.00721125328, -0.00038103833, 0.000807430898,
];

/** 1 / (2 * n + 1) over n!, with signs: the Taylor series of erf(x) / (2 / sqrt(pi) * x) in x^2. */
const ERF_SERIES = [1, -1 / 3, 1 / 10, -1 / 42, 1 / 216, -1 / 1320, 1 / 9360, -1 / 75600];
/** That of expm1(x) / x. */
const EXPM1_SERIES = [1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320];
const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

/** Taylor series of lgamma around 2, from the second term on (Abramowitz and Stegun 6.1.33). */
const LGAMMA_SERIES = [
  0.422784335, 0.322467033, -0.0673523011, 0.0205808084, -0.00738555103, 0.00289051033, -0.00119275391,
  0.000509669525, -0.000223154758, 9.94575128e-5, -4.49262367e-5, 2.05072128e-5, -9.43948828e-6,
];
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30];

/** x to a whole power n >= 1 by repeated multiplication. */
function wholePower(s: Scope<FunctionName>, x: Value, n: number): Value {
  if (n === 1) return x;
  const half = wholePower(s, x, Math.floor(n / 2));
  const square = s.mul(half, half);
  return n % 2 === 0 ? square : s.mul(square, x);
}

/** The terms of I0's or I1's power series for x up to 5, by Horner's rule in x^2 / 4 (Abramowitz and Stegun 9.6.10). */
function besselNear(s: Scope<FunctionName>, x: Value, order: 0 | 1): Value {
  const half = s.mul(s.min(x, 5), 0.5);
  const quarter = s.mul(half, half);
  let sum = s.number(1);
  for (let k = 13; k >= 1; k--) {
    if (order === 0 && k === 1) continue;
    sum = s.add(s.mul(s.mul(quarter, 1 / (k * (k + order))), sum), 1);
  }
  return order === 0 ? s.mul(quarter, sum) : sum;
}

function logI0(s: Scope<FunctionName>, x: Value, order: number): Value {
  const a = s.op('Abs', [x]);
  const isNear = s.less(a, 5);
  const [near, far] = [s.min(a, 5), s.max(a, 5)];
  const zeroth = s.call('bessel_0_near', [a]);
  if (order === 0) {
    const beyond = s.add(a, s.op('Log', [s.call('i0e', [s.min(far, 3e38)])]));
    return s.where(isNear, s.call('log1p', [zeroth]), beyond);
  }
  const side = s.call('sign', [x]);
  if (order === 1) {
    const inner = s.div(s.mul(s.mul(near, 0.5), s.call('bessel_1_near', [a])), s.add(zeroth, 1));
    return s.mul(side, s.where(isNear, inner, s.sub(1, s.call('ratio_gap', [far]))));
  }
  const inner = s.chebyshev(besselBend(order, false), s.sub(s.mul(near, 0.4), 1));
  let beyond = s.chebyshev(besselBend(order, true), s.sub(s.div(10, far), 1));
  for (let n = 0; n < order; n++) beyond = s.div(beyond, far);
  const bend = s.where(isNear, inner, beyond);
  return order % 2 === 0 ? bend : s.mul(side, bend);
}

/**
 * log(gamma(x)) for x > 0. Below 8 from that of a number within 1/2 of 2, by its Taylor series there, and the factors between, above
 * by Stirling's series (Abramowitz and Stegun 6.1.41).
 */
function lgamma(s: Scope<FunctionName>, x: Value): Value {
  const near = s.min(x, 8);
  const whole = s.op('Floor', [s.add(near, 0.5)]);
  const rest = s.sub(near, whole);
  const series = s.polynomial(LGAMMA_SERIES, rest);
  const isBelow = (bound: number): Value => s.less(whole, bound);
  let factors = s.number(1);
  for (let i = 2; i < 8; i++) factors = s.mul(s.where(isBelow(i + 1), 1, s.add(rest, i)), factors);
  // gamma(x + 2) is x * (x + 1) * gamma(x).
  const below = s.where(isBelow(1), s.mul(near, s.add(near, 1)), near);
  const isLow = isBelow(2);
  const log = s.op('Log', [s.where(isLow, below, factors)]);
  const inner = s.add(s.mul(rest, series), s.where(isLow, s.op('Neg', [log]), log));
  const far = s.max(x, 8);
  const r = s.div(1, far);
  const tail = s.mul(r, s.polynomial([1 / 12, -1 / 360, 1 / 1260], s.mul(r, r)));
  const stirling = s.add(
    s.sub(s.mul(s.sub(far, 0.5), s.op('Log', [far])), far),
    s.add(tail, 0.9189385332046727),
  );
  return s.where(s.less(x, 8), inner, stirling);
}

/** The order-th derivative of digamma for x > 0: shifted up by ten, then the asymptotic series (Abramowitz and Stegun 6.3.18, 6.4.11). */
function polygamma(s: Scope<FunctionName>, x: Value, order: number): Value {
  const sign = order % 2 === 0 ? -1 : 1;
  let factorial = 1;
  for (let i = 2; i <= order; i++) factorial *= i;
  let shifted = s.div(sign * factorial, wholePower(s, x, order + 1));
  for (let i = 1; i < 10; i++)
    shifted = s.add(shifted, s.div(sign * factorial, wholePower(s, s.add(x, i), order + 1)));
  const y = s.add(x, 10);
  const lead =
    order === 0 ? s.op('Neg', [s.op('Log', [y])]) : s.div(factorial / order, wholePower(s, y, order));
  let series = s.add(lead, s.div(factorial / 2, wholePower(s, y, order + 1)));
  for (const [i, coefficient] of BERNOULLI.entries()) {
    let ratio = 1;
    for (let j = 2 * i + 3; j <= order + 2 * i + 1; j++) ratio *= j;
    const scale = order === 0 ? 1 / (2 * i + 2) : ratio;
    series = s.add(series, s.div(coefficient * scale, wholePower(s, y, order + 2 * i + 2)));
  }
  return s.add(s.mul(series, sign), shifted);
}

function erfcx(s: Scope<FunctionName>, x: Value, order: number): Value {
  const a = s.op('Abs', [x]);
  const t = s.sub(s.mul(s.div(s.min(a, 3e38), s.add(a, 3)), 2), 1);
  const near = s.add(s.mul(a, 2), 1);
  const isBelow = s.less(x, 0);
  const growth = s.mul(s.call('exp_of_square', [s.max(s.op('Neg', [x]), 0)]), 2);
  const far = s.div(s.polynomial(SCALED, t), near);
  let value = s.where(isBelow, s.sub(growth, far), far);
  if (order === 0) return value;
  const fall = s.op('Neg', [s.div(s.div(s.polynomial(SCALED_SLOPE, t), near), near)]);
  let slope = s.where(isBelow, s.add(fall, s.mul(s.mul(x, 2), growth)), fall);
  const double = s.mul(s.min(s.max(x, -1e30), 1e30), 2);
  for (let n = 2; n <= order; n++)
    [value, slope] = [slope, s.add(s.mul(double, slope), s.mul(value, 2 * (n - 1)))];
  return slope;
}

/**
 * What ONNX has no operator for, or none that keeps float32's digits, as functions that a model carries along: those of the TensorFlow.js
 * target (`emit/library/`) in ONNX's operators.
 */
export const FUNCTIONS: { readonly [K in FunctionName]: Row } = {
  log1p: unary('log(1 + x), with what 1 + x loses to rounding put back.', (s, x) => {
    const sum = s.add(x, 1);
    const kept = s.sub(sum, 1);
    const log = s.op('Log', [sum]);
    // Nothing is lost at -1 and infinity, where the correction is not a number.
    return s.where(s.op('Equal', [kept, x]), log, s.add(log, s.div(s.sub(x, kept), sum)));
  }),
  expm1: unary('exp(x) - 1, by its Taylor series within 1/2 of 0.', (s, x) => {
    const near = s.max(s.min(x, 0.5), -0.5);
    const isNear = s.op('LessOrEqual', [s.op('Abs', [x]), s.number(0.5)]);
    return s.where(isNear, s.mul(near, s.polynomial(EXPM1_SERIES, near)), s.sub(s.op('Exp', [x]), 1));
  }),
  log1mexp: unary(
    'log(1 - exp(x)) for x <= 0: by expm1 near 0, by log1p further away (Maechler 2012).',
    (s, x) => {
      const near = s.op('Log', [s.op('Neg', [s.call('expm1', [x])])]);
      const far = s.call('log1p', [s.op('Neg', [s.op('Exp', [x])])]);
      return s.where(s.less(x, -Math.LN2), far, near);
    },
  ),
  sigmoid: unary('1 / (1 + exp(-x)), with all digits where that is nearly 0.', (s, x) => {
    const small = s.op('Exp', [s.op('Neg', [s.op('Abs', [x])])]);
    return s.div(s.where(s.less(x, 0), small, 1), s.add(small, 1));
  }),
  softplus: unary('log(1 + exp(x)), with all digits at both ends.', (s, x) => {
    const small = s.op('Exp', [s.op('Neg', [s.op('Abs', [x])])]);
    return s.add(s.max(x, 0), s.call('log1p', [small]));
  }),
  tanh: unary('The hyperbolic tangent, by expm1.', (s, x) => {
    const shrunk = s.call('expm1', [s.mul(s.op('Abs', [x]), -2)]);
    return s.mul(sideOf(s, x), s.op('Neg', [s.div(shrunk, s.add(shrunk, 2))]));
  }),
  sign: unary('-1, 0 or 1, and NaN of NaN.', (s, x) => s.where(s.op('IsNaN', [x]), x, s.op('Sign', [x]))),
  xlogy: binary('x * log(y), and 0 where x is 0.', (s, x, y) =>
    s.where(s.op('Equal', [x, s.number(0)]), 0, s.mul(x, s.op('Log', [y]))),
  ),
  power: binary('x to the power of y, and NaN where y is: by IEEE 754 1 to any power is 1.', (s, x, y) =>
    s.where(s.op('IsNaN', [y]), y, s.op('Pow', [x, y])),
  ),
  exp_of_square: unary('exp(x^2) for x >= 0.', (s, x) => expOfSquare(s, x, 1)),
  exp_of_minus_square: unary('exp(-x^2) for x >= 0.', (s, x) => expOfSquare(s, x, -1)),
  erf_near_0: unary('The error function between -0.5 and 0.5, by its Taylor series.', (s, x) => {
    const near = s.max(s.min(x, 0.5), -0.5);
    return s.mul(s.mul(near, s.polynomial(ERF_SERIES, s.mul(near, near))), TWO_OVER_ROOT_PI);
  }),
  erfc: unary('1 - erf(x), with all digits where that is nearly 0.', (s, x) => {
    const side = sideOf(s, x);
    const a = s.op('Abs', [x]);
    const tail = s.mul(s.call('exp_of_minus_square', [a]), s.call('erfcx', [a]));
    const far = s.add(s.sub(1, side), s.mul(side, tail));
    return s.where(s.less(a, 0.5), s.sub(1, s.call('erf_near_0', [x])), far);
  }),
  erfcx: unary('A derivative of exp(x^2) * erfc(x), or that itself.', erfcx),
  log_erfc: unary(
    'log(erfc(x)), with all digits where that is nearly 0, and where erfc(x) is none.',
    (s, x) => {
      const a = s.op('Abs', [x]);
      const scaled = s.call('erfcx', [a]);
      const above = s.sub(s.op('Log', [scaled]), s.mul(x, x));
      const below = s.op('Log', [s.sub(2, s.mul(s.call('exp_of_minus_square', [a]), scaled))]);
      const near = s.call('log1p', [s.op('Neg', [s.call('erf_near_0', [x])])]);
      return s.where(s.less(a, 0.5), near, s.where(s.less(x, 0), below, above));
    },
  ),
  bessel_0_near: unary('I0(x) - 1 for x up to 5.', (s, x) => besselNear(s, x, 0)),
  bessel_1_near: unary('I1(x) / (x / 2) for x up to 5.', (s, x) => besselNear(s, x, 1)),
  i0: unary('I0(x), in steps that do not overflow before it does.', (s, x) => {
    const a = s.op('Abs', [x]);
    // At infinity the one factor is infinite and the other 0.
    const far = s.min(s.max(a, 5), 3e38);
    const half = s.op('Exp', [s.mul(far, 0.5)]);
    const beyond = s.mul(half, s.mul(half, s.call('i0e', [far])));
    return s.where(s.less(a, 5), s.add(s.call('bessel_0_near', [a]), 1), beyond);
  }),
  i0e: unary('exp(-|x|) * I0(x).', (s, x) => {
    const a = s.op('Abs', [x]);
    const far = s.max(a, 5);
    const beyond = s.div(s.chebyshev(scaledFar(), s.sub(s.div(10, far), 1)), s.op('Sqrt', [far]));
    const shrink = s.op('Exp', [s.op('Neg', [s.min(a, 5)])]);
    return s.where(s.less(a, 5), s.mul(shrink, s.add(s.call('bessel_0_near', [a]), 1)), beyond);
  }),
  ratio_gap: unary('1 - I1(x) / I0(x) for x >= 0.', (s, x) => {
    const far = s.max(x, 5);
    const near = s.chebyshev(besselGap(false), s.sub(s.mul(s.min(x, 5), 0.4), 1));
    return s.where(s.less(x, 5), near, s.div(s.chebyshev(besselGap(true), s.sub(s.div(10, far), 1)), far));
  }),
  log_i0: unary('A derivative of log(I0(x)), or that itself.', logI0),
  log_i0e: unary('A derivative of log(I0(x)) - |x|, or that itself.', (s, x, order) => {
    if (order > 1) return s.call('log_i0', [x], order);
    const a = s.op('Abs', [x]);
    if (order === 1) return s.op('Neg', [s.mul(s.call('sign', [x]), s.call('ratio_gap', [a]))]);
    const near = s.sub(s.call('log1p', [s.call('bessel_0_near', [a])]), a);
    return s.where(s.less(a, 2), near, s.op('Log', [s.call('i0e', [a])]));
  }),
  lgamma: unary('log(gamma(x)) for x > 0.', lgamma),
  polygamma: unary('A derivative of digamma for x > 0, or that itself.', polygamma),
};
