import type { Expr } from '../../grammar/tree/ast.js';
import { binary, minus, name, num } from '../../grammar/tree/build.js';
import { constantOf, type Exact } from '../graph/exact.js';

/** A number as its double and, where known, its fraction. */
export interface Coefficient {
  readonly value: number;
  readonly exact: Exact | undefined;
}

export const negate = (exact: Exact | undefined): Exact | undefined => exact && { n: -exact.n, d: exact.d };

/** Names that inputs, parameters, axes and definitions have: where one is `pi` or `infinity`, the constant is written in numbers. */
export type TakenNames = ReadonlySet<string>;

export interface Fraction {
  readonly above: number;
  readonly below: number;
  readonly pi?: 'above' | 'below';
}

/**
 * A number above and a number below the line: 1/3 rather than 0.333…, but 2.7279 rather than 27279/10000, and 2 * pi rather than
 * 6.283….
 */
export function splitNumber(c: Coefficient, taken: TakenNames): Fraction {
  const size = Math.abs(c.value);
  const exact = c.exact ?? constantOf(size).exact;
  const mayBePi = !taken.has('pi') && (exact === undefined || exact.d > LONGEST_DECIMAL);
  const pi = mayBePi ? multipleOfPi(size) : undefined;
  if (pi !== undefined) return pi;
  if (exact === undefined) return { above: size, below: 1 };
  if (exact.d === 1) return { above: size, below: 1 };
  const [n, d] = [Math.abs(exact.n), exact.d];
  const terminates = String(size).length <= 12;
  return n <= 1000 && d <= 1000 && (n === 1 || !terminates)
    ? { above: n, below: d }
    : { above: size, below: 1 };
}

/** Denominators of decimals that someone wrote; longer ones are doubles in full. */
const LONGEST_DECIMAL = 1e12;

/** Rounding of a product or quotient of pi, a few times over. */
const PI_TOLERANCE = 1e-15;
const LARGEST_MULTIPLE = 16;

/** pi times or divided by a small fraction. */
function multipleOfPi(size: number): Fraction | undefined {
  for (const pi of ['above', 'below'] as const) {
    const ratio = pi === 'above' ? size / Math.PI : size * Math.PI;
    for (let below = 1; below <= LARGEST_MULTIPLE; below++) {
      const above = Math.round(ratio * below);
      if (above < 1 || above > LARGEST_MULTIPLE) continue;
      if (Math.abs(ratio * below - above) <= PI_TOLERANCE * above) return { above, below, pi };
    }
  }
  return undefined;
}

/** The smallest power of 2 beyond the doubles. Not 1 / 0, which a guard would make finite. */
const BEYOND_DOUBLES = binary('^', num(2), num(1024));

/** A number that is not negative, as an expression. */
export function numeral(size: number, taken: TakenNames): Expr {
  if (Number.isNaN(size)) return binary('/', num(0), num(0));
  if (size !== Infinity) return num(size);
  return taken.has('infinity') ? BEYOND_DOUBLES : name('infinity');
}

/** A number as an expression. */
export function literalNumber(c: Coefficient, taken: TakenNames): Expr {
  const { above, below, pi } = splitNumber(c, taken);
  const number = numeral(above, taken);
  const times = (factor: number): Expr => (factor === 1 ? name('pi') : binary('*', num(factor), name('pi')));
  const top = pi === 'above' ? times(above) : number;
  const bottom = pi === 'below' ? times(below) : below === 1 ? undefined : num(below);
  const positive = bottom === undefined ? top : binary('/', top, bottom);
  return c.value < 0 ? minus(positive) : positive;
}
