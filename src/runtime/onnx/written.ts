import type { LossScope } from '../../../compiler/emit/onnx/operators.js';
import type { Value } from '../../../compiler/emit/onnx/scope.js';
import type { LayerActivation } from '../models/activation.js';
import type { Layer, LayerForm, LayerKind } from '../models/layer.js';

/** The derivative by a parameter. */
export interface Gradient {
  readonly value: Value;
  /** `base` plus the gradient, or so many times it, where that takes no pass over the whole of its own. */
  readonly addedTo?: (base: Value, times?: Value) => Value;
}

interface Backward {
  /** Gradient with respect to the layer's input; absent where it was not asked for. */
  readonly input: Value | undefined;
  /** In the order of the layer's parameters. */
  readonly parameters: readonly Gradient[];
}

/** `base` plus so many times a gradient. */
export const plus = (s: LossScope, base: Value, { value, addedTo }: Gradient, times?: Value): Value =>
  addedTo?.(base, times) ?? s.add(base, times === undefined ? value : s.mul(value, times));

/** A layer as nodes of a graph. */
export interface WrittenLayer {
  readonly output: Value;
  /** What its state becomes; absent where it has none. */
  readonly state?: readonly Value[];
  readonly backward: (gradient: Value, needsInput: boolean) => Backward;
}

/** What a layer is written with. Parameters and state are in its order. */
export interface LayerGiven {
  readonly scope: LossScope;
  /** -1 where it may be any, in prediction. */
  readonly batch: number;
  readonly parameters: readonly Value[];
  readonly state: readonly Value[];
  /** A mask in the layout of the layer's input, drawn anew for each step; undefined in prediction, where nothing goes backward. */
  readonly mask: ((layer: Layer, fill: (mask: Float32Array) => void) => Value) | undefined;
}

/** A layer of a network that is not trained any more. */
export const predicting = (output: Value): WrittenLayer => ({
  output,
  backward: () => {
    throw new Error('internal error: nothing goes backward in prediction');
  },
});

/** How a kind of layer is written. */
export type LayerRow<K extends LayerKind> = (
  input: Value,
  form: Extract<LayerForm, { readonly kind: K }>,
  given: LayerGiven,
  layer: Layer,
) => WrittenLayer;

export const ACTIVATED: { readonly [K in LayerActivation]: (scope: LossScope, x: Value) => Value } = {
  linear: (_, x) => x,
  relu: (s, x) => s.op('Relu', [x]),
};

/** The gradient before the activation, from that after it and the output. */
export const THROUGH: {
  readonly [K in LayerActivation]: (scope: LossScope, gradient: Value, output: Value) => Value;
} = {
  linear: (_, gradient) => gradient,
  relu: (s, gradient, output) => s.where(s.less(s.number(0), output), gradient, 0),
};
