import type { TiledOp } from '../plan/tiles.js';

/** A reduction in TensorFlow.js. */
export interface Reduction {
  /** What it is called there. */
  readonly name: string;
  /** What it gives over nothing. */
  readonly nothing: string;
  /** How the reductions of two slices become that of both. */
  readonly join: string;
}

export const REDUCTIONS: { readonly [K in TiledOp]: Reduction } = {
  sum: { name: 'sum', nothing: '0', join: 'tf.add' },
  prod: { name: 'prod', nothing: '1', join: 'tf.mul' },
  reduceMax: { name: 'max', nothing: '-Infinity', join: 'tf.maximum' },
  reduceMin: { name: 'min', nothing: 'Infinity', join: 'tf.minimum' },
};
