/** A small assembler for WebAssembly: functions with named locals, emitted as bytes without a toolchain. */
import { invariant } from '../../../grammar/invariant.js';
import { type Code, END, type Local, unsigned, type ValueType } from './instructions.js';

const TYPE_BYTES: { readonly [K in ValueType]: number } = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

type Types = Readonly<Record<string, ValueType>>;
type LocalsOf<T extends Types> = { readonly [K in keyof T]: Local<T[K]> };

/** Declares local variables of one type, which are 0 at first. Throws for a name that is taken. */
export type Declare = <T extends ValueType, N extends string>(
  type: T,
  ...names: readonly N[]
) => { readonly [K in N]: Local<T> };

/** A function that gives nothing: its parameters by name, in order, and a body that declares the locals it needs. */
export function wasmFunction<P extends Types>(
  name: string,
  parameters: P,
  body: (parameters: LocalsOf<P>, declare: Declare) => Code,
): WasmFunction {
  const all = new Map<string, Local<ValueType>>();
  const add = <T extends ValueType>(type: T, local: string): Local<T> => {
    invariant(!all.has(local), `${name} has two locals ${local}`);
    const made = { name: local, type, index: all.size, code: [0x20, ...unsigned(all.size)] };
    all.set(local, made);
    return made;
  };
  const given = mapped(Object.keys(parameters), (key) => add(parameters[key]!, key)) as LocalsOf<P>;
  const count = all.size;
  const code = body(given, (type, ...names) => mapped(names, (local) => add(type, local)));
  const types = [...all.values()].map(({ type }) => type);
  return { name, parameters: types.slice(0, count), locals: types.slice(count), body: code };
}

const mapped = <K extends string, V>(keys: readonly K[], value: (key: K) => V): Record<K, V> =>
  Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>;

/** Parameters of one type, by name. */
export const parametersOf = <T extends ValueType, N extends string>(
  type: T,
  ...names: readonly N[]
): { readonly [K in N]: T } => mapped(names, () => type);

/** Appends the bytes of instructions. */
function append(bytes: number[], code: Code): void {
  for (let i = 0; i < code.length; i++) {
    const part = code[i]!;
    if (typeof part === 'number') bytes.push(part);
    else append(bytes, part);
  }
}

const text = (value: string): number[] => [
  ...unsigned(value.length),
  ...[...value].map((c) => c.charCodeAt(0)),
];
const list = (items: readonly (readonly number[])[]): number[] => unsigned(items.length).concat(...items);
const section = (id: number, content: readonly number[]): number[] =>
  [id, ...unsigned(content.length)].concat(content);

/** A module that imports `env.memory` and exports each function by its name. */
export function assemble(functions: readonly WasmFunction[], sharedMemory: boolean): Uint8Array {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...list(parameters.map((type) => [TYPE_BYTES[type]])),
    0,
  ]);
  // A shared memory's import must state a maximum; any memory fits 65,536 pages of 64 KiB.
  const limits = sharedMemory ? [3, 0, ...unsigned(65536)] : [0, 0];
  const bodies = functions.map(({ locals, body }) => {
    const content = list(locals.map((type) => [1, TYPE_BYTES[type]]));
    append(content, body);
    content.push(END);
    return unsigned(content.length).concat(content);
  });
  return new Uint8Array(
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0].concat(
      section(1, list(types)),
      section(2, list([[...text('env'), ...text('memory'), 2, ...limits]])),
      section(3, list(functions.map((_, index) => unsigned(index)))),
      section(7, list(functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)]))),
      section(10, list(bodies)),
    ),
  );
}
