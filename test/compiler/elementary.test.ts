/** The elementary functions against whole-number arithmetic, and their very bits, which are the same on every machine. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exp, expm1 } from '../../compiler/elementary/exponential.js';
import { asinh, hypot, tanh } from '../../compiler/elementary/hyperbolic.js';
import { log, log1p, log2 } from '../../compiler/elementary/logarithm.js';
import { decadeOf, pow, powerOfTen } from '../../compiler/elementary/power.js';
import { acos, atan, cos, sin } from '../../compiler/elementary/trigonometric.js';
import { createRandom, hash32 } from '../../src/random.js';
import {
  cosine,
  exactly,
  exponential,
  logarithm,
  ONE,
  over,
  sine,
  times,
  unitsOff,
} from '../helpers/fixed-point.js';

interface Case {
  readonly ours: (x: number) => number;
  readonly truth: (x: bigint) => bigint;
  readonly inputs: readonly [low: number, high: number];
  /** The worst that was seen in a million draws, and a little. */
  readonly units: number;
  readonly digest: number;
}

const tangent = (x: bigint): bigint => over(sine(x), cosine(x));
/** The angle whose tangent is x: a Newton step from the engine's own answer doubles its digits, three make them enough. */
function angleOf(x: bigint): bigint {
  let angle = exactly(Math.atan(Number((x << 60n) / ONE) * 2 ** -60));
  for (let i = 0; i < 3; i++) {
    const slope = times(cosine(angle), cosine(angle));
    angle -= times(tangent(angle) - x, slope);
  }
  return angle;
}
function squareRoot(x: bigint): bigint {
  let root = ONE;
  for (let i = 0; i < 500; i++) {
    const next = (root + over(x, root)) / 2n;
    if (next === root) break;
    root = next;
  }
  return root;
}

const CASES: Readonly<Record<string, Case>> = {
  exp: { ours: exp, truth: exponential, inputs: [-40, 40], units: 0.52, digest: 4085963338 },
  expm1: {
    ours: expm1,
    truth: (x) => exponential(x) - ONE,
    inputs: [-3, 3],
    units: 0.55,
    digest: 3000076616,
  },
  log: { ours: log, truth: logarithm, inputs: [1e-9, 20], units: 0.55, digest: 3549168859 },
  log1p: {
    ours: log1p,
    truth: (x) => logarithm(ONE + x),
    inputs: [-0.99, 3],
    units: 0.55,
    digest: 3307774241,
  },
  log2: {
    ours: log2,
    truth: (x) => over(logarithm(x), logarithm(2n * ONE)),
    inputs: [1e-9, 20],
    units: 2,
    digest: 2818039482,
  },
  sin: { ours: sin, truth: sine, inputs: [-20, 20], units: 0.8, digest: 331153150 },
  cos: { ours: cos, truth: cosine, inputs: [-20, 20], units: 0.8, digest: 3856030884 },
  atan: { ours: atan, truth: angleOf, inputs: [-5, 5], units: 0.9, digest: 4122557847 },
  acos: {
    ours: acos,
    truth: (x) => 2n * angleOf(squareRoot(over(ONE - x, ONE + x))),
    inputs: [-0.999, 0.999],
    units: 2.5,
    digest: 1202384788,
  },
  tanh: {
    ours: tanh,
    truth: (x) => over(exponential(2n * x) - ONE, exponential(2n * x) + ONE),
    inputs: [-10, 10],
    units: 3,
    digest: 1060903300,
  },
  asinh: {
    ours: asinh,
    truth: (x) =>
      x < 0n ? -logarithm(squareRoot(times(x, x) + ONE) - x) : logarithm(squareRoot(times(x, x) + ONE) + x),
    inputs: [-10, 10],
    units: 2.5,
    digest: 200771248,
  },
  'pow(x, 1.7)': {
    ours: (x) => pow(x, 1.7),
    truth: (x) => exponential(times(logarithm(x), exactly(1.7))),
    inputs: [1e-9, 100],
    units: 0.53,
    digest: 1955712997,
  },
  'pow(x, -31.3)': {
    ours: (x) => pow(x, -31.3),
    truth: (x) => exponential(times(logarithm(x), exactly(-31.3))),
    inputs: [0.2, 4],
    units: 0.53,
    digest: 388377210,
  },
};

