/** Special functions in float64, by other formulas than the compiler's own. The gamma functions are for positive numbers. */

/** Error function: Kummer's series of positive terms below 3 (Abramowitz and Stegun 7.1.6), Lentz's continued fraction above. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a >= 3) return Math.sign(x) * (1 - complement(a));
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-19 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return ((2 * Math.exp(-x * x)) / Math.sqrt(Math.PI)) * sum;
}

/** 1 - erf(a) for a of at least 3. */
const complement = (a: number): number => Math.exp(-a * a) * scaledComplement(a);

/** exp(a^2) * erfc(a) for positive a (Abramowitz and Stegun 7.1.14, worked out from the front): slow, but right, down to 0.5. */
function scaledComplement(a: number): number {
  let fraction = a;
  let c = a;
  let d = 0;
  for (let k = 1; k < 2000; k++) {
    d = 1 / (a + (k / 2) * d);
    c = a + k / 2 / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return 1 / (Math.sqrt(Math.PI) * fraction);
}

/** exp(x^2) * erfc(x), from 3 on by the continued fraction alone. */
export const erfcx = (x: number): number => (x >= 3 ? scaledComplement(x) : Math.exp(x * x) * erfc(x));

export const erfc = (x: number): number =>
  x >= 3 ? complement(x) : x >= 0.5 ? Math.exp(-x * x) * scaledComplement(x) : 1 - erf(x);

export const logErfc = (x: number): number =>
  x < 0.5 ? Math.log1p(-erf(x)) : Math.log(scaledComplement(x)) - x * x;

/** exp(-a) * I_n(a) for a >= 0 and n of 0 or 1: the power series up to 20, Hankel's asymptotic one above (Abramowitz and Stegun 9.6.10, 9.7.1). */
export function scaledBessel(n: 0 | 1, a: number): number {
  let [sum, term] = [1, 1];
  if (a <= 20) {
    for (let k = 1; term > 1e-18 * sum; k++) {
      term *= (a * a) / (4 * k * (k + n));
      sum += term;
    }
    return Math.exp(-a) * (n === 0 ? 1 : a / 2) * sum;
  }
  for (let k = 1; Math.abs(term) > 1e-18 && k < 40; k++) {
    term *= ((2 * k - 1) ** 2 - 4 * n * n) / (8 * k * a);
    sum += term;
  }
  return sum / Math.sqrt(2 * Math.PI * a);
}

/** exp(-a) * (I0(a) - I1(a)) for a >= 0, term by term where the two are nearly one. */
export function scaledGap(a: number): number {
  if (a <= 20) return scaledBessel(0, a) - scaledBessel(1, a);
  let [sum, zeroth, first] = [0, 1, 1];
  for (let k = 1; k < 40 && Math.abs(zeroth) > 1e-18; k++) {
    const odd = (2 * k - 1) ** 2;
    [zeroth, first] = [(zeroth * odd) / (8 * k * a), (first * (odd - 4)) / (8 * k * a)];
    sum += zeroth - first;
  }
  return sum / Math.sqrt(2 * Math.PI * a);
}

/** log(I0(x)): below 1 by the power series without its 1. */
export function logBessel(x: number): number {
  const a = Math.abs(x);
  if (a >= 1) return a + Math.log(scaledBessel(0, a));
  let [sum, term] = [0, 1];
  for (let k = 1; k < 20; k++) {
    term *= (a * a) / (4 * k * k);
    sum += term;
  }
  return Math.log1p(sum);
}

/** Where the asymptotic series below are good to the last digit. */
const FAR = 20;

/** Stirling's series (Abramowitz and Stegun 6.1.41), reached by gamma(x + 1) = x gamma(x). */
export function lgamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let product = 1;
  let y = x;
  for (; y < FAR; y++) product *= y;
  const r = 1 / (y * y);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r / 1680))) / y;
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}

/** Abramowitz and Stegun 6.3.18. */
export function digamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let shift = 0;
  let y = x;
  for (; y < FAR; y++) shift += 1 / y;
  const r = 1 / (y * y);
  return Math.log(y) - 0.5 / y - r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r / 240))) - shift;
}

/** The derivative of digamma: Abramowitz and Stegun 6.4.12. */
export function trigamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let shift = 0;
  let y = x;
  for (; y < FAR; y++) shift += 1 / (y * y);
  const r = 1 / (y * y);
  return 1 / y + r / 2 + (r / y) * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r / 30))) + shift;
}

export function sigmoid(x: number): number {
  const small = Math.exp(-Math.abs(x));
  return (x >= 0 ? 1 : small) / (1 + small);
}

export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
