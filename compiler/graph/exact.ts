import { pow, powerOfTen } from '../elementary/power.js';

/**
 * Exact constants. A number that came from decimal digits is kept as a fraction of safe integers beside its double,
 * so that 0.1 + 0.2 folds to 0.3 and the printed coefficients are the ones a person would compute.
 * When a result no longer fits in safe integers it is rounded once, from the exact value, and becomes a plain double.
 */
export interface Exact {
  /** Numerator, a safe integer with the sign. */
  readonly n: number;
  /** Denominator, a positive safe integer without a common factor with `n`. */
  readonly d: number;
}

/** A constant: its double, and its fraction where that is known. */
export interface Constant {
  readonly value: number;
  readonly exact: Exact | undefined;
}

const POWERS_OF_TEN = Array.from({ length: 16 }, (_, i) => powerOfTen(i));

function gcd(a: number, b: number): number {
  let x = Math.abs(a);
  let y = b;
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

function fraction(n: number, d: number): Constant {
  if (Number.isSafeInteger(n) && Number.isSafeInteger(d) && d !== 0) {
    const divisor = gcd(n, Math.abs(d)) * (d < 0 ? -1 : 1);
    const exact = { n: n / divisor + 0, d: d / divisor };
    return { value: exact.n / exact.d, exact };
  }
  return { value: n / d, exact: undefined };
}

/** The constant of a double, read as the shortest decimal that gives it back: 0.1 is one tenth. */
export function constantOf(value: number): Constant {
  if (Number.isSafeInteger(value)) return { value, exact: { n: value + 0, d: 1 } };
  if (!Number.isFinite(value)) return { value, exact: undefined };
  const match = /^(-?\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (match === null) return { value, exact: undefined };
  const digits = match[2] ?? '';
  const scale = digits.length - Number(match[3] ?? 0);
  const n = Number(match[1] + digits);
  if (scale < 0 || scale > 15 || !Number.isSafeInteger(n)) return { value, exact: undefined };
  return fraction(n, POWERS_OF_TEN[scale]!);
}

function big(n: bigint, d: bigint): Constant {
  let a = n < 0n ? -n : n;
  let b = d < 0n ? -d : d;
  while (b !== 0n) [a, b] = [b, a % b];
  if (a === 0n) return { value: 0, exact: { n: 0, d: 1 } };
  const sign = d < 0n ? -1n : 1n;
  return fraction(Number((n / a) * sign), Number((d / a) * sign));
}

const isExact = (a: Constant, b: Constant): boolean => a.exact !== undefined && b.exact !== undefined;

export function addConstants(a: Constant, b: Constant): Constant {
  if (!isExact(a, b)) return { value: a.value + b.value, exact: undefined };
  const [x, y] = [a.exact!, b.exact!];
  if (x.d === 1 && y.d === 1) return fraction(x.n + y.n, 1);
  const n = x.n * y.d + y.n * x.d;
  const d = x.d * y.d;
  if (Number.isSafeInteger(x.n * y.d) && Number.isSafeInteger(y.n * x.d) && Number.isSafeInteger(d)) {
    return fraction(n, d);
  }
  return big(BigInt(x.n) * BigInt(y.d) + BigInt(y.n) * BigInt(x.d), BigInt(x.d) * BigInt(y.d));
}

/** A smaller part of a sum than this is lost where the sum is not exact. */
const LOST = 1e-9;

/** Whether a sum of constants has few digits of the smaller one left, as 1 + 1e-16 has none. */
export function losesDigits(a: Constant, b: Constant): boolean {
  const [small, large] = [Math.abs(a.value), Math.abs(b.value)].sort((x, y) => x - y);
  const isTiny = small! > 0 && small! < LOST * large! && large! < Infinity;
  return isTiny && addConstants(a, b).exact === undefined;
}

export function multiplyConstants(a: Constant, b: Constant): Constant {
  if (!isExact(a, b)) return { value: a.value * b.value, exact: undefined };
  const [x, y] = [a.exact!, b.exact!];
  const n = x.n * y.n;
  const d = x.d * y.d;
  if (Number.isSafeInteger(n) && Number.isSafeInteger(d)) return fraction(n, d);
  return big(BigInt(x.n) * BigInt(y.n), BigInt(x.d) * BigInt(y.d));
}

/** `a` to a whole power; exact while it fits. `0 ^ negative` is infinite. */
export function powerConstant(a: Constant, exponent: number): Constant {
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 64) {
    return { value: pow(a.value, exponent), exact: undefined };
  }
  if (a.exact === undefined || (a.value === 0 && exponent < 0)) {
    return { value: pow(a.value, exponent), exact: undefined };
  }
  const base = exponent < 0 ? fraction(a.exact.d, a.exact.n) : a;
  let result: Constant = { value: 1, exact: { n: 1, d: 1 } };
  for (let i = 0; i < Math.abs(exponent); i++) result = multiplyConstants(result, base);
  return result;
}

/** `a / b` for b other than 0; exact while it fits. */
export function divideConstants(a: Constant, b: Constant): Constant {
  if (b.value === 1) return a;
  if (b.exact === undefined || b.exact.n === 0) return { value: a.value / b.value, exact: undefined };
  return multiplyConstants(a, fraction(b.exact.d, b.exact.n));
}
