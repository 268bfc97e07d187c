/**
 * Expressions of Herbie's benchmark suite that the language can say, quadratic roots left aside: `bench/hamming/`,
 * `bench/mathematics/`, `bench/numerics/` and `bench/libraries/` of https://github.com/herbie-fp/herbie (Panchekha et al. 2015, after
 * Hamming's "Numerical Methods for Scientists and Engineers"). Not sayable are cube roots, `hypot`, `copysign` and `fma`. A tangent is
 * written as sine over cosine. log-sum-exp is not in the suite.
 */

/** Numbers drawn with all exponents alike: sizes from `least` to `most`, of both signs where told. */
export interface Drawn {
  readonly least: number;
  readonly most: number;
  readonly signed: boolean;
  /** What the language says of them; `real` or `positive` unless told. */
  readonly domain?: string;
}

export interface Expression {
  readonly name: string;
  readonly body: string;
  readonly inputs: Readonly<Record<string, Drawn>>;
}

/** Numbers of float32 whose squares it holds too. */
const ANY: Drawn = { least: 1e-18, most: 1e18, signed: true };
const POSITIVE: Drawn = { ...ANY, signed: false };
const within = (most: number, domain?: string): Drawn => ({
  least: 1e-18,
  most,
  signed: true,
  ...(domain !== undefined && { domain }),
});
/** Beyond it an exponential leaves float32. */
const EXPONENT = within(80);
const SMALL = within(0.5, 'between(-0.5, 0.5)');

export const EXPRESSIONS: readonly Expression[] = [
  // Hamming, by series
  { name: 'expm1 (example 3.7)', body: 'exp(x) - 1', inputs: { x: SMALL } },
  {
    name: 'logs (example 3.8)',
    body: '(n + 1) * log(n + 1) - n * log(n) - 1',
    inputs: { n: { least: 6.8e15, most: 1e30, signed: false } },
  },
  {
    name: 'invcot (example 3.9)',
    body: '1 / x - cos(x) / sin(x)',
    inputs: { x: within(0.026, 'between(-0.026, 0.026)') },
  },
  { name: 'qlog (example 3.10)', body: 'log(1 - x) / log(1 + x)', inputs: { x: SMALL } },
  { name: 'cos2 (problem 3.4.1)', body: '(1 - cos(x)) / (x * x)', inputs: { x: ANY } },
  {
    name: 'expq3 (problem 3.4.2)',
    body: 'eps * (exp((a + b) * eps) - 1) / ((exp(a * eps) - 1) * (exp(b * eps) - 1))',
    inputs: { a: within(10), b: within(10), eps: within(1, 'between(-1, 1)') },
  },
  {
    name: 'logq (problem 3.4.3)',
    body: 'log((1 - eps) / (1 + eps))',
    inputs: { eps: within(1, 'between(-1, 1)') },
  },
  {
    name: 'sqrtexp (problem 3.4.4)',
    body: 'sqrt((exp(2 * x) - 1) / (exp(x) - 1))',
    inputs: { x: within(40) },
  },
  { name: 'expq2 (section 3.11)', body: 'exp(x) / (exp(x) - 1)', inputs: { x: EXPONENT } },
  { name: 'expax (section 3.5)', body: 'exp(a * x) - 1', inputs: { a: within(5), x: within(5) } },
  // Hamming, by rearrangement and trigonometry
  { name: '2sqrt (example 3.1)', body: 'sqrt(x + 1) - sqrt(x)', inputs: { x: { ...POSITIVE, least: 1 } } },
  {
    name: '2isqrt (example 3.6)',
    body: '1 / sqrt(x) - 1 / sqrt(x + 1)',
    inputs: { x: { ...POSITIVE, least: 1 } },
  },
  { name: '2frac (problem 3.3.1)', body: '1 / (x + 1) - 1 / x', inputs: { x: ANY } },
  { name: '3frac (problem 3.3.3)', body: '1 / (x + 1) - 2 / x + 1 / (x - 1)', inputs: { x: within(1e12) } },
  { name: '2log (problem 3.3.6)', body: 'log(n + 1) - log(n)', inputs: { n: { ...POSITIVE, least: 1 } } },
  { name: 'exp2 (problem 3.3.7)', body: 'exp(x) - 2 + exp(-x)', inputs: { x: EXPONENT } },
  { name: 'tanhf (example 3.4)', body: '(1 - cos(x)) / sin(x)', inputs: { x: within(1e4) } },
  { name: '2atan (example 3.5)', body: 'atan(n + 1) - atan(n)', inputs: { n: { ...POSITIVE, least: 1 } } },
  { name: '2sin (example 3.3)', body: 'sin(x + eps) - sin(x)', inputs: { x: within(1e4), eps: within(1) } },
  { name: '2cos (problem 3.3.5)', body: 'cos(x + eps) - cos(x)', inputs: { x: within(1e4), eps: within(1) } },
  {
    name: 'sintan (problem 3.4.5)',
    body: '(x - sin(x)) / (x - sin(x) / cos(x))',
    inputs: { x: within(1e5) },
  },
  // Mathematics
  {
    name: 'Logistic regression 2',
    body: 'log(1 + exp(x)) - x * y',
    inputs: { x: within(1e4), y: within(1e4) },
  },
  { name: 'Logistic function', body: '2 / (1 + exp(-2 * x)) - 1', inputs: { x: within(1e4) } },
  { name: 'Hyperbolic sine', body: '(exp(x) - exp(-x)) / 2', inputs: { x: EXPONENT } },
  { name: 'Hyperbolic tangent', body: '(exp(x) - exp(-x)) / (exp(x) + exp(-x))', inputs: { x: within(1e4) } },
  { name: 'Hyperbolic secant', body: '2 / (exp(x) + exp(-x))', inputs: { x: EXPONENT } },
  { name: 'Hyperbolic arcsine', body: 'log(x + sqrt(x * x + 1))', inputs: { x: ANY } },
  {
    name: 'Hyperbolic arc-cosine',
    body: 'log(x + sqrt(x * x - 1))',
    inputs: { x: { ...POSITIVE, least: 1 } },
  },
  {
    name: 'Hyperbolic arctangent',
    body: '1 / 2 * log((1 + x) / (1 - x))',
    inputs: { x: within(1, 'between(-1, 1)') },
  },
  {
    name: "Harley's example",
    body: `(1 / (1 + exp(-s)))^c * (1 - 1 / (1 + exp(-s)))^d / ((1 / (1 + exp(-t)))^c * (1 - 1 / (1 + exp(-t)))^d)`,
    inputs: { c: { ...POSITIVE, most: 10 }, d: { ...POSITIVE, most: 10 }, s: within(30), t: within(30) },
  },
  // Numerics and libraries
  { name: "Kahan's exp quotient", body: '(exp(x) - 1) / x', inputs: { x: EXPONENT } },
  {
    name: 'Rust f32::atanh',
    body: '0.5 * log1p(2 * x / (1 - x))',
    inputs: { x: within(1, 'between(-1, 1)') },
  },
  {
    name: 'math.log/1 on complex, real part',
    body: 'log(sqrt(re * re + im * im))',
    inputs: { re: ANY, im: ANY },
  },
  // Not of the suite
  { name: 'log-sum-exp', body: 'log(exp(a) + exp(b))', inputs: { a: within(1e4), b: within(1e4) } },
  {
    name: 'log-sum-exp, weighted',
    body: 'log(w * exp(a) + (1 - w) * exp(b))',
    inputs: { w: { least: 1e-6, most: 1, signed: false, domain: 'unit' }, a: within(1e4), b: within(1e4) },
  },
];
