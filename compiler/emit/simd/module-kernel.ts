import type { CompiledLoss } from '../../compile.js';
import { planLoops } from '../fused/loops.js';
import type { ModuleKernel } from '../tfjs/module-kernel.js';
import { assemble } from '../wasm/assembler.js';
import { simdKernel } from './kernel.js';

/**
 * The kernel that a module can carry along, of its loss compiled with `plainMean`; undefined if the loss has none (`simdKernel`, `planLoops`).
 */
export function moduleKernel(plain: CompiledLoss): ModuleKernel | undefined {
  const plan = planLoops(plain);
  if (plan === undefined) return undefined;
  const kernel = simdKernel(plan, { parameter: () => undefined, size: () => undefined });
  if (kernel === undefined) return undefined;
  const bytes = assemble([kernel.code], false);
  const [axis] = new Set(plain.inputs.flatMap((input) => input.axes));
  return {
    name: `lossc ${plain.name} ${hashOf(bytes)}`,
    base64: base64Of(bytes),
    recordBytes: kernel.recordBytes,
    lists: kernel.lists,
    numbers: kernel.numbers,
    prediction: plan.prediction,
    axis,
    targetPerClass: plan.targetPerClass,
  };
}

function base64Of(bytes: Uint8Array): string {
  const { btoa } = globalThis as unknown as { btoa(text: string): string };
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** FNV-1a, 32 bits: two kernels of one loss have different names. */
function hashOf(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
