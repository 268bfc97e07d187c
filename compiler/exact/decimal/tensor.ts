import type { Arithmetic, ElementwiseName, OnAxes, OperatorName, ReductionName } from '../arithmetic.js';
import { type Axis, byRank, countOf, places, union } from '../axes.js';
import { COMPARE, DECIDE, functions, isCancelled } from './functions.js';
import type { BigNumber, BigNumberClass, Doubts } from './number.js';

/** Numbers along axes by rank, row by row. */
export interface Tensor extends OnAxes {
  readonly data: readonly BigNumber[];
}

/** Numbers inside `stop_gradient` in the order in which they come up: differences of a loss keep what the first evaluation had. */
export interface Stops {
  readonly kept: readonly (readonly BigNumber[])[];
  readonly keep: (numbers: readonly BigNumber[]) => void;
}

/** The meaning of the language in numbers of some precision, without guards: log(0) is minus infinity, and 0 / 0 not a number. */
export function decimalArithmetic(
  Big: BigNumberClass,
  stops: Stops,
  doubts: Doubts,
): Arithmetic<BigNumber, Tensor> {
  const { apply, pi } = functions(Big, doubts);
  const zero = new Big(0);
  const one = new Big(1);
  const truth = (holds: boolean): BigNumber => (holds ? one : zero);
  let stopped = 0;

  function elementwise(values: readonly Tensor[], meaning: (...args: BigNumber[]) => BigNumber): Tensor {
    const axes = union(...values.map((value) => value.axes));
    const at = values.map((value) => places(value.axes, axes));
    const data = Array.from({ length: countOf(axes) }, (_, k) =>
      meaning(...values.map((value, i) => value.data[at[i]![k]!]!)),
    );
    return { axes, data };
  }

  /** `apply` that takes note of numbers that vanish. */
  const meaningOf =
    (name: ElementwiseName | OperatorName) =>
    (...args: BigNumber[]): BigNumber => {
      const result = apply[name](...args);
      if (isCancelled(name, args, result)) doubts.cancelled = true;
      return result;
    };

  function add(entries: readonly BigNumber[]): BigNumber {
    const sum = entries.reduce((a, b) => a.plus(b), zero);
    if (sum.isZero() && entries.some((x) => !x.isZero())) doubts.cancelled = true;
    return sum;
  }
  const REDUCE: Readonly<Record<ReductionName, (entries: readonly BigNumber[]) => BigNumber>> = {
    sum: add,
    // Over nothing the mean is 0.
    mean: (entries) => (entries.length === 0 ? zero : add(entries).div(entries.length)),
    prod: (entries) => entries.reduce((a, b) => a.times(b), one),
    max: (entries) => entries.reduce((a, b) => apply.max(a, b), new Big(Number.NEGATIVE_INFINITY)),
    min: (entries) => entries.reduce((a, b) => apply.min(a, b), new Big(Number.POSITIVE_INFINITY)),
    logsumexp: (entries) => {
      const largest = REDUCE.max(entries);
      return largest.isFinite()
        ? meaningOf('+')(largest, apply.log(add(entries.map((x) => apply.exp(x.minus(largest))))))
        : largest;
    },
  };

  function reduce(name: ReductionName, value: Tensor, over: readonly Axis[], where?: Tensor): Tensor {
    const axes = union(value.axes, where?.axes ?? [], over);
    const rest = axes.filter((axis) => !over.includes(axis));
    const full = [...rest, ...over];
    const from = places(value.axes, full);
    const kept = where && places(where.axes, full);
    const length = countOf(over);
    const data = Array.from({ length: countOf(rest) }, (_, group) => {
      const entries: BigNumber[] = [];
      for (let k = group * length; k < (group + 1) * length; k++)
        if (kept === undefined || !where!.data[kept[k]!]!.isZero()) entries.push(value.data[from[k]!]!);
      return REDUCE[name](entries);
    });
    return { axes: rest, data };
  }

  function along(axes: readonly Axis[], numbers: ArrayLike<BigNumber>): Tensor {
    const sorted = byRank(axes);
    return { axes: sorted, data: [...places(axes, sorted)].map((place) => numbers[place]!) };
  }

  const logSoftmax = (value: Tensor, axis: Axis): Tensor =>
    elementwise([value, reduce('logsumexp', value, [axis])], meaningOf('-'));

  /** The entry at a position, 0 outside the axis. The position may run along the same axis. */
  function at(value: Tensor, axis: Axis, position: Tensor): Tensor {
    const others = value.axes.filter((other) => other !== axis);
    const axes = union(others, position.axes);
    const starts = places(value.axes, [...others, axis]);
    const other = places(others, axes);
    const where = places(position.axes, axes);
    const data = Array.from({ length: countOf(axes) }, (_, k) => {
      const i = position.data[where[k]!]!;
      const isInside = i.gte(0) && i.lt(axis.size) && i.isInteger();
      return isInside ? value.data[starts[other[k]! * axis.size + i.toNumber()]!]! : zero;
    });
    return { axes, data };
  }

  return {
    written: (value) => new Big(value),
    pi: () => pi,
    along,
    only: (value) => value.data[0]!,
    apply: (name, args) => elementwise(args, meaningOf(name)),
    compare: (name, x, y) => elementwise([x, y], (a, b) => truth(COMPARE[name](a!, b!))),
    logic: (name, args) =>
      elementwise(args, (...entries) => truth(DECIDE[name](...entries.map((x) => !x.isZero())))),
    choose: (condition, x, y) => elementwise([condition, x, y], (c, a, b) => (c!.isZero() ? b! : a!)),
    reduce,
    softmax: (value, axis) => elementwise([logSoftmax(value, axis)], apply.exp),
    logSoftmax,
    at,
    rename: (value, from, to) =>
      along(
        value.axes.map((axis) => (axis === from ? to : axis)),
        value.data,
      ),
    index: (axis) => ({ axes: [axis], data: Array.from({ length: axis.size }, (_, k) => new Big(k)) }),
    stop: (value) => {
      stops.keep(value.data);
      return { axes: value.axes, data: stops.kept[stopped++] ?? value.data };
    },
  };
}
