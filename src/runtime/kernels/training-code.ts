/** Our generated WebAssembly, instantiated once on the memory of a backend. */

import { assemble } from '../../../compiler/emit/wasm/assembler.js';
import { invariant } from '../../../grammar/invariant.js';
import { CONVOLUTION_FUNCTIONS } from './convolution-code.js';
import { DEPTHWISE_FUNCTIONS } from './depthwise-code.js';
import { ELEMENTWISE_FUNCTIONS } from './elementwise-code.js';
import { createGemm, type Gemm } from './gemm.js';
import { gemmFunctions, NARROW } from './gemm-code.js';
import { POOLING_FUNCTIONS } from './pooling-code.js';
import type { WasmBackend, WasmModule } from './wasm-backend.js';
import { instantiate, isShared, type WasmExports } from './webassembly.js';
import { wideGemm } from './wide-gemm.js';

export interface TrainingCode {
  readonly gemm: Gemm;
  /** Calls a generated function by name; addresses are bytes in the backend's memory. */
  readonly call: (name: string, ...args: number[]) => void;
  /** A buffer of at least so many bytes, with anything in it, kept for the next caller: use it before anything else runs. */
  scratch(bytes: number): number;
}

const FUNCTIONS = [
  ...gemmFunctions(NARROW),
  ...ELEMENTWISE_FUNCTIONS,
  ...CONVOLUTION_FUNCTIONS,
  ...DEPTHWISE_FUNCTIONS,
  ...POOLING_FUNCTIONS,
];

interface Kept {
  readonly code: TrainingCode;
  release(): void;
}

const instances = new WeakMap<WasmModule, Kept>();

/** The code for this backend; assembled (about 1 ms) on first use. */
export function trainingCode({ wasm }: WasmBackend): TrainingCode {
  const kept = instances.get(wasm) ?? create(wasm);
  instances.set(wasm, kept);
  return kept.code;
}

/** Frees what the code keeps in the backend's memory. */
export function releaseTrainingCode({ wasm }: WasmBackend): void {
  instances.get(wasm)?.release();
  instances.delete(wasm);
}

function create(wasm: WasmModule): Kept {
  const { memory } = wasm.asm;
  const exported: WasmExports = instantiate(assemble(FUNCTIONS, isShared(memory)), memory);
  const gemm = wideGemm(wasm) ?? createGemm(wasm, exported, NARROW);
  let [buffer, size] = [0, 0];
  return {
    code: {
      gemm,
      call: (name, ...args) => {
        const target = exported[name];
        invariant(target !== undefined, `there is no generated function ${name}`);
        target(...args);
      },
      scratch: (bytes) => {
        if (bytes > size) {
          if (buffer !== 0) wasm._free(buffer);
          [buffer, size] = [wasm._malloc(bytes), bytes];
        }
        return buffer;
      },
    },
    release: () => {
      gemm.dispose();
      if (buffer !== 0) wasm._free(buffer);
    },
  };
}
