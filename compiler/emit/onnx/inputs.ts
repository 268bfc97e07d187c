import type { CompiledLoss } from '../../compile.js';
import { labelledAxis } from '../../lower/labels.js';
import type { LoweredInput, LoweredParameter } from '../../lower/lowered.js';
import type { LossScope } from './operators.js';
import type { Value } from './scope.js';
import { canIgnore, type ModelSignature, ownAxes, takesLabels } from './signature.js';
import { positions, toSlots } from './slots.js';

/** The inputs of a loss in slot form: a dimension for each axis of the loss, of length 1 where it is lacking. */
export interface ReadInputs {
  readonly inputs: readonly Value[];
  readonly parameters: readonly Value[];
  /** What each item counts by its labels: 1, 0 where it is left out, NaN where there is no such class. In slot form. */
  readonly counts: Value | undefined;
  /** The length of an axis, as a list of one number. */
  readonly size: (axis: number) => Value;
}

/** The largest number of float32. */
const LARGEST = 3.4028234663852886e38;

/** Checks the shapes of what a model is given, finds the length of every axis, and brings all to slot form. */
export function readInputs(
  scope: LossScope,
  compiled: CompiledLoss,
  slots: readonly number[],
  { inputs: ports, parameters: lists, ignored }: ModelSignature,
): ReadInputs {
  const { inputs, parameters } = compiled;
  const { axes: table } = compiled.lowered.graph;
  const sizes = new Map<number, Value>();
  const size = (axis: number): Value => {
    const { root, size: fixed } = table.get(axis);
    return fixed === undefined ? sizes.get(root)! : scope.list([fixed]);
  };
  const isKnown = (axis: number): boolean =>
    table.get(axis).size !== undefined || sizes.has(table.get(axis).root);
  const learn = (x: Value, axis: number, dim: number): void => {
    if (!isKnown(axis)) sizes.set(axis, scope.op('Shape', [x], { start: dim, end: dim + 1 }));
  };

  /** The tensor itself, where its lengths are those that are known; a reshape that fails where they are not. */
  const checked = (input: LoweredInput): Value => {
    const axes = [0, ...ownAxes(compiled, input)];
    const { name } = input;
    const isTold = axes.some((axis) => table.get(axis).size === undefined && isKnown(axis));
    for (const [dim, axis] of axes.entries()) learn(name, axis, dim);
    if (!isTold) return name;
    const wanted = scope.op('Concat', axes.map(size), { axis: 0 });
    const isRight = scope.op('Equal', [scope.op('Shape', [name]), wanted]);
    const shape = scope.op('Where', [isRight, wanted, scope.whole(-2)]);
    const dims = ports[input.position]!.dims.join(', ');
    return scope.op('Reshape', [name, shape], {}, `${name} has to have the shape [${dims}]`);
  };
  // Predictions tell the lengths, then data; labels know none of their classes.
  const place = (input: LoweredInput): number => (takesLabels(compiled, input) ? 2 : input.data ? 1 : 0);
  const read = new Map(
    inputs.toSorted((a, b) => place(a) - place(b)).map((input) => [input, checked(input)] as const),
  );
  for (const { axes, name } of parameters) for (const [dim, axis] of axes.entries()) learn(name, axis, dim);

  const counts: Value[] = [];
  const given = inputs.map((input) => {
    const x = toSlots(scope, slots, [0, ...ownAxes(compiled, input)], read.get(input)!);
    const axis = labelledAxis(input);
    const isLabels = takesLabels(compiled, input);
    const ignores = canIgnore(compiled, input);
    if (axis === undefined || !(isLabels || ignores)) return x;
    const isBelow = scope.op('Less', [x, scope.whole(0)]);
    const isClass = scope.op('And', [scope.op('Not', [isBelow]), scope.op('Less', [x, size(axis)])]);
    const isOut = ignores ? scope.op('Equal', [x, ignored!.name]) : undefined;
    const others = isOut === undefined ? scope.number(Number.NaN) : scope.where(isOut, 0, Number.NaN);
    if (ignores) counts.push(scope.where(isClass, 1, others));
    if (!isLabels) return x;
    const rows = scope.cast(scope.op('Equal', [x, positions(scope, slots, axis, size(axis))]), 'float');
    return scope.where(isClass, rows, others);
  });
  const count = counts.length === 0 ? undefined : counts.reduce((a, b) => scope.mul(a, b));
  return {
    // What is not finite in an item that does not count has no gradient.
    inputs: given.map((x, i) =>
      count === undefined || inputs[i]!.data
        ? x
        : scope.where(scope.op('Equal', [count, scope.number(0)]), 0.5, x),
    ),
    parameters: parameters.map((parameter, i) => {
      const x = inDomain(scope, parameter, lists[i]!.name);
      if (parameter.axes.length === 0) return x;
      const shape = scope.op('Concat', parameter.axes.map(size), { axis: 0 });
      const spread = scope.op(
        'Reshape',
        [scope.op('Expand', [x, shape]), shape],
        {},
        `${parameter.name} has to fit its axes`,
      );
      return toSlots(scope, slots, parameter.axes, spread);
    }),
    counts: count,
    size,
  };
}

/** A parameter, NaN where it is outside of its domain. */
function inDomain(scope: LossScope, { range }: LoweredParameter, x: Value): Value {
  const { lo, hi, integer, nonzero } = range;
  const atLeast = (bound: number): Value => scope.op('LessOrEqual', [scope.number(bound), x]);
  const conditions = [
    atLeast(Math.max(lo, -LARGEST)),
    scope.op('LessOrEqual', [x, scope.number(Math.min(hi, LARGEST))]),
    ...(integer ? [scope.op('Equal', [scope.op('Floor', [x]), x])] : []),
    ...(nonzero ? [scope.op('Not', [scope.op('Equal', [x, scope.number(0)])])] : []),
  ];
  return scope.where(
    conditions.reduce((a, b) => scope.op('And', [a, b])),
    x,
    Number.NaN,
  );
}
