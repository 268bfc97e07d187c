/**
 * The WebAssembly instructions that our kernels use, with 128-bit SIMD: `v` works on four float32, `d` on two float64, `n` on four int32 and
 * `w` on two int64. A value knows its type: one of the wrong type does not
 * compile here, and throws where it is made.
 * Opcodes are those of the WebAssembly core specification 2.0, appendix "Index of instructions".
 */
import { invariant } from '../../../grammar/invariant.js';

/** Instructions as nested lists of bytes. They leave nothing on the stack. */
export type Code = readonly (number | Code)[];

export type ValueType = 'i32' | 'f32' | 'f64' | 'v128';

/** Instructions that leave one value on the stack. */
export interface Value<T extends ValueType> {
  readonly type: T;
  readonly code: Code;
}

/** A parameter or local variable of a function; as a value it is what it holds. */
export interface Local<T extends ValueType> extends Value<T> {
  readonly name: string;
  readonly index: number;
}

const EMPTY_BLOCK = 0x40;
export const END = 0x0b;

/** LEB128, as WebAssembly writes whole numbers. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const last = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(last ? low : low | 0x80);
    if (last) return bytes;
  }
}

const eight = new DataView(new ArrayBuffer(8));

/** The bytes of a number as memory has it, the lowest first. */
function float(value: number): number[] {
  eight.setFloat32(0, value, true);
  return [0, 1, 2, 3].map((at) => eight.getUint8(at));
}

function double(value: number): number[] {
  eight.setFloat64(0, value, true);
  return [0, 1, 2, 3, 4, 5, 6, 7].map((at) => eight.getUint8(at));
}

/** The instructions of a value that has to be of a type. */
function codeOf<T extends ValueType>(type: T, value: Value<T>): Code {
  invariant(value.type === type, `${value.type} where ${type} is needed`);
  return value.code;
}

const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

export const set = <T extends ValueType>(local: Local<T>, value: Value<T>): Code => [
  codeOf(local.type, value),
  0x21,
  ...unsigned(local.index),
];
export const i32 = (value: number): Value<'i32'> => ({ type: 'i32', code: [0x41, ...signed(value)] });
export const f32 = (value: number): Value<'f32'> => ({ type: 'f32', code: [0x43, ...float(value)] });

const f64 = (value: number): Value<'f64'> => ({
  type: 'f64',
  code: [0x44, double(value)],
});

const binary =
  <T extends ValueType, R extends ValueType>(type: T, result: R, ...opcode: readonly number[]) =>
  (left: Value<T>, right: Value<T>): Value<R> => ({
    type: result,
    code: [codeOf(type, left), codeOf(type, right), opcode],
  });
const unary =
  <T extends ValueType, R extends ValueType>(type: T, result: R, ...opcode: readonly number[]) =>
  (operand: Value<T>): Value<R> => ({ type: result, code: [codeOf(type, operand), opcode] });

