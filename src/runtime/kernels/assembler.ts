/**
 * A small assembler for WebAssembly with 128-bit SIMD: just what our kernels use, emitted as bytes without a toolchain.
 * Opcodes are those of the WebAssembly core specification 2.0, appendix "Index of instructions".
 */

/** Instructions as nested lists of bytes. */
export type Code = readonly (number | Code)[];

export type ValueType = 'i32' | 'f32' | 'v128';

const TYPE_BYTES: { readonly [K in ValueType]: number } = { i32: 0x7f, f32: 0x7d, v128: 0x7b };
const EMPTY_BLOCK = 0x40;
const END = 0x0b;

/** A function under construction: parameters first, then locals, all known by number. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly result?: ValueType;
  readonly body: Code;
}

function unsigned(value: number): number[] {
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

function float(value: number): number[] {
  return [...new Uint8Array(new Float32Array([value]).buffer)];
}

const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];
const memory = (alignment: number, offset: number): Code => [alignment, ...unsigned(offset)];

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [value, 0x21, ...unsigned(local)];
export const i32 = (value: number): Code => [0x41, ...signed(value)];
export const f32 = (value: number): Code => [0x43, ...float(value)];

const binary =
  (...opcode: readonly number[]) =>
  (left: Code, right: Code): Code => [left, right, opcode];
const unary =
  (...opcode: readonly number[]) =>
  (operand: Code): Code => [operand, opcode];

export const i32Add = binary(0x6a);
export const i32Sub = binary(0x6b);
export const i32Mul = binary(0x6c);
export const i32And = binary(0x71);
export const i32Or = binary(0x72);
export const i32Equal = binary(0x46);
export const i32LessThan = binary(0x48);
export const i32GreaterOrEqual = binary(0x4e);
export const i32LessThanUnsigned = binary(0x49);
export const f32Add = binary(0x92);
export const f32Sub = binary(0x93);
export const f32Mul = binary(0x94);
export const f32Div = binary(0x95);
export const f32Sqrt = unary(0x91);
export const f32GreaterThan = binary(0x5e);
export const f32Equal = binary(0x5b);
export const f32Max = binary(0x97);
export const splat = unary(...simd(0x13));
export const vAdd = binary(...simd(0xe4));
export const vSub = binary(...simd(0xe5));
export const vMul = binary(...simd(0xe6));
export const vDiv = binary(...simd(0xe7));
export const vMax = binary(...simd(0xe9));
export const vSqrt = unary(...simd(0xe3));
export const vGreaterThan = binary(...simd(0x44));
export const vEqual = binary(...simd(0x41));
export const vAnd = binary(...simd(0x4e));
/** The bits of the left that are not in the right. */
export const vAndNot = binary(...simd(0x4f));
export const vOr = binary(...simd(0x50));
export const vZero: Code = [...simd(0x0c), ...new Array<number>(16).fill(0)];

export const f32Load = (address: Code, offset = 0): Code => [address, 0x2a, memory(2, offset)];
export const f32Store = (address: Code, value: Code, offset = 0): Code => [
  address,
  value,
  0x38,
  memory(2, offset),
];
export const vLoad = (address: Code, offset = 0): Code => [address, simd(0x00), memory(2, offset)];
export const vLoadSplat = (address: Code, offset = 0): Code => [address, simd(0x09), memory(2, offset)];
export const vStore = (address: Code, value: Code, offset = 0): Code => [
  address,
  value,
  simd(0x0b),
  memory(2, offset),
];

/** `yes` where the condition is not 0, else `no`; both are computed. */
export const select = (yes: Code, no: Code, condition: Code): Code => [yes, no, condition, 0x1b];

/** `then` where the condition is not 0, else `otherwise`. */
export const when = (condition: Code, then: Code, otherwise?: Code): Code => [
  condition,
  0x04,
  EMPTY_BLOCK,
  then,
  ...(otherwise === undefined ? [] : [0x05, otherwise]),
  END,
];

/** Repeats the body while the condition, looked at before each round, is not 0. */
export const loopWhile = (condition: Code, body: Code): Code => [
  [0x03, EMPTY_BLOCK],
  when(condition, [body, 0x0c, 1]),
  END,
];

/** Adds a number of bytes or elements to a local. */
export const advance = (local: number, by: Code): Code => set(local, i32Add(get(local), by));

/** Runs the body with `counter` from 0 in steps while a whole step fits below `limit`; goes on from where it is. */
export const loopSteps = (counter: number, limit: Code, step: number, body: Code): Code =>
  loopWhile(i32GreaterOrEqual(limit, i32Add(get(counter), i32(step))), [body, advance(counter, i32(step))]);

const flat = (code: Code): number[] => {
  const bytes: number[] = [];
  const visit = (part: number | Code): void => {
    if (typeof part === 'number') bytes.push(part);
    else part.forEach(visit);
  };
  code.forEach(visit);
  return bytes;
};

const text = (value: string): number[] => [
  ...unsigned(value.length),
  ...[...value].map((c) => c.charCodeAt(0)),
];
const list = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
];

/** A module that imports `env.memory` and exports each function by its name. */
export function assemble(functions: readonly WasmFunction[], sharedMemory: boolean): Uint8Array {
  const types = functions.map(({ parameters, result }) => [
    0x60,
    ...list(parameters.map((type) => [TYPE_BYTES[type]])),
    ...list(result === undefined ? [] : [[TYPE_BYTES[result]]]),
  ]);
  // A shared memory's import must state a maximum; any memory fits 65,536 pages of 64 KiB.
  const limits = sharedMemory ? [3, 0, ...unsigned(65536)] : [0, 0];
  const bodies = functions.map(({ locals, body }) => {
    const content = [...list(locals.map((type) => [1, TYPE_BYTES[type]])), ...flat(body), END];
    return [...unsigned(content.length), ...content];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(2, list([[...text('env'), ...text('memory'), 2, ...limits]])),
    ...section(3, list(functions.map((_, index) => unsigned(index)))),
    ...section(7, list(functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)]))),
    ...section(10, list(bodies)),
  ]);
}
