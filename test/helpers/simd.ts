/** Kernels of WebAssembly on a memory of their own. */
import type { CompiledLoss } from '../../compiler/compile.js';
import { planLoops } from '../../compiler/emit/fused/loops.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import type { WasmMemory } from '../../src/runtime/kernels/webassembly.js';
import { loadLoops } from '../../src/runtime/load-fused.js';
import { simdLoss } from '../../src/runtime/simd-loss.js';

declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number }) => WasmMemory;
};

const PAGE = 2 ** 16;
export const memoryOf = (bytes: number): WasmMemory =>
  new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });

/** The value of a batch and its gradient. */
export interface LossResult {
  readonly value: number;
  readonly gradient: Float32Array;
}

/** Which of the arrays ends where the memory ends. */
export type Last = 'target' | 'output' | 'gradient';

/** What is written to the memory outside of what a kernel may write. */
const UNTOUCHED = 12345;

/** By the kernel; undefined for a loss that has none. Throws where the kernel writes beside its results. */
export function byKernel(
  compiled: CompiledLoss,
  target: Float32Array,
  output: Float32Array,
  batch: number,
  classes: number,
  given: Readonly<Record<string, ParameterValue>> = {},
  last: Last = 'output',
): LossResult | undefined {
  const kernel = simdLoss(planLoops(compiled)!, compiled, given);
  if (kernel === undefined) return undefined;
  const memory = memoryOf(4 * (target.length + 2 * output.length) + 1024 * classes + PAGE);
  new Float32Array(memory.buffer).fill(UNTOUCHED);
  let end = memory.buffer.byteLength;
  const place = (length: number): Float32Array => {
    end -= 4 * length;
    return new Float32Array(memory.buffer, end, length);
  };
  const sizes = { target: target.length, output: output.length, gradient: output.length };
  const order = (['target', 'output', 'gradient'] as const).toSorted((a) => (a === last ? -1 : 0));
  const arrays = Object.fromEntries(order.map((name) => [name, place(sizes[name])])) as Record<
    Last,
    Float32Array
  >;
  arrays.target.set(target);
  arrays.output.set(output);
  const value = place(1);
  const sized = kernel(memory)(batch, classes);
  if (sized === undefined) return undefined;
  const scratch = 64;
  sized.run({
    target: arrays.target.byteOffset,
    output: arrays.output.byteOffset,
    gradient: arrays.gradient.byteOffset,
    value: value.byteOffset,
    scratch,
  });
  const after = scratch + sized.scratchBytes;
  const beside = new Float32Array(memory.buffer, after, (value.byteOffset - after) / 4);
  const inputs = [...arrays.target, ...arrays.output];
  if (beside.some((x) => x !== UNTOUCHED)) throw new Error('the kernel writes beside its results');
  if ([...target, ...output].some((x, i) => !Object.is(x, inputs[i])))
    throw new Error('the kernel writes inputs');
  return { value: value[0]!, gradient: arrays.gradient.slice() };
}

/** By the loops in JavaScript, in float64. */
export function byLoops(
  compiled: CompiledLoss,
  target: Float32Array,
  output: Float32Array,
  batch: number,
  classes: number,
  given: Readonly<Record<string, ParameterValue>> = {},
): LossResult {
  const gradient = new Float32Array(output.length);
  const value = loadLoops(planLoops(compiled)!, compiled, given).run(
    target,
    output,
    gradient,
    batch,
    classes,
  );
  return { value, gradient };
}