export const i32Add = binary('i32', 'i32', 0x6a);
export const i32Sub = binary('i32', 'i32', 0x6b);
export const i32Mul = binary('i32', 'i32', 0x6c);
export const i32And = binary('i32', 'i32', 0x71);
export const i32Or = binary('i32', 'i32', 0x72);
export const i32Equal = binary('i32', 'i32', 0x46);
export const i32LessThan = binary('i32', 'i32', 0x48);
export const i32GreaterOrEqual = binary('i32', 'i32', 0x4e);
export const i32ShiftLeft = binary('i32', 'i32', 0x74);
export const i32LessThanUnsigned = binary('i32', 'i32', 0x49);
export const i32LessOrEqualUnsigned = binary('i32', 'i32', 0x4d);
export const f32Add = binary('f32', 'f32', 0x92);
export const f32Sub = binary('f32', 'f32', 0x93);
export const f32Mul = binary('f32', 'f32', 0x94);
export const f32Div = binary('f32', 'f32', 0x95);
export const f32Sqrt = unary('f32', 'f32', 0x91);
export const f32GreaterThan = binary('f32', 'i32', 0x5e);
export const f32Equal = binary('f32', 'i32', 0x5b);
export const f32Max = binary('f32', 'f32', 0x97);
export const f64Add = binary('f64', 'f64', 0xa0);
export const f64Div = binary('f64', 'f64', 0xa3);
export const f64FromI32 = unary('i32', 'f64', 0xb7);
export const f32FromF64 = unary('f64', 'f32', 0xb6);
export const splat = unary('f32', 'v128', ...simd(0x13));
export const vAdd = binary('v128', 'v128', ...simd(0xe4));
export const vSub = binary('v128', 'v128', ...simd(0xe5));
export const vMul = binary('v128', 'v128', ...simd(0xe6));
export const vDiv = binary('v128', 'v128', ...simd(0xe7));
export const vMax = binary('v128', 'v128', ...simd(0xe9));
/** `right < left ? right : left` and the other way: with less work than vMin and vMax, and NaN of the left alone. */
export const vSmaller = binary('v128', 'v128', ...simd(0xea));
export const vLarger = binary('v128', 'v128', ...simd(0xeb));
export const vMin = binary('v128', 'v128', ...simd(0xe8));
export const vNegate = unary('v128', 'v128', ...simd(0xe1));
export const vAbs = unary('v128', 'v128', ...simd(0xe0));
export const vFloor = unary('v128', 'v128', ...simd(0x68));
/** The nearest whole number, of two the even one. */
export const vNearest = unary('v128', 'v128', ...simd(0x6a));
export const vSqrt = unary('v128', 'v128', ...simd(0xe3));
export const vGreaterThan = binary('v128', 'v128', ...simd(0x44));
export const vEqual = binary('v128', 'v128', ...simd(0x41));
export const vNotEqual = binary('v128', 'v128', ...simd(0x42));
export const vLessThan = binary('v128', 'v128', ...simd(0x43));
export const vLessOrEqual = binary('v128', 'v128', ...simd(0x45));
export const vNot = unary('v128', 'v128', ...simd(0x4d));
export const vXor = binary('v128', 'v128', ...simd(0x51));
/** Bits of `yes` where the mask has ones, of `no` where it has zeros. */
export const vChoose = (mask: Value<'v128'>, yes: Value<'v128'>, no: Value<'v128'>): Value<'v128'> => ({
  type: 'v128',
  code: [codeOf('v128', yes), codeOf('v128', no), codeOf('v128', mask), simd(0x52)],
});
export const nSplat = unary('i32', 'v128', ...simd(0x11));
export const nAdd = binary('v128', 'v128', ...simd(0xae));
export const nSub = binary('v128', 'v128', ...simd(0xb1));
export const nMax = binary('v128', 'v128', ...simd(0xb8));
export const nLessThan = binary('v128', 'v128', ...simd(0x39));
/** float32 from int32. */
export const vFromN = unary('v128', 'v128', ...simd(0xfa));
const shift =
  (...opcode: readonly number[]) =>
  (operand: Value<'v128'>, by: number): Value<'v128'> => ({
    type: 'v128',
    code: [codeOf('v128', operand), i32(by).code, opcode],
  });
