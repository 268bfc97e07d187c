import { powerOfTwo } from './parts.js';

/** An angle as a whole number of quarter turns and what is left. */
export interface QuarterTurns {
  /** 0 to 3. */
  readonly turns: number;
  /** From -pi / 4 to pi / 4, as the sum of two doubles. */
  readonly angle: number;
  readonly rest: number;
}

// pi / 2 in parts of 33, 33 and 53 bits: a multiple of the first two by a number below 2^20 is exact.
const HIGH = 1.5707963267341256;
const MIDDLE = 6.077100506303966e-11;
const LOW = 2.0222662487959506e-21;
const MOST_TURNS = 2 ** 20;

export function quarterTurns(x: number): QuarterTurns {
  const count = Math.round((x * 2) / Math.PI);
  if (count === 0) return { turns: 0, angle: x, rest: 0 };
  if (Math.abs(count) >= MOST_TURNS) return farTurns(x);
  const start = x - count * HIGH;
  const shift = count * MIDDLE;
  const sum = start - shift;
  const lost = start - sum - shift - count * LOW;
  const angle = sum + lost;
  return { turns: ((count % 4) + 4) % 4, angle, rest: sum - angle + lost };
}

/** Bits after the point of `pi`: as many as the largest double has before it, its 53, and some for what cancels. */
const BITS = 1200n;
const SHOWN = 1000;
let pi: bigint | undefined;

/** Far away every bit of pi counts, so that whole numbers are used, as long as they need to be. */
function farTurns(x: number): QuarterTurns {
  pi ??= machin();
  const size = Math.abs(x);
  // Beyond 2^20 a double has at most 33 bits after the point, beyond 2^53 none.
  const shift = size < 2 ** 53 ? 33 : 0;
  const angle = BigInt(size * powerOfTwo(shift)) << (BITS - BigInt(shift));
  const count = (4n * angle + pi) / (2n * pi);
  const left = (angle - (count * pi) / 2n) >> (BITS - BigInt(SHOWN));
  const high = Number(left) * powerOfTwo(-SHOWN);
  const low = Number(left - BigInt(high * powerOfTwo(SHOWN))) * powerOfTwo(-SHOWN);
  const turns = Number(count % 4n);
  return x > 0 ? { turns, angle: high, rest: low } : { turns: (4 - turns) % 4, angle: -high, rest: -low };
}

/** pi * 2^BITS by Machin's formula, pi / 4 = 4 atan(1 / 5) - atan(1 / 239). */
function machin(): bigint {
  const guard = 20n;
  const one = 1n << (BITS + guard);
  const inverseTangent = (divisor: bigint): bigint => {
    let sum = 0n;
    for (let power = one / divisor, k = 1n; power !== 0n; power = -power / (divisor * divisor), k += 2n) {
      sum += power / k;
    }
    return sum;
  };
  return (16n * inverseTangent(5n) - 4n * inverseTangent(239n)) >> guard;
}
