/**
 * Small passes over arrays of float32 in place: bias, rectifier, sums over rows, optimizer updates. Each is written
 * once, as what happens to one element, and emitted for four elements at a time and for the rest.
 */
import { parametersOf, type WasmFunction, wasmFunction } from '../../../compiler/emit/wasm/assembler.js';
import {
  advance,
  type Code,
  f32,
  f32Add,
  f32Div,
  f32GreaterThan,
  f32Load,
  f32Max,
  f32Mul,
  f32Sqrt,
  f32Store,
  f32Sub,
  i32,
  i32Add,
  i32LessThan,
  i32Mul,
  i32Sub,
  type Local,
  loopSteps,
  loopWhile,
  select,
  set,
  splat,
  type Value,
  vAdd,
  vAnd,
  vDiv,
  vGreaterThan,
  vLoad,
  vMax,
  vMul,
  vSqrt,
  vStore,
  vSub,
  vZero,
  when,
} from '../../../compiler/emit/wasm/instructions.js';

/** Arithmetic on one number or on four. */
interface Lane<T extends 'f32' | 'v128'> {
  readonly load: (address: Value<'i32'>) => Value<T>;
  readonly store: (address: Value<'i32'>, value: Value<T>) => Code;
  readonly number: (value: Value<'f32'>) => Value<T>;
  readonly add: (a: Value<T>, b: Value<T>) => Value<T>;
  readonly sub: (a: Value<T>, b: Value<T>) => Value<T>;
  readonly mul: (a: Value<T>, b: Value<T>) => Value<T>;
  readonly div: (a: Value<T>, b: Value<T>) => Value<T>;
  readonly max: (a: Value<T>, b: Value<T>) => Value<T>;
  readonly sqrt: (a: Value<T>) => Value<T>;
  /** `value` where `test` is above 0, else 0. */
  readonly wherePositive: (test: Value<T>, value: Value<T>) => Value<T>;
}

const SCALAR: Lane<'f32'> = {
  load: (address) => f32Load(address),
  store: (address, value) => f32Store(address, value),
  number: (value) => value,
  add: f32Add,
  sub: f32Sub,
  mul: f32Mul,
  div: f32Div,
  max: f32Max,
  sqrt: f32Sqrt,
  wherePositive: (test, value) => select(value, f32(0), f32GreaterThan(test, f32(0))),
};

const VECTOR: Lane<'v128'> = {
  load: (address) => vLoad(address),
  store: (address, value) => vStore(address, value),
  number: splat,
  add: vAdd,
  sub: vSub,
  mul: vMul,
  div: vDiv,
  max: vMax,
  sqrt: vSqrt,
  wherePositive: (test, value) => vAnd(value, vGreaterThan(test, vZero)),
};

/**
 * A function over arrays of one length: the addresses of `arrays` first, then the number of elements, then `numbers`. `body` gets
 * the lane's arithmetic, the arrays' addresses and the numbers.
 */
const overArrays = <A extends string, N extends string>(
  name: string,
  arrays: readonly A[],
  numbers: readonly N[],
  body: <T extends 'f32' | 'v128'>(
    lane: Lane<T>,
    arrays: { readonly [K in A]: Local<'i32'> },
    numbers: { readonly [K in N]: Value<T> },
  ) => Code,
): WasmFunction =>
  wasmFunction(
    name,
    { ...parametersOf<'i32', A | 'count'>('i32', ...arrays, 'count'), ...parametersOf('f32', ...numbers) },
    (parameters, declare) => {
      const at = parameters as { readonly [K in A | 'count']: Local<'i32'> };
      const given = parameters as { readonly [K in N]: Local<'f32'> };
      const { done } = declare('i32', 'done');
      const pass = <T extends 'f32' | 'v128'>(lane: Lane<T>, width: number): Code => {
        const spread = numbers.map((key) => [key, lane.number(given[key])]);
        return loopSteps(done, at.count, width, [
          body(lane, at, Object.fromEntries(spread) as { readonly [K in N]: Value<T> }),
          arrays.map((key) => advance(at[key], i32(4 * width))),
        ]);
      };
      return [pass(VECTOR, 4), pass(SCALAR, 1)];
    },
  );

/** `w -= rate * (g + penalty * w)` */
const SGD = overArrays('sgd', ['w', 'g'], ['rate', 'penalty'], (lane, { w, g }, { rate, penalty }) => {
  const full = lane.add(lane.load(g), lane.mul(penalty, lane.load(w)));
  return lane.store(w, lane.sub(lane.load(w), lane.mul(rate, full)));
});

/** `v = momentum * v + g + penalty * w; w -= rate * v` */
const MOMENTUM = overArrays(
  'momentum',
  ['w', 'g', 'v'],
  ['rate', 'penalty', 'momentum'],
  (lane, { w, g, v }, { rate, penalty, momentum }) => {
    const full = lane.add(lane.load(g), lane.mul(penalty, lane.load(w)));
    return [
      lane.store(v, lane.add(lane.mul(momentum, lane.load(v)), full)),
      lane.store(w, lane.sub(lane.load(w), lane.mul(rate, lane.load(v)))),
    ];
  },
);

/**
 * Adam, whose rate is already corrected for the first moment; `correction` is that of the second moment, 1 - beta2^t. The moments
 * are m and s.
 */
