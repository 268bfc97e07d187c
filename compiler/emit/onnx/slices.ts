import { reduction } from '../../operators/axis.js';
import { LARGEST_SLICE, type TiledOp } from '../plan/tiles.js';
import type { LossScope } from './operators.js';
import { TYPES, type ValueJson } from './proto.js';
import type { Value } from './scope.js';
import { only } from './slots.js';

/** A reduction that is made up from those of slices. Lengths are lists of one number. */
interface Sliced {
  /** The lengths of the operand and of the result, slot by slot. */
  readonly operand: readonly Value[];
  readonly result: readonly Value[];
  /** The length of the axis that is cut. */
  readonly length: Value;
  /** The reduction of the slice from a place to before another, both lists of one number. */
  readonly part: (scope: LossScope, start: Value, end: Value) => Value;
}

type Join = (scope: LossScope, x: Value, y: Value) => Value;
const joined =
  (name: string): Join =>
  (scope, x, y) =>
    scope.op(name, [x, y]);

/** How the reductions of two slices become that of both. */
const JOINS: { readonly [K in TiledOp]: Join } = {
  sum: joined('Add'),
  prod: joined('Mul'),
  reduceMax: joined('Max'),
  reduceMin: joined('Min'),
};

/** A number without dimensions, and a tensor of any shape. */
const single = (name: string, elemType: number): ValueJson => ({
  name,
  type: { tensorType: { elemType, shape: { dim: [] } } },
});
const tensor = (name: string): ValueJson => ({ name, type: { tensorType: { elemType: TYPES.float } } });

/** A loop over slices as large as may be, of which there is one where the operand is small. */
export function slicedReduction(
  scope: LossScope,
  op: TiledOp,
  { operand, result, length, part }: Sliced,
): Value {
  const one = scope.list([1]);
  const all = scope.op('ReduceProd', [scope.op('Concat', operand, { axis: 0 })], { keepdims: 1 });
  const wanted = scope.op('Div', [
    scope.op('Mul', [length, scope.list([LARGEST_SLICE])]),
    scope.op('Max', [all, one]),
  ]);
  const step = scope.op('Max', [wanted, one]);
  const count = scope.op('Div', [scope.op('Sub', [scope.op('Add', [length, step]), one]), step]);
  const nothing = scope.op('Expand', [
    scope.number(reduction(op).neutral),
    scope.op('Concat', result, { axis: 0 }),
  ]);

  const body = scope.inner();
  const names = ['turn', 'goes_on', 'so_far', 'still', 'together'].map((name) => `${body.prefix}${name}`);
  const [turn, goesOn, soFar, still, together] = names as [string, string, string, string, string];
  const start = body.op('Mul', [turn, step]);
  const found = JOINS[op](body, soFar, part(body, start, body.op('Add', [start, step])));
  body.name(goesOn, still);
  body.name(found, together);
  return scope.op('Loop', [only(scope, count), '', nothing], {
    body: {
      name: 'slice',
      input: [single(turn, TYPES.int64), single(goesOn, TYPES.bool), tensor(soFar)],
      output: [single(still, TYPES.bool), tensor(together)],
      node: body.nodes,
    },
  });
}
