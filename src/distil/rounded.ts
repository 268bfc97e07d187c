/** Coefficients with as few digits as the samples can tell apart. */
import { fitCoefficients, type Problem } from './least-squares.js';

/** Digits that are tried, fewest first. */
const DIGITS = [1, 2, 3, 4];
/** Of what no fewer digits will do for. */
const MOST_DIGITS = 6;
/** Relative change of the sum of squares that rounding of numbers makes. */
const ROUNDING = 1e-9;

/**
 * One coefficient after the other is rounded and the rest fitted again. A rounding may cost as much as chance does of one number: a
 * variance of the noise, which is one standard error of the coefficient.
 */
export function roundedCoefficients(problem: Problem, fitted: Float64Array, scale: number): Float64Array {
  const count = problem.wanted.length;
  let coefficients = fitted;
  let squares = fitCoefficients(problem, fitted, []).squares;
  for (const at of fitted.keys()) {
    const value = coefficients[at]!;
    const rest = [...fitted.keys()].filter((other) => other > at);
    const allowed = squares + squares / Math.max(1, count - fitted.length) + ROUNDING * scale;
    const last = Number(value.toPrecision(MOST_DIGITS));
    const tried = candidates(value).map((candidate) =>
      fitCoefficients(problem, coefficients.with(at, candidate), rest),
    );
    const fit =
      tried.find((one) => one.squares <= allowed) ??
      fitCoefficients(problem, coefficients.with(at, last), rest);
    ({ coefficients, squares } = fit);
  }
  return coefficients;
}

/** Plain numbers near the value, plainest first. */
function candidates(value: number): number[] {
  const whole = Math.round(value);
  const digits = DIGITS.map((count) => Number(value.toPrecision(count)));
  return [...new Set([0, ...(whole === 0 ? [] : [whole]), ...digits])];
}
