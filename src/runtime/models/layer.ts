/** One layer of a network with its own backward pass, so that training needs no autodiff tape. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../random.js';
import type { LayerActivation } from './activation.js';
import type { Parameter } from './parameter.js';

/**
 * What a layer does, for those who write it in another form than TensorFlow.js's (`src/runtime/onnx/layers.ts`): a kind, and what is not
 * said by its shapes and parameters.
 */
export type LayerForm =
  | { readonly kind: 'flatten' }
  | { readonly kind: 'dense'; readonly activation: LayerActivation }
  /** `fill` writes the next mask, for `batch` examples at once: 0, or what a value that is kept is multiplied with. */
  | { readonly kind: 'dropout'; readonly fill: (mask: Float32Array) => void }
  | {
      readonly kind: 'convolution';
      readonly strides: number;
      readonly padding: 'same' | 'valid';
      readonly activation: LayerActivation;
    }
  /** Windows of `size` by `size`, side by side. */
  | { readonly kind: 'maximum'; readonly size: number }
  | { readonly kind: 'average' }
  /** `kept` is the share of the old running statistics that each step keeps. */
  | {
      readonly kind: 'normalisation';
      readonly epsilon: number;
      readonly kept: number;
      readonly activation: LayerActivation;
    }
  /** The rectified sum of two chains. */
  | { readonly kind: 'residual'; readonly main: readonly Layer[]; readonly shortcut: readonly Layer[] };

export type LayerKind = LayerForm['kind'];

interface Backward {
  /** Gradient with respect to the layer's input; absent where it was not asked for. */
  readonly input: tf.Tensor | undefined;
  /** In the order of the layer's parameters. */
  readonly parameters: readonly tf.Tensor[];
}

export interface Activation {
  readonly output: tf.Tensor;
  backward(gradient: tf.Tensor, needsInput: boolean): Backward;
}

export interface Layer {
  readonly form: LayerForm;
  /** Without the batch. */
  readonly inputShape: readonly number[];
  /** Without the batch. */
  readonly outputShape: readonly number[];
  readonly parameters: readonly Parameter[];
  /** State that is kept but not trained (running statistics); saved and disposed with the model. */
  readonly state?: readonly Parameter[];
  /** As in prediction: no dropout, running statistics. */
  predict(input: tf.Tensor): tf.Tensor;
  /** As in training, keeping what the backward pass needs. Called within `tf.tidy`. */
  forward(input: tf.Tensor): Activation;
}

/** Makes a layer for an input shape; `random` decides its initial values and dropout, `name` names its parameters. */
export type LayerFactory = (inputShape: readonly number[], random: Random, name: string) => Layer;
