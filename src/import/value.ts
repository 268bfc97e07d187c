/** What a part of a formula is in the language: its expression, and how its axes stand in the tensor. */
import type { BinaryOp, Expr, Span } from '../../grammar/tree/ast.js';
import { binary, call, ifExpr, minus, name, num } from '../../grammar/tree/build.js';
import { refuse } from './refused.js';

/**
 * The axes of a tensor from the first to the last: `batch` for the items, names, and `1` for an axis of length 1 that a reduction
 * has kept. A number has none.
 */
export type Shape = readonly string[];

export interface Value {
  readonly expr: Expr;
  readonly shape: Shape;
  readonly is: 'number' | 'condition';
  /** One number that is the mean of these over all their entries, and what is left of them for one item. */
  readonly items?: Value;
  /** One number that is the sum of these over all their entries. */
  readonly summed?: Value;
}

export const numberValue = (expr: Expr, shape: Shape = []): Value => ({ expr, shape, is: 'number' });
export const constant = (value: number): Value => numberValue(num(value));

/** The axes of a shape, without those of length 1. */
export const axesOf = (shape: Shape): readonly string[] => shape.filter((axis) => axis !== '1');

const shown = (shape: Shape): string => `[${shape.join(', ')}]`;

/** The shape that tensors of these shapes have together, their last axes in line as NumPy and PyTorch have it. */
export function together(shapes: readonly Shape[], span: Span): Shape {
  return shapes.reduce<Shape>((a, b) => {
    const length = Math.max(a.length, b.length);
    const at = (shape: Shape, i: number): string => shape[i - (length - shape.length)] ?? '1';
    const joint = Array.from({ length }, (_, i) => {
      const [x, y] = [at(a, i), at(b, i)];
      if (x !== y && x !== '1' && y !== '1') misaligned(a, b, `${x} would be matched with ${y}`, span);
      return x === '1' ? y : x;
    });
    // [batch, 1] and [batch] make every pair of items.
    const twice = joint.find((axis, i) => axis !== '1' && joint.indexOf(axis) !== i);
    return twice === undefined
      ? joint
      : misaligned(a, b, `every pair along ${twice} would be combined`, span);
  }, []);
}

function misaligned(a: Shape, b: Shape, why: string, span: Span): never {
  refuse(
    span,
    `shapes ${shown(a)} and ${shown(b)} do not line up: ${why}`,
    'keep the axis that is reduced (keepdim=True), or add one with unsqueeze(-1)',
  );
}

/** A condition as 1 and 0. */
export function asNumber(value: Value): Value {
  return value.is === 'number' ? value : numberValue(ifExpr([[value.expr, num(1)]], num(0)), value.shape);
}

/** A number as the condition that it is not 0. */
export function asCondition(value: Value): Value {
  return value.is === 'condition'
    ? value
    : { expr: binary('!=', value.expr, num(0)), shape: value.shape, is: 'condition' };
}

/** The mean of a value over the axes of an item. */
export function perItem(value: Value): Value {
  const own = axesOf(value.shape).filter((axis) => axis !== 'batch');
  return own.length === 0 ? value : numberValue(call('mean', [value.expr, ...own.map(name)]), ['batch']);
}

const OPS: ReadonlySet<BinaryOp> = new Set(['+', '-', '*', '/', '^']);
const isConstant = ({ shape, items, summed }: Value): boolean =>
  shape.length === 0 && items === undefined && summed === undefined;

/** Does a part stand on the items, so that one number of it is about all of them? */
const mentions = (expr: Expr, axis: string): boolean => {
  switch (expr.kind) {
    case 'name':
      return expr.name === axis;
    case 'unary':
      return mentions(expr.operand, axis);
    case 'binary':
      return mentions(expr.left, axis) || mentions(expr.right, axis);
    case 'call':
      return expr.args.some((one) => mentions(one, axis));
    case 'if':
      return [...expr.conditions, ...expr.values, expr.otherwise].some((one) => mentions(one, axis));
    default:
      return false;
  }
};
const isFree = (value: Value): boolean => isConstant(value) && !mentions(value.expr, 'batch');

/** Both as numbers of one shape: as they are, or for an item each. */
function matched(a: Value, b: Value): readonly [Value, Value] {
  return a.shape.join() === b.shape.join() ? [a, b] : [perItem(a), perItem(b)];
}

/**
 * What is known of `a op b` as a mean over the items: means add up, and a number that does not depend on the items is a factor or a
 * term of each. So the mean is left to the caller of the loss, who may take weights.
 */
function itemsOf(op: BinaryOp, a: Value, b: Value): Value | undefined {
  const [x, y] = [a.items, b.items];
  const join = (left: Value, right: Value, shape: Shape): Value =>
    numberValue(binary(op, left.expr, right.expr), shape);
  if (x !== undefined && y !== undefined) {
    if (op !== '+' && op !== '-') return undefined;
    const [left, right] = matched(x, y);
    return join(left, right, left.shape);
  }
  if (x !== undefined && isFree(b) && op !== '^') return join(x, b, x.shape);
  if (y !== undefined && isFree(a) && (op === '+' || op === '-' || op === '*')) return join(a, y, y.shape);
  return undefined;
}

/** A sum over everything that is divided by the number of items is the mean over them of the sums of each. */
function meanOfSums(a: Value, b: Value): Value | undefined {
  const { expr } = b;
  const isBatch =
    expr.kind === 'call' &&
    expr.callee.name === 'size' &&
    expr.args[0]!.kind === 'name' &&
    expr.args[0]!.name === 'batch';
  if (!isBatch || a.summed === undefined) return undefined;
  const own = axesOf(a.summed.shape).filter((axis) => axis !== 'batch');
  return own.length === 0 ? a.summed : numberValue(call('sum', [a.summed.expr, ...own.map(name)]), ['batch']);
}

/** `a op b` of numbers. */
export function arithmetic(op: BinaryOp, first: Value, second: Value, span: Span): Value {
  const [a, b] =
    OPS.has(op) || !isLogical(op)
      ? [asNumber(first), asNumber(second)]
      : [asCondition(first), asCondition(second)];
  const shape = together([a.shape, b.shape], span);
  const expr = binary(op, a.expr, b.expr);
  if (!OPS.has(op)) return { expr, shape, is: 'condition' };
  const items = itemsOf(op, a, b) ?? (op === '/' ? meanOfSums(a, b) : undefined);
  const summed =
    a.summed !== undefined && isFree(b) && (op === '*' || op === '/')
      ? numberValue(binary(op, a.summed.expr, b.expr), a.summed.shape)
      : b.summed !== undefined && isFree(a) && op === '*'
        ? numberValue(binary(op, a.expr, b.summed.expr), b.summed.shape)
        : undefined;
  return {
    expr,
    shape,
    is: 'number',
    ...(items !== undefined && { items }),
    ...(summed !== undefined && { summed }),
  };
}

const isLogical = (op: BinaryOp): boolean => op === 'and' || op === 'or';

const negatedOf = (value: Value): Value => numberValue(minus(value.expr), value.shape);

/** `-a`. */
export function negative(given: Value): Value {
  const value = asNumber(given);
  const { items, summed } = value;
  return {
    ...negatedOf(value),
    ...(items !== undefined && { items: negatedOf(items) }),
    ...(summed !== undefined && { summed: negatedOf(summed) }),
  };
}
