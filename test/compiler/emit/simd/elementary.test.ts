import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SIMD } from '../../../../compiler/emit/simd/operators.js';
import { knownPower, power as powerOfFour } from '../../../../compiler/emit/simd/powers.js';
import type { Vector, Writer } from '../../../../compiler/emit/simd/writer.js';
import type { CallOp } from '../../../../compiler/emit/tfjs/ops.js';
import { assemble, parametersOf, wasmFunction } from '../../../../compiler/emit/wasm/assembler.js';
import {
  advance,
  type Code,
  i32,
  loopSteps,
  set,
  vLoad,
  vStore,
} from '../../../../compiler/emit/wasm/instructions.js';
import { elementwise, power } from '../../../../compiler/operators/elementwise.js';
import { instantiate } from '../../../../src/runtime/kernels/webassembly.js';
import { memoryOf } from '../../../helpers/simd.js';

const elementary = suite('functions of four float32');

const COUNT = 2 ** 16;
const memory = memoryOf(12 * COUNT);
const [X, Y, TO] = [0, 4 * COUNT, 8 * COUNT];
const at = (address: number): Float32Array => new Float32Array(memory.buffer, address, COUNT);
const bits = new Uint32Array(memory.buffer, X, COUNT);
const [xs, ys, results] = [at(X), at(Y), at(TO)];

type Make = (x: Vector, y: Vector, code: Writer) => Vector;

/** Works out the function for the first `count` of `xs` and `ys`. */
function runner(make: Make): (count: number) => void {
  const code = wasmFunction('f', parametersOf('i32', 'x', 'y', 'to', 'n'), ({ x, y, to, n }, declare) => {
    const { done } = declare('i32', 'done');
    const body: Code[] = [];
    let variables = 0;
    const keep: Writer['keep'] = (value) => {
      const name = `v${variables++}`;
      const variable = declare('v128', name)[name]!;
      body.push(set(variable, value));
      return variable;
    };
    body.push(vStore(to, make(vLoad(x), vLoad(y), { keep })));
    return loopSteps(done, n, 4, [body, [x, y, to].map((address) => advance(address, i32(16)))]);
  });
  const run = instantiate(assemble([code], false), memory)['f']!;
  return (count) => void run(X, Y, TO, 4 * Math.ceil(count / 4));
}

/** The smallest float32 with all its digits. */
const SMALLEST = 2 ** -126;
/** Between two numbers that have fewer. */
const DENORMAL = 2 ** -149;

/** The error in units of the result, or what is wrong. `lost`: what may be lost below the smallest float32. */
function errorOf(found: number, right: number, lost: number): number {
  if (Number.isNaN(right) || Number.isNaN(found))
    return Number.isNaN(right) === Number.isNaN(found) ? 0 : Infinity;
  const rounded = Math.fround(right);
  if (!Number.isFinite(rounded) || !Number.isFinite(found)) return rounded === found ? 0 : Infinity;
  if (Math.abs(right) < SMALLEST) return Math.abs(found - right) <= lost ? 0 : Infinity;
  return Math.abs(found / right - 1);
}

interface Sweep {
  /** In units of the result. */
  readonly bound: number;
  readonly lost?: number;
  /** Where the function is defined. */
  readonly from?: number;
  readonly to?: number;
}

/** exp and log are to 1e-7 for every float32: all 2^32 were looked at once, and each time so many are left out between two. */
const STRIDE = 241;

const SWEEPS = {
  exp: { bound: 1e-7 },
  log: { bound: 1e-7 },
  log1p: { bound: 1.3e-7 },
  expm1: { bound: 1.3e-7 },
  tanh: { bound: 2e-7 },
  // exp(-x) is infinite for x < -88.7, where the result is less than 3e-39.
  sigmoid: { bound: 2e-7, lost: 4e-39 },
  softplus: { bound: 1.5e-7 },
  log1mexp: { bound: 1.5e-7, to: 0 },
  sign: { bound: 0 },
  floor: { bound: 0 },
  abs: { bound: 0 },
  relu: { bound: 0 },
} satisfies { readonly [K in CallOp]?: Sweep };

for (const [name, sweep] of Object.entries(SWEEPS) as [keyof typeof SWEEPS, Sweep][]) {
  const { bound, lost = 1.5 * DENORMAL, to = Infinity } = sweep;
  elementary(`${name} is right to ${bound} for numbers of all sizes, for infinity and for none`, () => {
    const run = runner((x, _, code) => SIMD[name]!([x], code));
    const { evaluate } = elementwise(name);
    let [worst, place] = [0, 0];
    const look = (count: number): void => {
      run(count);
      for (let i = 0; i < count; i++) {
        const x = xs[i]!;
        if (x > to) continue;
        const error = errorOf(results[i]!, evaluate([x], 0), lost);
        if (error > worst) [worst, place] = [error, x];
      }
    };
    for (let next = 0; next < 2 ** 32; ) {
      let count = 0;
      for (; count < COUNT && next < 2 ** 32; count++, next += STRIDE) bits[count] = next;
      look(count);
    }
    xs.set([0, -0, Infinity, -Infinity, Number.NaN, 1, -1, DENORMAL]);
    look(8);
    assert.ok(worst <= bound, `${name}(${place}) is off by ${worst}`);
  });
}

const SPECIAL = [
  0,
  -0,
  1,
  -1,
  2,
  -2,
  0.5,
  -0.5,
  3,
  -3,
  Infinity,
  -Infinity,
  Number.NaN,
  1e-40,
  -1e38,
  -7,
  5e8,
];

elementary('powers are right to 1e-7: of all kinds of numbers, and whole ones of negative numbers', () => {
  const run = runner((x, y, code) => powerOfFour(x, y, false, code));
  const pairs = SPECIAL.flatMap((x) => SPECIAL.map((y) => [x, y] as const));
  for (let i = 0; i < 4000; i++)
    pairs.push([Math.exp(((i * 0.618) % 1) * 30 - 15), ((i * 0.37) % 1) * 16 - 8]);
  xs.set(pairs.map(([x]) => x));
  ys.set(pairs.map(([, y]) => y));
  run(pairs.length);
  for (let i = 0; i < pairs.length; i++) {
    const error = errorOf(results[i]!, power(xs[i]!, ys[i]!), 1.5 * DENORMAL);
    assert.ok(error <= 1e-7, `${xs[i]} ** ${ys[i]} is ${results[i]}`);
  }
});

elementary('a power that is known is multiplied out', () => {
  for (const exponent of [0.5, 1, 2, 3, 7, 64, 65, 2.5]) {
    xs.set([0, 1, 1.01, 2, Infinity, Number.NaN, 0.9, 1.1]);
    runner((x, _, code) => knownPower(x, exponent, true, code))(8);
    for (let i = 0; i < 8; i++) {
      const error = errorOf(results[i]!, xs[i]! ** exponent, SMALLEST);
      assert.ok(error <= 1e-6, `${xs[i]} ** ${exponent} is ${results[i]}`);
    }
  }
});

elementary('every operator has a form for four numbers or none', () => {
  const without = Object.entries(SIMD).flatMap(([name, row]) => (row === undefined ? [name] : []));
  assert.equal(
    without.sort().join(' '),
    'acos atan cos erf erfc erfcx i0 i0e lgamma logErfc logErfcSlope logI0 logI0e polygamma sin',
  );
});

elementary.run();
