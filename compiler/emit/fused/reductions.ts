import type { Node } from '../../graph/graph.js';
import type { TiledOp } from '../plan/tiles.js';

/** What the loops keep of a softmax: exp(x - max), the sum of the others, 1 / (1 + others), and where the maximum is. */
export interface SoftmaxParts {
  readonly exps: string;
  readonly others: string;
  readonly share: string;
  readonly place: string;
}

export const isSoftmax = (node: Node): boolean =>
  node.op === 'logSoftmax' || node.op === 'softmax' || node.op === 'logsumexp';
/** Whether the loops take the entries of an item together for it. */
export const isAcrossClasses = (node: Node): boolean =>
  isSoftmax(node) || node.op in ACCUMULATORS || node.op === 'at';

type Step = (name: string, x: string) => string;
/** How a loop accumulates a reduction: the value to begin with, and the statement for each entry. */
export const ACCUMULATORS: { readonly [K in TiledOp]: readonly [initial: string, step: Step] } = {
  sum: ['0', (name, x) => `${name} += ${x};`],
  prod: ['1', (name, x) => `${name} *= ${x};`],
  reduceMax: ['-Infinity', (name, x) => `${name} = Math.max(${name}, ${x});`],
  reduceMin: ['Infinity', (name, x) => `${name} = Math.min(${name}, ${x});`],
};
