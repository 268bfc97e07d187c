import { invariant } from '../../grammar/invariant.js';
import type { Decl, LossDecl } from '../../grammar/tree/ast.js';
import { type CompiledLoss, compileLoss } from '../compile.js';
import { evaluate, type Values } from '../evaluate/evaluate.js';
import { axisIndices } from '../graph/axes.js';
import type { Node } from '../graph/graph.js';
import type { LoweredParameter, ParameterValue } from '../lower/lowered.js';
import { flat } from '../lower/parameter-value.js';
import { programOf } from '../resolve/program.js';

/** A loss of one target and one prediction as a float64 function on small arrays. */
export interface NumericLoss {
  /**
   * `target` and `output` (logits, where the prediction's domain has them) are row-major `[batch, classes]`. Gives one value per
   * item and the gradient of their sum with respect to `output`, with the guards of the code that trains. Never throws for NaN.
   */
  evaluate(
    target: Float64Array,
    output: Float64Array,
    batch: number,
    classes: number,
  ): { readonly values: Float64Array; readonly gradient: Float64Array };
}

/**
 * Compiles a loss given as a tree for evaluation in float64. Parameters that are not named keep their default.
 * Throws `LossError` when the loss has errors.
 */
export function numericLoss(
  decl: LossDecl,
  library: readonly Decl[] = [],
  parameters: Readonly<Record<string, ParameterValue>> = {},
): NumericLoss {
  return new SmallLoss(compileLoss(programOf([decl], library), decl, { fromLogits: true }), parameters);
}

/** The same for a loss that is compiled already, from logits where its prediction has them. */
export const numericOf = (
  compiled: CompiledLoss,
  parameters: Readonly<Record<string, ParameterValue>> = {},
): NumericLoss => new SmallLoss(compiled, parameters);

class SmallLoss implements NumericLoss {
  readonly #gradient: Node;
  readonly #axis: number | undefined;

  constructor(
    private readonly compiled: CompiledLoss,
    private readonly parameters: Readonly<Record<string, ParameterValue>>,
  ) {
    const prediction = compiled.inputs.find((input) => !input.data);
    invariant(prediction !== undefined, 'a checked loss has a prediction');
    this.#gradient = compiled.gradients.get(prediction.name)!;
    this.#axis = prediction.axes.at(-1);
  }

  evaluate(
    target: Float64Array,
    output: Float64Array,
    batch: number,
    classes: number,
  ): { values: Float64Array; gradient: Float64Array } {
    const { compiled } = this;
    // Without a class axis every number is an item.
    const items = this.#axis === undefined ? batch * classes : batch;
    const sizes = [items];
    if (this.#axis !== undefined) sizes[this.#axis] = classes;
    for (const parameter of compiled.parameters) this.#learnSizes(parameter, sizes);
    const leaf = (node: Node): Values => {
      const { kind, position } = node.leaf!;
      if (node.op === 'parameter') return this.#parameter(compiled.parameters[position]!, sizes);
      if (kind === 'seed') return { axes: node.axes, data: new Float64Array(items).fill(1) };
      return { axes: node.axes, data: compiled.inputs[position]!.data ? target : output };
    };
    const { graph } = compiled.lowered;
    const results = evaluate(graph, [compiled.value, this.#gradient], { sizes, leaf });
    return {
      values: results.get(compiled.value)!.data,
      gradient: spread(results.get(this.#gradient)!, items, (batch * classes) / items),
    };
  }

  #value({ name, default: fallback }: LoweredParameter): ParameterValue {
    const value = this.parameters[name] ?? fallback;
    invariant(value !== undefined, `the parameter ${name} has no value`);
    return value;
  }

  /** A list says how long the axes are that no input has. */
  #learnSizes(parameter: LoweredParameter, sizes: number[]): void {
    let level = this.#value(parameter);
    for (const axis of parameter.axes) {
      if (typeof level === 'number') return;
      sizes[axis] ??= level.length;
      level = level[0]!;
    }
  }

  #parameter(parameter: LoweredParameter, sizes: readonly number[]): Values {
    const { axes, node } = parameter;
    const value = this.#value(parameter);
    const { axes: table } = this.compiled.lowered.graph;
    const count = axes.reduce((total, axis) => total * (table.get(axis).size ?? sizes[axis] ?? 1), 1);
    const data =
      typeof value === 'number' ? new Float64Array(count).fill(value) : Float64Array.from(flat(value));
    return { axes: node.axes, data };
  }
}

/** Values over `[items, width]`, repeated along the axes they lack. */
function spread({ axes, data }: Values, items: number, width: number): Float64Array {
  if (data.length === items * width && (axisIndices(axes).length === 2 || width === 1)) return data;
  const perItem = (axes & 1) !== 0;
  return Float64Array.from({ length: items * width }, (_, k) => {
    if (axes === 0) return data[0]!;
    return data[perItem ? Math.floor(k / width) : k % width]!;
  });
}
