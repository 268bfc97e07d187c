import { differentiate } from '../../../compiler/differentiate/differentiate.js';
import { Binding, type NumberArray } from '../../../compiler/evaluate/binding.js';
import { evaluate } from '../../../compiler/evaluate/evaluate.js';
import type { Node } from '../../../compiler/graph/graph.js';
import { ignoresItems } from '../../../compiler/lower/labels.js';
import type { LoweredInput, LoweredLoss } from '../../../compiler/lower/lowered.js';
import { takeLogits } from '../../../compiler/passes/logits.js';
import { simplifyingAlgebra } from '../../../compiler/passes/simplify.js';
import type { ParameterValues } from '../model/candidate.js';

/**
 * The gradient of a loss by its predictions, from logits where it has them, for any parameters. As it is written: everyday inputs need
 * no guards, and the passes of a whole compilation would take most of the time.
 */
export class Gradients {
  /** Predictions on probabilities are logits here. */
  readonly inputs: readonly LoweredInput[];
  readonly #predictions: readonly LoweredInput[];
  readonly #roots: readonly Node[];

  constructor(readonly lowered: LoweredLoss) {
    const algebra = simplifyingAlgebra(lowered.graph);
    const { inputs, value } = takeLogits(lowered, true, algebra);
    this.inputs = inputs;
    this.#predictions = inputs.filter(({ data }) => !data);
    const leaves = this.#predictions.map(({ node }) => node);
    this.#roots = differentiate(algebra, value, leaves, algebra.constant(1), { stable: true });
  }

  /** One after the other for each prediction; arrays stand in the order of the inputs. Throws `BindError` for what does not fit. */
  at(arrays: readonly NumberArray[], parameters: ParameterValues = {}): Float64Array {
    const { name, graph, parameters: declared } = this.lowered;
    const bound = new Binding(
      {
        ...{ name, graph, inputs: this.inputs, parameters: declared },
        ignores: (input) => ignoresItems(this.lowered, input),
      },
      new Map(this.inputs.map((input, i) => [input.name, arrays[i]!])),
      new Map(Object.entries(parameters)),
    );
    const seeds = new Float64Array(bound.count).fill(1);
    const found = evaluate(graph, this.#roots, {
      sizes: bound.sizes,
      leaf: (node) => bound.leaf(node, seeds),
    });
    const parts = this.#roots.map(
      (root, i) => bound.shaped(this.#predictions[i]!.name, found.get(root)!).data,
    );
    return Float64Array.from(parts.flatMap((part) => [...part]));
  }
}