export const nShiftLeft = shift(...simd(0xab));
/** With the sign. */
export const nShiftRight = shift(...simd(0xac));
export const wShiftLeft = shift(...simd(0xcb));
export const wShiftRight = shift(...simd(0xcc));
export const wAdd = binary('v128', 'v128', ...simd(0xce));
export const wSub = binary('v128', 'v128', ...simd(0xd1));
const dSplat = unary('f64', 'v128', ...simd(0x14));
export const dAdd = binary('v128', 'v128', ...simd(0xf0));
export const dSub = binary('v128', 'v128', ...simd(0xf1));
export const dMul = binary('v128', 'v128', ...simd(0xf2));
export const dDiv = binary('v128', 'v128', ...simd(0xf3));
export const dMin = binary('v128', 'v128', ...simd(0xf4));
export const dMax = binary('v128', 'v128', ...simd(0xf5));
/** float64 of the first two float32, and the other way with zeros behind. */
export const dFromV = unary('v128', 'v128', ...simd(0x5f));
export const vFromD = unary('v128', 'v128', ...simd(0x5e));
/** One of the two float64. */
export const dLane = (operand: Value<'v128'>, lane: 0 | 1): Value<'f64'> => ({
  type: 'f64',
  code: [codeOf('v128', operand), simd(0x21), lane],
});
/** Four numbers of 32 bits out of the eight of two vectors. */
export const shuffle = (
  left: Value<'v128'>,
  right: Value<'v128'>,
  lanes: readonly [number, number, number, number],
): Value<'v128'> => ({
  type: 'v128',
  code: [
    codeOf('v128', left),
    codeOf('v128', right),
    simd(0x0d),
    lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]),
  ],
});
export const vAnd = binary('v128', 'v128', ...simd(0x4e));
/** The bits of the left that are not in the right. */
export const vAndNot = binary('v128', 'v128', ...simd(0x4f));
export const vOr = binary('v128', 'v128', ...simd(0x50));
/** Four int32 as they are. */
export const nConst = (lanes: readonly [number, number, number, number]): Value<'v128'> => ({
  type: 'v128',
  code: [simd(0x0c), [...new Uint8Array(new Int32Array(lanes).buffer)]],
});
/** The same float64 twice. Written as a number that is spread, as float32 are: that is shorter. */
export const d = (value: number): Value<'v128'> => dSplat(f64(value));
export const vZero: Value<'v128'> = {
  type: 'v128',
  code: [...simd(0x0c), ...new Array<number>(16).fill(0)],
};

/** An address in bytes; `offset` is added to it. */
const load =
  <T extends ValueType>(type: T, ...opcode: readonly number[]) =>
  (address: Value<'i32'>, offset = 0): Value<T> => ({
    type,
    code: [codeOf('i32', address), opcode, 2, ...unsigned(offset)],
  });
const store =
  <T extends ValueType>(type: T, ...opcode: readonly number[]) =>
  (address: Value<'i32'>, value: Value<T>, offset = 0): Code => [
    codeOf('i32', address),
    codeOf(type, value),
    opcode,
    2,
    ...unsigned(offset),
  ];

export const f32Load = load('f32', 0x2a);
export const f32Store = store('f32', 0x38);
export const vLoad = load('v128', ...simd(0x00));
export const vLoadSplat = load('v128', ...simd(0x09));
export const vStore = store('v128', ...simd(0x0b));

/** A vector with one of its numbers read from an address, and one of its numbers written. */
export const vLoadLane = (vector: Value<'v128'>, address: Value<'i32'>, lane: number): Value<'v128'> => ({
  type: 'v128',
  code: [codeOf('i32', address), codeOf('v128', vector), simd(0x56), 2, 0, lane],
});
export const vStoreLane = (address: Value<'i32'>, vector: Value<'v128'>, lane: number): Code => [
  codeOf('i32', address),
  codeOf('v128', vector),
  simd(0x5a),
  2,
  0,
  lane,
];

/** `yes` where the condition is not 0, else `no`; both are computed. */
export const select = <T extends ValueType>(
  yes: Value<T>,
  no: Value<T>,
  condition: Value<'i32'>,
): Value<T> => ({
  type: yes.type,
  code: [yes.code, codeOf(yes.type, no), codeOf('i32', condition), 0x1b],
});

/** `then` where the condition is not 0, else `otherwise`. */
export const when = (condition: Value<'i32'>, then: Code, otherwise?: Code): Code => [
  codeOf('i32', condition),
  0x04,
  EMPTY_BLOCK,
  then,
  ...(otherwise === undefined ? [] : [0x05, otherwise]),
  END,
];

/** Repeats the body while the condition, looked at before each round, is not 0. */
export const loopWhile = (condition: Value<'i32'>, body: Code): Code => [
  [0x03, EMPTY_BLOCK],
  when(condition, [body, 0x0c, 1]),
  END,
];

/** Adds a number of bytes or elements to a local. */
export const advance = (local: Local<'i32'>, by: Value<'i32'>): Code => set(local, i32Add(local, by));

/** Runs the body with `counter` from 0 in steps while a whole step fits below `limit`; goes on from where it is. */
export const loopSteps = (counter: Local<'i32'>, limit: Value<'i32'>, step: number, body: Code): Code =>
  loopWhile(i32GreaterOrEqual(limit, i32Add(counter, i32(step))), [body, advance(counter, i32(step))]);
