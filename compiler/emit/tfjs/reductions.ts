import type { HelperName } from '../helpers/helpers.js';
import type { TiledOp } from '../plan/tiles.js';

/** A reduction in TensorFlow.js: a function of a tensor, dimensions, and whether they stay. */
export interface Reduction {
  /** What is called. */
  readonly head: string;
  /** The function that the module must hold for it. */
  readonly helper?: HelperName;
  /** How the reductions of two slices become that of both. */
  readonly join: string;
}

export const REDUCTIONS: { readonly [K in TiledOp]: Reduction } = {
  sum: { head: 'tf.sum', join: 'tf.add' },
  prod: { head: 'tf.prod', join: 'tf.mul' },
  reduceMax: { head: 'tf.max', join: 'tf.maximum' },
  reduceMin: { head: 'tf.min', join: 'tf.minimum' },
};
