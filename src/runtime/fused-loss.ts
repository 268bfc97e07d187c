/** The fused form of a loss on tensors: on the cpu and wasm backends, where numbers can be read and written in place. */
import type * as Tf from '@tensorflow/tfjs-core';
import type { CompiledLoss } from '../../compiler/compile.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { startedWasmBackend, type WasmBackend } from './kernels/wasm-backend.js';
import { type FusedLoss, loadFused } from './load-fused.js';

interface ValueAndGradient {
  readonly value: Tf.Tensor;
  readonly gradient: Tf.Tensor;
}

/**
 * Value and gradient by one pass over the numbers; the function answers undefined where it does not apply (another backend,
 * labels, shapes that the loss has to judge). The result is undefined for a loss that cannot be fused.
 */
export function fusedLoss(
  tf: typeof Tf,
  compiled: CompiledLoss,
  parameters: Readonly<Record<string, ParameterValue>>,
): ((target: Tf.Tensor, output: Tf.Tensor) => ValueAndGradient | undefined) | undefined {
  const loss = loadFused(compiled, parameters);
  if (loss === undefined) return undefined;
  return (target, output) => {
    const rows = rowsOf(loss, target, output);
    if (rows === undefined) return undefined;
    switch (tf.getBackend()) {
      case 'wasm':
        return onWasm(tf, startedWasmBackend()!, loss, target, output, rows);
      case 'cpu': {
        const gradient = new Float32Array(output.size);
        const [t, o] = [target.dataSync<'float32'>(), output.dataSync<'float32'>()];
        const value = loss.run(t, o, gradient, rows.batch, rows.classes);
        return { value: tf.scalar(value), gradient: tf.tensor(gradient, output.shape) };
      }
      default:
        return undefined;
    }
  };
}

interface Rows {
  readonly batch: number;
  readonly classes: number;
}

/** How the tensors fall into rows; undefined unless they are float32 and fit each other exactly. */
function rowsOf(loss: FusedLoss, target: Tf.Tensor, output: Tf.Tensor): Rows | undefined {
  if (target.dtype !== 'float32' || output.dtype !== 'float32' || output.size === 0) return undefined;
  const same =
    target.shape.length === output.shape.length && target.shape.every((size, i) => size === output.shape[i]);
  if (!loss.outputPerClass)
    return same && !loss.targetPerClass ? { batch: output.size, classes: 1 } : undefined;
  if (output.rank !== 2) return undefined;
  const [batch, classes] = output.shape as [number, number];
  const fits = loss.targetPerClass ? same : target.rank === 1 && target.size === batch;
  return fits ? { batch, classes } : undefined;
}

function onWasm(
  tf: typeof Tf,
  backend: WasmBackend,
  loss: FusedLoss,
  target: Tf.Tensor,
  output: Tf.Tensor,
  { batch, classes }: Rows,
): ValueAndGradient | undefined {
  const [from, to] = [backend.dataIdMap.get(target.dataId), backend.dataIdMap.get(output.dataId)];
  if (from === undefined || to === undefined) return undefined;
  const made = backend.makeOutput(output.shape, 'float32');
  // Only now: making room may have moved the memory.
  const { buffer } = backend.wasm.asm.memory;
  const view = (offset: number, size: number): Float32Array => new Float32Array(buffer, offset, size);
  const { memoryOffset } = backend.dataIdMap.get(made.dataId);
  const value = loss.run(
    view(from.memoryOffset, target.size),
    view(to.memoryOffset, output.size),
    view(memoryOffset, output.size),
    batch,
    classes,
  );
  return { value: tf.scalar(value), gradient: tf.engine().makeTensorFromTensorInfo(made) };
}
