import type { LossScope } from './operators.js';
import { REDUCTIONS } from './operators.js';
import type { Value } from './scope.js';
import type { ModelSignature } from './signature.js';

/** How items become one number. Everything is a list with an entry for each item. */
export interface Reduction {
  /** How much the result grows with each item's value. */
  readonly seed: Value;
  /** What each item adds, before it is divided by. */
  readonly weighted: (items: Value) => Value;
  /** The result: `weighted` items, added up and divided. */
  readonly reduced: (weighted: Value) => Value;
}

/** The reduction that a model is asked for, by its names: mean over the items that count, sum, or weighted mean. */
export function reductionOf(
  s: LossScope,
  { reduction, weights }: ModelSignature,
  counts: Value | undefined,
  size: Value,
): Reduction {
  const sum = (x: Value): Value => s.op('ReduceSum', [x], { keepdims: 0 });
  const isZero = (x: Value): Value => s.op('Equal', [x, s.number(0)]);
  const isOne = (name: string): Value => s.op('Equal', [reduction!.name, s.text(name)]);
  const w = s.op(
    'Reshape',
    [s.op('Expand', [weights!.name, size]), size],
    {},
    `${weights!.name} has to have the shape [batch] or [1]`,
  );
  const length = s.cast(s.op('Squeeze', [size, s.list([0])]), 'float');
  /** The sum of shares: what has no share in the mean adds nothing to it, and the mean of nothing is not a number. */
  const total = (shares: Value): Value => {
    const some = REDUCTIONS.sum(s, s.cast(s.op('Not', [isZero(shares)]), 'float'), [0]);
    const none = isZero(s.op('Squeeze', [some, s.list([0])]));
    return s.where(none, s.where(isZero(length), 0, 1), sum(shares));
  };
  const taking = counts && s.where(isZero(counts), 0, 1);
  const mean = taking === undefined ? length : total(taking);
  const weightedMean = total(taking === undefined ? w : s.mul(taking, w));
  const by = s.where(
    isOne('sum'),
    1,
    s.where(isOne('mean'), mean, s.where(isOne('weightedMean'), weightedMean, Number.NaN)),
  );
  const counted = counts === undefined ? w : s.mul(w, counts);
  return {
    seed: s.div(counted, by),
    weighted: (items) => {
      const kept = counts === undefined ? items : s.where(isZero(counts), 0, s.mul(items, counts));
      return s.where(isZero(w), 0, s.mul(kept, w));
    },
    reduced: (weighted) => s.div(sum(weighted), by),
  };
}
