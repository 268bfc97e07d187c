/** The fused form of a loss on tensors: on the cpu and wasm backends, where numbers can be read and written in place. */
import type * as Tf from '@tensorflow/tfjs-core';
import type { CompiledLoss } from '../../compiler/compile.js';
import { type LoopPlan, planLoops } from '../../compiler/emit/fused/loops.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { trainingCode } from './kernels/training-code.js';
import { startedWasmBackend, type WasmBackend, type WasmModule } from './kernels/wasm-backend.js';
import { type FusedLoss, loadLoops } from './load-fused.js';
import { type SimdLoss, simdLoss } from './simd-loss.js';

interface ValueAndGradient {
  readonly value: Tf.Tensor;
  readonly gradient: Tf.Tensor;
}

/**
 * Value and gradient by one pass over the numbers; the function answers undefined where it does not apply (another backend,
 * labels, shapes that the loss has to judge). The result is undefined for a loss that cannot be fused.
 *
 * On wasm the pass is a kernel of WebAssembly, four items at a time in float32; it is the same pass as loops in JavaScript, in
 * float64, on cpu and for losses with an operator that has no form for four numbers. The parameter that is called `changing` has
 * the `number` that comes with each call.
 */
export function fusedLoss(
  tf: typeof Tf,
  compiled: CompiledLoss,
  parameters: Readonly<Record<string, ParameterValue>>,
  changing?: string,
): ((target: Tf.Tensor, output: Tf.Tensor, number?: number) => ValueAndGradient | undefined) | undefined {
  const plan = planLoops(compiled);
  if (plan === undefined) return undefined;
  const loops = once(() => loadLoops(plan, compiled, parameters, changing));
  const kernel = once(() => simdLoss(plan, compiled, parameters, changing));
  // One for each start of the backend. They go when the loss goes: a process with thousands of kernels runs out of memory maps.
  const kernels = new WeakMap<WasmModule, SimdLoss>();
  const kernelOn = ({ wasm }: WasmBackend): SimdLoss | undefined => {
    const made = kernels.get(wasm) ?? kernel()?.(wasm.asm.memory);
    if (made !== undefined) kernels.set(wasm, made);
    return made;
  };
  return (target, output, number) => {
    const rows = rowsOf(plan, target, output);
    if (rows === undefined) return undefined;
    switch (tf.getBackend()) {
      case 'wasm': {
        const backend = startedWasmBackend()!;
        const places = placesOf(backend, target, output);
        if (places === undefined) return undefined;
        return (
          byKernel(tf, backend, kernelOn(backend), places, rows, number) ??
          byLoops(tf, backend, loops(), places, rows, number)
        );
      }
      case 'cpu': {
        const gradient = new Float32Array(output.size);
        const [t, o] = [target.dataSync<'float32'>(), output.dataSync<'float32'>()];
        const value = loops().run(t, o, gradient, rows.batch, rows.classes, undefined, number);
        return { value: tf.scalar(value), gradient: tf.tensor(gradient, output.shape) };
      }
      default:
        return undefined;
    }
  };
}

/** What is made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

interface Rows {
  readonly batch: number;
  readonly classes: number;
}

/** How the tensors fall into rows; undefined unless they are float32 and fit each other exactly. */
function rowsOf(plan: LoopPlan, target: Tf.Tensor, output: Tf.Tensor): Rows | undefined {
  if (target.dtype !== 'float32' || output.dtype !== 'float32' || output.size === 0) return undefined;
  const same =
    target.shape.length === output.shape.length && target.shape.every((size, i) => size === output.shape[i]);
  if (!plan.outputPerClass)
    return same && !plan.targetPerClass ? { batch: output.size, classes: 1 } : undefined;
  if (output.rank !== 2) return undefined;
  const [batch, classes] = output.shape as [number, number];
  const fits = plan.targetPerClass ? same : target.rank === 1 && target.size === batch;
  return fits ? { batch, classes } : undefined;
}

/** Tensors in the memory of the wasm backend. */
interface Places {
  readonly target: number;
  readonly output: number;
  readonly targetSize: number;
  readonly shape: readonly number[];
  readonly size: number;
}

function placesOf(backend: WasmBackend, target: Tf.Tensor, output: Tf.Tensor): Places | undefined {
  const [from, to] = [backend.dataIdMap.get(target.dataId), backend.dataIdMap.get(output.dataId)];
  if (from === undefined || to === undefined) return undefined;
  return {
    target: from.memoryOffset,
    output: to.memoryOffset,
    targetSize: target.size,
    shape: output.shape,
    size: output.size,
  };
}

/** Beyond this the records of four items leave the caches, and are no small thing to keep. */
const MOST_SCRATCH = 2 ** 24;
/** A vector at a multiple of this lies in one line of the cache. */
const ALIGNMENT = 16;

function byKernel(
  tf: typeof Tf,
  backend: WasmBackend,
  kernel: SimdLoss | undefined,
  { target, output, shape }: Places,
  { batch, classes }: Rows,
  number: number | undefined,
): ValueAndGradient | undefined {
  const sized = kernel?.(batch, classes, number);
  if (sized === undefined || sized.scratchBytes > MOST_SCRATCH) return undefined;
  const gradient = backend.makeOutput(shape, 'float32');
  const value = backend.makeOutput([], 'float32');
  const offset = ({ dataId }: Tf.TensorInfo): number => backend.dataIdMap.get(dataId).memoryOffset;
  const scratch = trainingCode(backend).scratch(sized.scratchBytes + ALIGNMENT);
  sized.run({
    target,
    output,
    gradient: offset(gradient),
    value: offset(value),
    scratch: Math.ceil(scratch / ALIGNMENT) * ALIGNMENT,
  });
  const tensor = (made: Tf.TensorInfo): Tf.Tensor => tf.engine().makeTensorFromTensorInfo(made);
  return { value: tensor(value), gradient: tensor(gradient) };
}

function byLoops(
  tf: typeof Tf,
  backend: WasmBackend,
  loss: FusedLoss,
  { target, output, targetSize, shape, size }: Places,
  { batch, classes }: Rows,
  number: number | undefined,
): ValueAndGradient {
  const made = backend.makeOutput(shape, 'float32');
  // Only now: making room may have moved the memory.
  const { buffer } = backend.wasm.asm.memory;
  const view = (offset: number, length: number): Float32Array => new Float32Array(buffer, offset, length);
  const { memoryOffset } = backend.dataIdMap.get(made.dataId);
  const value = loss.run(
    view(target, targetSize),
    view(output, size),
    view(memoryOffset, size),
    batch,
    classes,
    undefined,
    number,
  );
  return { value: tf.scalar(value), gradient: tf.engine().makeTensorFromTensorInfo(made) };
}
