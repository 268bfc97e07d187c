import type { CompiledLoss } from '../compile.js';
import { signatureOf } from '../evaluate/bind.js';
import { Binding, type NumberArray } from '../evaluate/binding.js';
import type { Bindings } from '../evaluate/evaluate.js';
import type { Node } from '../graph/graph.js';
import type { ParameterValue } from '../lower/lowered.js';
import { evaluateBounds } from './evaluate.js';

/** Numbers with a shape, between two ends. */
export interface ArrayBounds {
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}

/** Inputs by name. */
type Inputs = ReadonlyMap<string, NumberArray>;

/** Bounds of what `evaluateLoss` gives with the reduction `sum`: values of items, and derivatives of their sum by predictions. */
export function lossBounds(
  compiled: CompiledLoss,
  inputs: { readonly lo: Inputs; readonly hi: Inputs },
  parameters: ReadonlyMap<string, ParameterValue>,
): { readonly values: ArrayBounds; readonly gradients: ReadonlyMap<string, ArrayBounds> } {
  const { graph } = compiled.lowered;
  const signature = signatureOf(compiled);
  const low = new Binding(signature, inputs.lo, parameters);
  const high = new Binding(signature, inputs.hi, parameters);
  const bindings = (bound: Binding): Bindings => ({
    sizes: bound.sizes,
    leaf: (node: Node) => bound.leaf(node, bound.counts),
  });
  const roots = [compiled.value, ...compiled.gradients.values()];
  const results = evaluateBounds(graph, roots, { lo: bindings(low), hi: bindings(high) });
  const value = results.get(compiled.value)!;
  const gradients = [...compiled.gradients].map(([name, node]): [string, ArrayBounds] => {
    const { lo, hi } = results.get(node)!;
    return [name, { lo: low.shaped(name, lo).data, hi: high.shaped(name, hi).data }];
  });
  return { values: { lo: value.lo.data, hi: value.hi.data }, gradients: new Map(gradients) };
}
