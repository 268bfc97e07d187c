import type { Node } from '../graph/graph.js';
import { choose, negate } from '../graph/raw.js';
import { certain, either, type Log, type LogArithmetic } from './log.js';

/** A probability above exp of this is worked out from its complement, and the other way round. */
export const NEAR_ONE = -0.5;

/** A value within [0, 1] that a sum gave keeps its digits near 1 if it is worked out from its complement. */
export function nearOne(space: LogArithmetic, x: Node, log: Log | undefined): Log | undefined {
  if (log === undefined) return log;
  const complement = space.complementOf(x);
  if (complement === undefined) return log;
  const { b } = space;
  const isNear = b.apply('lt', [b.constant(NEAR_ONE), log.node]);
  return {
    node: choose(b, isNear, space.settle('log1mexp', complement.node), log.node),
    maybeNever: log.maybeNever,
  };
}

/** The complement of a value far from 1 comes from the value: it may be an exact 0, of which a logarithm knows no slope. */
export function nearZero(space: LogArithmetic, x: Node, complement: Log | undefined): Log | undefined {
  if (complement === undefined) return undefined;
  const { b } = space;
  const isFar = b.apply('lt', [x, b.constant(0.5)]);
  return either(b, isFar, certain(space.settle('log1p', negate(b, x))), complement);
}
