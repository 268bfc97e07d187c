import type * as tf from '@tensorflow/tfjs-core';

/**
 * The part of a module that is made from its loss. Here stands a loss without a prediction, so that the library is checked, loaded
 * and tested as it is; in a module each name in capitals is replaced by the expression of the loss at hand.
 */

/** What errors begin with. */
export const LOSS: string = 'loss: ';

/** The names of the options. */
export const KNOWN_OPTIONS: string[] = ['reduction', 'sampleWeight', 'checkInputs', 'ignoreLabel'];

/** The shape of one number per item beside the tensors of the module: `[-1, 1]` where they have two dimensions. */
export const COLUMN: number[] = [-1];

/** The same with the number of items, which `read` knows. */
export const COLUMN_SHAPE: number[] = [-1];

export interface Options {
  readonly reduction?: 'mean' | 'sum' | 'none' | 'weightedMean' | undefined;
  readonly sampleWeight?: tf.Tensor | undefined;
}

/** What the loss computes with. */
export interface Read {
  readonly items: number[];
  /** For each item 1, or 0 if a label leaves it out. */
  readonly counts?: tf.Tensor | undefined;
}

/** The value of each item. */
export function itemValues(_read: Read): tf.Tensor {
  throw new Error(`${LOSS}it has no values`);
}

/** The value of each item, and derivatives by the predictions. */
export function itemGradients(_read: Read, _seed?: tf.Tensor): [tf.Tensor, ...tf.Tensor[]] {
  throw new Error(`${LOSS}it has no gradients`);
}
