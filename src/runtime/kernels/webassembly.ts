/** The part of the WebAssembly interface that we use; TypeScript declares it only together with the browser's DOM. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

export type WasmExports = Readonly<Record<string, (...args: number[]) => number>>;

interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: WasmExports };
}

const api = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;

/** Compiles and instantiates a module that imports its memory as `env.memory`. */
export function instantiate(bytes: Uint8Array, memory: WasmMemory): WasmExports {
  return new api.Instance(new api.Module(bytes), { env: { memory } }).exports;
}

/** Whether the memory belongs to a threaded build. */
export function isShared(memory: WasmMemory): boolean {
  return memory.buffer.constructor.name === 'SharedArrayBuffer';
}
