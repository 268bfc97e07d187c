/**
 * Matrix products in instructions of 256 bits, which WebAssembly does not have: V8 makes them of neighbouring ones of 128 bits where it is told
 * to ("re-vectorising", off unless asked for). The same numbers are multiplied and added in the same order, so the bits are those of the usual
 * product.
 */
import { assemble } from '../../../compiler/emit/wasm/assembler.js';
import { createGemm, type Gemm } from './gemm.js';
import { gemmFunctions, NARROW, type Tile, WIDE } from './gemm-code.js';
import type { WasmModule } from './wasm-backend.js';
import { instantiate, isShared } from './webassembly.js';

/** What is used of Node, where there is one. */
interface NodeProcess {
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly getBuiltinModule?: (name: 'node:v8') => { setFlagsFromString(flag: string): void };
}

/** V8 of Node 24. That of Node 22 has the flag and fails on loops; older ones lack it. */
const FIRST_V8 = 13;

/** `off` switches wide products off. */
const SWITCH = 'LOSSC_WIDE_PRODUCTS';

/** Set while the functions are compiled, at once and by the optimising compiler; then put back, so that nothing else is compiled so. */
const FLAGS = ['--experimental-wasm-revectorize', '--no-liftoff', '--no-wasm-lazy-compilation'];
const PUT_BACK = ['--no-experimental-wasm-revectorize', '--liftoff', '--wasm-lazy-compilation'];

/** Long enough to tell the two apart, with tiles at every edge and sums of two blocks. */
const TRIAL = { rows: 94, columns: 124, depth: 301 } as const;
const TRIALS = 12;

/**
 * Products that take wide tiles for all but narrow results. Undefined where the engine does not make such code, where they are switched off, and
 * where a trial (some milliseconds) shows other bits or no gain.
 */
export function wideGemm(wasm: WasmModule): Gemm | undefined {
  const engine = engineThatCan();
  if (engine === undefined) return undefined;
  for (const flag of FLAGS) engine.setFlagsFromString(flag);
  let narrow: Gemm;
  let wide: Gemm;
  try {
    [narrow, wide] = [compiled(wasm, NARROW), compiled(wasm, WIDE)];
  } finally {
    for (const flag of PUT_BACK) engine.setFlagsFromString(flag);
  }
  const both: Gemm = {
    bits: 256,
    multiply: (product) => (product.columns > NARROW.columns ? wide : narrow).multiply(product),
    dispose: () => {
      narrow.dispose();
      wide.dispose();
    },
  };
  if (isBetter(wasm, wide, narrow)) return both;
  both.dispose();
  return undefined;
}

function engineThatCan(): ReturnType<NonNullable<NodeProcess['getBuiltinModule']>> | undefined {
  const { process } = globalThis as { readonly process?: NodeProcess };
  if (process?.getBuiltinModule === undefined || process.env[SWITCH] === 'off') return undefined;
  const version = Number.parseInt(process.versions['v8'] ?? '', 10);
  return version >= FIRST_V8 ? process.getBuiltinModule('node:v8') : undefined;
}

function compiled(wasm: WasmModule, tile: Tile): Gemm {
  const { memory } = wasm.asm;
  return createGemm(wasm, instantiate(assemble(gemmFunctions(tile), isShared(memory)), memory), tile);
}

/** Whether the wide product gives the same bits in less time: on a processor without 256 bits it takes more. */
function isBetter(wasm: WasmModule, wide: Gemm, narrow: Gemm): boolean {
  const { rows, columns, depth } = TRIAL;
  const count = rows * depth + depth * columns;
  const [factors, result] = [wasm._malloc(4 * count), wasm._malloc(4 * rows * columns)];
  // Numbers whose products are rounded, and their sums.
  const numbers = Float32Array.from({ length: count }, (_, i) => ((7919 * i) % 1009) / 1009 - 0.5);
  wasm.HEAPF32.set(numbers, factors / 4);
  const product = (gemm: Gemm): Uint8Array => {
    gemm.multiply({
      rows,
      columns,
      depth,
      a: factors,
      aRowStride: 4 * depth,
      aDepthStride: 4,
      b: factors + 4 * rows * depth,
      bDepthStride: 4 * columns,
      bColumnStride: 4,
      c: result,
      cRowStride: 4 * columns,
      scale: 1,
      accumulate: false,
    });
    return wasm.HEAPU8.slice(result, result + 4 * rows * columns);
  };
  const timed = (gemm: Gemm): number => {
    const start = performance.now();
    product(gemm);
    return performance.now() - start;
  };
  const expected = product(narrow);
  const isSame = product(wide).every((byte, i) => byte === expected[i]);
  // In turn, and the least of each: whatever else the machine does comes upon both.
  const times = Array.from({ length: TRIALS }, () => [timed(wide), timed(narrow)] as const);
  const least = (k: 0 | 1): number => Math.min(...times.map((pair) => pair[k]));
  const better = isSame && least(0) < least(1);
  wasm._free(factors);
  wasm._free(result);
  return better;
}
