/** Taking axes away. */
import type { Expr } from '../../../grammar/tree/ast.js';
import { binary, call, name, num } from '../../../grammar/tree/build.js';
import { type Layout, placeOf } from '../layout.js';
import { refuse } from '../refused.js';
import { asNumber, axesOf, numberValue, type Value } from '../value.js';
import type { Arguments, Hands } from './row.js';

export const AXIS = 'dim|axis?';
export const KEEP = 'keepdim|keepdims?';

/** Which places of a shape are reduced, and which of the axes there are more than one long. */
interface Reduced {
  readonly value: Value;
  readonly axes: readonly string[];
  readonly shape: readonly string[];
}

function over(given: Arguments, hands: Hands, dims: readonly number[] | undefined, keep: boolean): Reduced {
  const value = asNumber(hands.value(given.term('x')));
  return reducedAt(value, dims, keep, hands.layout, given);
}

export function reducedAt(
  value: Value,
  dims: readonly number[] | undefined,
  keep: boolean,
  layout: Layout,
  given: Arguments,
): Reduced {
  const { shape } = value;
  const places = new Set(dims?.map((dim) => placeOf(dim, shape, layout, given.span)) ?? shape.keys());
  const kept = shape.flatMap((axis, i) => (places.has(i) ? (keep ? ['1'] : []) : [axis]));
  return { value, axes: axesOf(shape.filter((_, i) => places.has(i))), shape: kept };
}

/** A reduction of the language over axes; over none it is the value. */
export const reduction = (op: string, expr: Expr, axes: readonly string[]): Expr =>
  axes.length === 0 ? expr : call(op, [expr, ...axes.map(name)]);

/** One reduction, with what it says of the items. */
export function reduceAxes(op: string, { value, axes, shape }: Reduced): Value {
  const expr = reduction(op, value.expr, axes);
  const isWhole = shape.length === 0 && value.shape.includes('batch');
  return {
    ...numberValue(expr, shape),
    ...(isWhole && op === 'mean' && { items: value }),
    ...(isWhole && op === 'sum' && { summed: value }),
  };
}

/** `x.sum(dim, keepdim)` and its like, with all axes where none is named. */
export function reduce(op: string, given: Arguments, hands: Hands): Value {
  return reduceAxes(op, over(given, hands, given.axes('dim'), given.flag('keepdim')));
}

/** How many entries some axes have. */
export function countOf(axes: readonly string[]): Expr {
  const [first, ...rest] = axes.map((axis) => call('size', [name(axis)]));
  return rest.reduce<Expr>((all, one) => binary('*', all, one), first ?? num(1));
}

/** The variance, divided by the number of entries less a correction. */
export function variance(given: Arguments, hands: Hands, correction: number): Value {
  const { value, axes, shape } = over(given, hands, given.axes('dim'), given.flag('keepdim'));
  if (axes.length === 0) refuse(given.span, `${given.call.callee} of a single number`);
  const centred = binary('-', value.expr, reduction('mean', value.expr, axes));
  const squares = binary('^', centred, num(2));
  const count = countOf(axes);
  const expr =
    correction === 0
      ? reduction('mean', squares, axes)
      : binary('/', reduction('sum', squares, axes), binary('-', count, num(correction)));
  return numberValue(expr, shape);
}

/** The length of vectors, by the sum of the absolute values or of the squares. */
export function norm(
  given: Arguments,
  hands: Hands,
  power: number,
  dims: readonly number[] | undefined,
): Value {
  const { value, axes, shape } = over(given, hands, dims, given.flag('keepdim'));
  const { expr } = value;
  if (power === 1) return numberValue(reduction('sum', call('abs', [expr]), axes), shape);
  if (power === 2)
    return numberValue(call('sqrt', [reduction('sum', binary('^', expr, num(2)), axes)]), shape);
  if (power === Number.POSITIVE_INFINITY)
    return numberValue(reduction('max', call('abs', [expr]), axes), shape);
  refuse(
    given.span,
    `a norm of order ${power} is not supported`,
    'orders 1 and 2 are; write x.abs().pow(p).sum(-1).pow(1 / p)',
  );
}
