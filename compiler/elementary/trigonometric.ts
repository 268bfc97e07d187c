import { quarterTurns } from './quarter-turns.js';

/** Off by less than one unit in the last place, as all of this file. */
export function sin(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  if (x === 0) return x;
  const { turns, angle, rest } = quarterTurns(x);
  const part = turns % 2 === 0 ? sine(angle, rest) : cosine(angle, rest);
  return turns < 2 ? part : -part;
}

export function cos(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const { turns, angle, rest } = quarterTurns(x);
  const part = turns % 2 === 0 ? cosine(angle, rest) : sine(angle, rest);
  return turns === 0 || turns === 3 ? part : -part;
}

/** sin(r + rest) for |r| <= pi / 4. */
function sine(r: number, rest: number): number {
  const z = r * r;
  const tail =
    1 / 362880 - z * (1 / 39916800 - z * (1 / 6227020800 - z * (1 / 1307674368000 - z / 355687428096000)));
  const series = 1 / 6 - z * (1 / 120 - z * (1 / 5040 - z * tail));
  return r - (z * r * series - rest * (1 - z / 2));
}

/** cos(r + rest) for |r| <= pi / 4. */
function cosine(r: number, rest: number): number {
  const z = r * r;
  const tail =
    1 / 3628800 -
    z * (1 / 479001600 - z * (1 / 87178291200 - z * (1 / 20922789888000 - z / 6402373705728000)));
  const series = 1 / 24 - z * (1 / 720 - z * (1 / 40320 - z * tail));
  const half = z / 2;
  const first = 1 - half;
  return first + (1 - first - half + (z * z * series - r * rest));
}

// Angles near which the inverse tangent is expanded, with their tangents; each angle in two parts.
const CENTRES = [
  { below: 7 / 16, tangent: 0, high: 0, low: 0 },
  { below: 11 / 16, tangent: 1 / 2, high: 0.4636476090008061, low: 2.2698777452961687e-17 },
  { below: 19 / 16, tangent: 1, high: Math.PI / 4, low: 3.061616997868383e-17 },
  { below: 39 / 16, tangent: 3 / 2, high: 0.982793723247329, low: 1.3903311031230998e-17 },
] as const;
const RIGHT_ANGLE = { high: Math.PI / 2, low: 6.123233995736766e-17 };

export function atan(x: number): number {
  if (Number.isNaN(x) || x === 0) return x;
  const size = Math.abs(x);
  const centre = CENTRES.find(({ below }) => size < below);
  const { high, low } = centre ?? RIGHT_ANGLE;
  const t = centre === undefined ? -1 / size : (size - centre.tangent) / (1 + centre.tangent * size);
  const angle = high - (t * smallAtan(t * t) - low - t);
  return x < 0 ? -angle : angle;
}

/** 1 - atan(t) / t as a function of z = t^2 <= (7 / 16)^2. */
function smallAtan(z: number): number {
  let sum = 0;
  for (let k = 47; k >= 3; k -= 2) sum = z * (1 / k - sum);
  return sum;
}

/** Half of the angle has the tangent sqrt((1 - x) / (1 + x)). */
export const acos = (x: number): number => 2 * atan(Math.sqrt((1 - x) / (1 + x)));