const elementary = suite('elementary functions');

for (const [name, { ours, truth, inputs, units, digest }] of Object.entries(CASES)) {
  const [low, high] = inputs;

  elementary(`${name} is within ${units} units in the last place of the true value`, () => {
    const random = createRandom(name);
    for (let i = 0; i < 300; i++) {
      const x = low + (high - low) * random.next();
      const off = unitsOff(ours(x), truth(exactly(x)));
      assert.ok(Math.abs(off) <= units, `${name} at ${x}: ${ours(x)} is ${off} units off`);
    }
  });

  elementary(`${name} has these very bits on every machine`, () => {
    const values = Array.from({ length: 2000 }, (_, i) => ours(low + ((high - low) * (i + 0.5)) / 2000));
    assert.is(hash32(values.join()), digest);
  });
}

elementary('the cases that IEEE 754 and ECMAScript name', () => {
  const numbers = [0, -0, 1, -1, 2, -2, 3, 0.5, -0.5, Infinity, -Infinity, Number.NaN, 5e-324, 1e308, -1e308];
  for (const x of numbers) {
    for (const y of [...numbers, 1023, -1074, -1075, 1e18, 7]) {
      const expected = x ** y;
      const found = pow(x, y);
      // Where the result is an everyday number, the engine's last bit is no authority.
      const same = Object.is(found, expected) || Math.abs(found / expected - 1) < 1e-15;
      assert.ok(same, `pow(${x}, ${y}) is ${found}, not ${expected}`);
    }
    const both = { exp, expm1, log, log1p, log2, sin, cos, atan, acos, tanh, asinh };
    for (const [name, ours] of Object.entries(both)) {
      const expected = Math[name as keyof typeof both](x);
      const same = Object.is(ours(x), expected) || Math.abs(ours(x) / expected - 1) < 1e-15;
      assert.ok(same, `${name}(${x}) is ${ours(x)}, not ${expected}`);
    }
    assert.ok(Object.is(hypot(x, 0), Math.abs(x)), `hypot(${x}, 0)`);
  }
});

elementary('far angles keep all their digits', () => {
  // 2 pi, from the angle whose tangent is 1.
  const turn = 8n * angleOf(ONE);
  for (const x of [2e6, 123456789.125, -3e15, 9007199254740992, 1e22]) {
    assert.ok(Math.abs(unitsOff(sin(x), sine(exactly(x) % turn))) < 0.9, `sin(${x})`);
    assert.ok(Math.abs(unitsOff(cos(x), cosine(exactly(x) % turn))) < 0.9, `cos(${x})`);
  }
  // Ng, "Argument reduction for huge arguments" (1992).
  assert.is(sin(1e22), -0.8522008497671888);
});

elementary('powers of ten are the nearest doubles, and powers of two have whole logarithms', () => {
  for (let i = -323; i <= 308; i++) {
    assert.is(powerOfTen(i), Number(`1e${i}`));
    assert.is(pow(10, i), Number(`1e${i}`));
    assert.is(decadeOf(Number(`1e${i}`)), i);
  }
  for (let i = -300; i < 308; i++) assert.is(decadeOf(Number(`9.999e${i}`)), i);
  for (let i = -1074; i <= 1023; i++) assert.is(log2(2 ** i), i);
  assert.is(pow(3, 33), 5559060566555523);
  for (const size of [1, 2 ** 700, 2 ** -700]) assert.is(hypot(3 * size, -4 * size), 5 * size);
});

elementary.run();
