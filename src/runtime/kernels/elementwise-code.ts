/**
 * Small passes over arrays of float32 in place: bias, rectifier, sums over rows, optimizer updates. Each is written
 * once, as what happens to one element, and emitted for four elements at a time and for the rest.
 */
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
  get,
  i32,
  i32Add,
  i32LessThan,
  i32Mul,
  i32Sub,
  loopSteps,
  loopWhile,
  select,
  set,
  splat,
  type ValueType,
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
  type WasmFunction,
  when,
} from './assembler.js';

/** Arithmetic on one number or on four. */
interface Lane {
  readonly load: (address: Code) => Code;
  readonly store: (address: Code, value: Code) => Code;
  /** A parameter of type f32, by number. */
  readonly parameter: (local: number) => Code;
  readonly constant: (value: number) => Code;
  readonly add: (a: Code, b: Code) => Code;
  readonly sub: (a: Code, b: Code) => Code;
  readonly mul: (a: Code, b: Code) => Code;
  readonly div: (a: Code, b: Code) => Code;
  readonly max: (a: Code, b: Code) => Code;
  readonly sqrt: (a: Code) => Code;
  /** `value` where `test` is above 0, else 0. */
  readonly wherePositive: (test: Code, value: Code) => Code;
}

const SCALAR: Lane = {
  load: (address) => f32Load(address),
  store: (address, value) => f32Store(address, value),
  parameter: get,
  constant: f32,
  add: f32Add,
  sub: f32Sub,
  mul: f32Mul,
  div: f32Div,
  max: f32Max,
  sqrt: f32Sqrt,
  wherePositive: (test, value) => select(value, f32(0), f32GreaterThan(test, f32(0))),
};

const VECTOR: Lane = {
  load: (address) => vLoad(address),
  store: (address, value) => vStore(address, value),
  parameter: (local) => splat(get(local)),
  constant: (value) => splat(f32(value)),
  add: vAdd,
  sub: vSub,
  mul: vMul,
  div: vDiv,
  max: vMax,
  sqrt: vSqrt,
  wherePositive: (test, value) => vAnd(value, vGreaterThan(test, vZero)),
};

/**
 * A function over arrays of one length: `arrays` addresses first, then the number of elements, then `numbers` of type
 * f32. `body` gets the lane's arithmetic, the arrays' addresses and the numbers' locals.
 */
function overArrays(
  name: string,
  arrays: number,
  numbers: number,
  body: (lane: Lane, addresses: readonly Code[], numbers: readonly number[]) => Code,
): WasmFunction {
  const count = arrays;
  const done = arrays + 1 + numbers;
  const addresses = Array.from({ length: arrays }, (_, index) => get(index));
  const firstNumber = arrays + 1;
  const locals = Array.from({ length: numbers }, (_, index) => firstNumber + index);
  const pass = (lane: Lane, width: number): Code =>
    loopSteps(done, get(count), width, [
      body(lane, addresses, locals),
      addresses.map((_, index) => advance(index, i32(4 * width))),
    ]);
  return {
    name,
    parameters: [
      ...new Array<ValueType>(arrays + 1).fill('i32'),
      ...new Array<ValueType>(numbers).fill('f32'),
    ],
    locals: ['i32'],
    body: [pass(VECTOR, 4), pass(SCALAR, 1)],
  };
}

/** `w -= rate * (g + penalty * w)`: arrays w, g; numbers rate, penalty. */
const SGD = overArrays('sgd', 2, 2, (lane, [w, g], [rate, penalty]) => {
  const full = lane.add(lane.load(g!), lane.mul(lane.parameter(penalty!), lane.load(w!)));
  return lane.store(w!, lane.sub(lane.load(w!), lane.mul(lane.parameter(rate!), full)));
});

/** `v = momentum * v + g + penalty * w; w -= rate * v`: arrays w, g, v; numbers rate, penalty, momentum. */
const MOMENTUM = overArrays('momentum', 3, 3, (lane, [w, g, v], [rate, penalty, momentum]) => {
  const full = lane.add(lane.load(g!), lane.mul(lane.parameter(penalty!), lane.load(w!)));
  return [
    lane.store(v!, lane.add(lane.mul(lane.parameter(momentum!), lane.load(v!)), full)),
    lane.store(w!, lane.sub(lane.load(w!), lane.mul(lane.parameter(rate!), lane.load(v!)))),
  ];
});

/**
 * Adam: arrays w, g, m, s; numbers rate (already corrected for the first moment), penalty, beta1, beta2, and
 * 1 - beta2^t, the correction of the second moment.
 */
