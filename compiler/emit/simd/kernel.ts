import type { Node } from '../../graph/graph.js';
import { isReduction } from '../../operators/axis.js';
import type { LoopPlan } from '../fused/loops.js';
import { isSoftmax } from '../fused/reductions.js';
import { isTiled } from '../plan/tiles.js';
import { isCall } from '../tfjs/ops.js';
import { parametersOf, type WasmFunction, wasmFunction } from '../wasm/assembler.js';
import type { Local } from '../wasm/instructions.js';
import { type Addresses, KernelBody } from './body.js';
import { layoutOf } from './layout.js';
import { isSingle, type NumberSource, numberOf } from './numbers.js';
import { SIMD } from './operators.js';
import { GATHERS, SAME_FOR_ALL } from './reductions.js';
import { VECTOR } from './rows.js';

/** Value and gradient of a loss in WebAssembly: four items at a time in float32, sums over classes and items in float64. */
export interface SimdKernel {
  /**
   * `(target, output, gradient, batch, classes, records, lists, value, …numbers)`: addresses of float32, and how many items and
   * classes there are. The mean goes to `value`, its derivative by the output to `gradient`.
   */
  readonly code: WasmFunction;
  /** Bytes that it needs at `records` for each class. */
  readonly recordBytes: number;
  /** Positions of the parameters by class. At `lists` are their numbers, those of the first class first. */
  readonly lists: readonly number[];
  /** What the last arguments are. */
  readonly numbers: readonly Node[];
}

/** The name under which a module exports its kernel. */
export const KERNEL_NAME = 'lossAndGradient';

/**
 * A kernel for what a plan works out, with the numbers that `source` knows written into it; undefined if it has an operator without
 * a form for four numbers, or a number that float32 does not hold.
 */
export function simdKernel(plan: LoopPlan, source: NumberSource): SimdKernel | undefined {
  if (!hasForms(plan)) return undefined;
  const { host } = plan.schedule;
  const known = (node: Node): number | undefined => (host.has(node) ? numberOf(node, source) : undefined);
  const layout = layoutOf(plan, (node) => known(node) !== undefined);
  let fits = true;
  const names = layout.numbers.map((_, i) => `number${i}`);
  const code = wasmFunction(
    KERNEL_NAME,
    {
      ...parametersOf('i32', 'target', 'output', 'gradient', 'batch', 'classes', 'records', 'lists', 'value'),
      ...parametersOf('f32', ...names),
    },
    (parameters, declare) => {
      const given = parameters as unknown as Readonly<Record<string, Local<'f32'>>>;
      const numbers = new Map(layout.numbers.map((node, i) => [node, given[names[i]!]!]));
      const body = new KernelBody(plan, layout, {
        addresses: parameters as unknown as Addresses,
        numbers,
        known,
        declare,
        check: (value) => {
          fits &&= isSingle(value);
        },
      });
      return body.emit();
    },
  );
  if (!fits) return undefined;
  return {
    code,
    recordBytes: VECTOR * layout.length,
    lists: layout.lists.map((node) => node.leaf!.position),
    numbers: layout.numbers,
  };
}

function hasForms({ schedule: { order, host }, perClass }: LoopPlan): boolean {
  return order.every((node) => {
    if (host.has(node)) return true;
    if (isCall(node.op)) return SIMD[node.op] !== undefined;
    const gathers = node.args[0] !== undefined && perClass(node.args[0]);
    if (isSoftmax(node) && gathers) return true;
    if (isTiled(node.op) && gathers) return GATHERS[node.op] !== undefined;
    return isReduction(node.op) ? SAME_FOR_ALL[node.op] !== undefined : !isSoftmax(node);
  });
}