const ADAM = overArrays(
  'adam',
  ['w', 'g', 'm', 's'],
  ['rate', 'penalty', 'beta1', 'beta2', 'correction'],
  (lane, { w, g, m, s }, { rate, penalty, beta1, beta2, correction }) => {
    type Number = typeof rate;
    const full = lane.add(lane.load(g), lane.mul(penalty, lane.load(w)));
    const mixed = (beta: Number, old: Number, fresh: Number): Number =>
      lane.add(lane.mul(beta, old), lane.mul(lane.sub(lane.number(f32(1)), beta), fresh));
    const root = lane.add(lane.sqrt(lane.div(lane.load(s), correction)), lane.number(f32(1e-8)));
    return [
      lane.store(m, mixed(beta1, lane.load(m), full)),
      lane.store(s, mixed(beta2, lane.load(s), lane.mul(full, full))),
      lane.store(w, lane.sub(lane.load(w), lane.mul(rate, lane.div(lane.load(m), root)))),
    ];
  },
);

/** `out = gradient where output > 0, else 0`: the rectifier's gradient. */
const RELU_GRADIENT = overArrays(
  'reluGradient',
  ['out', 'gradient', 'output'],
  [],
  (lane, { out, gradient, output }) =>
    lane.store(out, lane.wherePositive(lane.load(output), lane.load(gradient))),
);

/** `into += from` */
const ADD_INTO = overArrays('addInto', ['into', 'from'], [], (lane, { into, from }) =>
  lane.store(into, lane.add(lane.load(into), lane.load(from))),
);

/** `values = values * factor + shift` */
const AFFINE = overArrays('affine', ['values'], ['factor', 'shift'], (lane, { values }, { factor, shift }) =>
  lane.store(values, lane.add(lane.mul(lane.load(values), factor), shift)),
);

/** `values[row] += bias`, then the rectifier if `relu`. In place. */
const ADD_BIAS = wasmFunction(
  'addBias',
  parametersOf('i32', 'values', 'bias', 'rows', 'columns', 'relu'),
  ({ values, bias, rows, columns, relu }, declare) => {
    const { row, column, at } = declare('i32', 'row', 'column', 'at');
    const pass = <T extends 'f32' | 'v128'>(lane: Lane<T>, width: number, rectify: boolean): Code => {
      const sum = lane.add(lane.load(values), lane.load(at));
      return loopSteps(column, columns, width, [
        lane.store(values, rectify ? lane.max(sum, lane.number(f32(0))) : sum),
        advance(values, i32(4 * width)),
        advance(at, i32(4 * width)),
      ]);
    };
    return loopSteps(row, rows, 1, [
      set(column, i32(0)),
      set(at, bias),
      when(
        relu,
        [pass(VECTOR, 4, true), pass(SCALAR, 1, true)],
        [pass(VECTOR, 4, false), pass(SCALAR, 1, false)],
      ),
    ]);
  },
);

/** Rows summed in one go before they are added to the result; keeps rounding errors as small as a pairwise sum's. */
const SUM_BLOCK = 128;

/** `out[column] = sum over rows` of values. `out` must hold zeros. */
const SUM_ROWS = wasmFunction(
  'sumRows',
  parametersOf('i32', 'values', 'out', 'rows', 'columns'),
  ({ values, out, rows, columns }, declare) => {
    const { row, column, end, at } = declare('i32', 'row', 'column', 'end', 'at');
    const vectors = Object.values(declare('v128', 'sum0', 'sum1', 'sum2', 'sum3'));
    const { single } = declare('f32', 'single');
    const stride = i32Mul(columns, i32(4));
    const outAt = i32Add(out, i32Mul(column, i32(4)));
    const startColumn: Code = [set(row, i32(0)), set(at, i32Add(values, i32Mul(column, i32(4))))];
    const overRows = (body: Code): Code =>
      loopWhile(i32LessThan(row, end), [body, advance(at, stride), advance(row, i32(1))]);
    const group = (count: number): Code => {
      const sums = vectors.slice(0, count);
      return loopSteps(column, columns, 4 * count, [
        startColumn,
        sums.map((sum) => set(sum, vZero)),
        overRows(sums.map((sum, k) => set(sum, vAdd(sum, vLoad(at, 16 * k))))),
        sums.map((sum, k) => vStore(outAt, vAdd(vLoad(outAt, 16 * k), sum), 16 * k)),
      ]);
    };
    return loopWhile(i32LessThan(i32(0), rows), [
      set(end, select(i32(SUM_BLOCK), rows, i32LessThan(i32(SUM_BLOCK), rows))),
      set(column, i32(0)),
      group(4),
      group(1),
      loopSteps(column, columns, 1, [
        startColumn,
        set(single, f32(0)),
        overRows(set(single, f32Add(single, f32Load(at)))),
        f32Store(outAt, f32Add(f32Load(outAt), single)),
      ]),
      advance(values, i32Mul(end, stride)),
      set(rows, i32Sub(rows, end)),
    ]);
  },
);

export const ELEMENTWISE_FUNCTIONS: readonly WasmFunction[] = [
  SGD,
  MOMENTUM,
  ADAM,
  RELU_GRADIENT,
  ADD_INTO,
  AFFINE,
  ADD_BIAS,
  SUM_ROWS,
];