const ADAM = overArrays('adam', 4, 5, (lane, [w, g, m, s], [rate, penalty, beta1, beta2, correction]) => {
  const full = lane.add(lane.load(g!), lane.mul(lane.parameter(penalty!), lane.load(w!)));
  const mixed = (beta: number, old: Code, fresh: Code): Code =>
    lane.add(
      lane.mul(lane.parameter(beta), old),
      lane.mul(lane.sub(lane.constant(1), lane.parameter(beta)), fresh),
    );
  const root = lane.add(lane.sqrt(lane.div(lane.load(s!), lane.parameter(correction!))), lane.constant(1e-8));
  return [
    lane.store(m!, mixed(beta1!, lane.load(m!), full)),
    lane.store(s!, mixed(beta2!, lane.load(s!), lane.mul(full, full))),
    lane.store(w!, lane.sub(lane.load(w!), lane.mul(lane.parameter(rate!), lane.div(lane.load(m!), root)))),
  ];
});

/** `out = gradient where output > 0, else 0`: the rectifier's gradient. Arrays out, gradient, output. */
const RELU_GRADIENT = overArrays('reluGradient', 3, 0, (lane, [out, gradient, output]) =>
  lane.store(out!, lane.wherePositive(lane.load(output!), lane.load(gradient!))),
);

/** `into += from`: arrays into, from. */
const ADD_INTO = overArrays('addInto', 2, 0, (lane, [into, from]) =>
  lane.store(into!, lane.add(lane.load(into!), lane.load(from!))),
);

/** `values = values * factor + shift`: array values; numbers factor, shift. */
const AFFINE = overArrays('affine', 1, 2, (lane, [values], [factor, shift]) =>
  lane.store(
    values!,
    lane.add(lane.mul(lane.load(values!), lane.parameter(factor!)), lane.parameter(shift!)),
  ),
);

/** `values[row] += bias`, then the rectifier if `relu`: parameters values, bias, rows, columns, relu. In place. */
function addBias(): WasmFunction {
  const [values, bias, rows, columns, relu, row, column, at] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const pass = (lane: Lane, width: number, rectify: boolean): Code =>
    loopSteps(column, get(columns), width, [
      lane.store(
        get(values),
        (() => {
          const sum = lane.add(lane.load(get(values)), lane.load(get(at)));
          return rectify ? lane.max(sum, lane.constant(0)) : sum;
        })(),
      ),
      advance(values, i32(4 * width)),
      advance(at, i32(4 * width)),
    ]);
  return {
    name: 'addBias',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    locals: ['i32', 'i32', 'i32'],
    body: loopSteps(row, get(rows), 1, [
      set(column, i32(0)),
      set(at, get(bias)),
      when(
        get(relu),
        [pass(VECTOR, 4, true), pass(SCALAR, 1, true)],
        [pass(VECTOR, 4, false), pass(SCALAR, 1, false)],
      ),
    ]),
  };
}

/** Rows summed in one go before they are added to the result; keeps rounding errors as small as a pairwise sum's. */
const SUM_BLOCK = 128;

/** `out[column] = sum over rows`: parameters values, out, rows, columns. `out` must hold zeros. */
function sumRows(): WasmFunction {
  const [values, out, rows, columns, row, column, end, at] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const vectors = [8, 9, 10, 11] as const;
  const single = 12;
  const stride = i32Mul(get(columns), i32(4));
  const outAt = i32Add(get(out), i32Mul(get(column), i32(4)));
  const startColumn: Code = [set(row, i32(0)), set(at, i32Add(get(values), i32Mul(get(column), i32(4))))];
  const overRows = (body: Code): Code =>
    loopWhile(i32LessThan(get(row), get(end)), [body, advance(at, stride), advance(row, i32(1))]);
  const group = (count: number): Code =>
    loopSteps(column, get(columns), 4 * count, [
      startColumn,
      vectors.slice(0, count).map((sum) => set(sum, vZero)),
      overRows(vectors.slice(0, count).map((sum, k) => set(sum, vAdd(get(sum), vLoad(get(at), 16 * k))))),
      vectors.slice(0, count).map((sum, k) => vStore(outAt, vAdd(vLoad(outAt, 16 * k), get(sum)), 16 * k)),
    ]);
  return {
    name: 'sumRows',
    parameters: ['i32', 'i32', 'i32', 'i32'],
    locals: ['i32', 'i32', 'i32', 'i32', 'v128', 'v128', 'v128', 'v128', 'f32'],
    body: loopWhile(i32LessThan(i32(0), get(rows)), [
      set(end, select(i32(SUM_BLOCK), get(rows), i32LessThan(i32(SUM_BLOCK), get(rows)))),
      set(column, i32(0)),
      group(4),
      group(1),
      loopSteps(column, get(columns), 1, [
        startColumn,
        set(single, f32(0)),
        overRows(set(single, f32Add(get(single), f32Load(get(at))))),
        f32Store(outAt, f32Add(f32Load(outAt), get(single))),
      ]),
      advance(values, i32Mul(get(end), stride)),
      set(rows, i32Sub(get(rows), get(end))),
    ]),
  };
}

export const ELEMENTWISE_FUNCTIONS: readonly WasmFunction[] = [
  SGD,
  MOMENTUM,
  ADAM,
  RELU_GRADIENT,
  ADD_INTO,
  AFFINE,
  addBias(),
  sumRows(),
];
