import type { AlongOp, ReduceOp } from '../operators/axis.js';
import type { ElementwiseOp } from '../operators/elementwise.js';
import { range } from '../operators/range.js';
import type { AxisSet } from './axes.js';
import type { Constant } from './exact.js';
import { constantOf } from './exact.js';
import type { Graph, Node } from './graph.js';

/**
 * Constructors that make exactly what they are asked for: lowering uses them, so that the form before simplification
 * is the one the user wrote. `Algebra` has the same interface and simplifies.
 */
export interface Builder {
  readonly graph: Graph;
  constant(value: number | Constant): Node;
  add(terms: readonly Node[]): Node;
  mul(factors: readonly Node[]): Node;
  pow(base: Node, exponent: Node): Node;
  /** Any other element-by-element operator. */
  apply(op: ElementwiseOp, args: readonly Node[], order?: number): Node;
  reduce(op: ReduceOp, value: Node, axes: AxisSet): Node;
  along(op: AlongOp, value: Node, axis: AxisSet): Node;
  /** Entry of `value` at position `index` along `axis`; 0 outside. */
  at(value: Node, axis: AxisSet, index: Node): Node;
  rename(value: Node, from: AxisSet, to: AxisSet): Node;
}

export class RawBuilder implements Builder {
  constructor(readonly graph: Graph) {}

  constant(value: number | Constant): Node {
    return this.graph.constant(value);
  }
  add(terms: readonly Node[]): Node {
    return terms.length === 1 ? terms[0]! : this.graph.make('add', terms);
  }
  mul(factors: readonly Node[]): Node {
    return factors.length === 1 ? factors[0]! : this.graph.make('mul', factors);
  }
  pow(base: Node, exponent: Node): Node {
    return this.graph.make('pow', [base, exponent]);
  }
  apply(op: ElementwiseOp, args: readonly Node[], order = 0): Node {
    return this.graph.make(op, args, { value: order });
  }
  reduce(op: ReduceOp, value: Node, axes: AxisSet): Node {
    return axes === 0 ? value : this.graph.make(op, [value], { axis: axes });
  }
  along(op: AlongOp, value: Node, axis: AxisSet): Node {
    return this.graph.make(op, [value], { axis });
  }
  at(value: Node, axis: AxisSet, index: Node): Node {
    return this.graph.make('at', [value, index], { axis });
  }
  rename(value: Node, from: AxisSet, to: AxisSet): Node {
    return this.graph.make('rename', [value], { axis: from, to });
  }
}

// What follows is said in terms of a builder, so it holds for both.

export const negate = (b: Builder, x: Node): Node => b.mul([b.constant(-1), x]);
export const subtract = (b: Builder, x: Node, y: Node): Node => b.add([x, negate(b, y)]);
export const reciprocal = (b: Builder, x: Node): Node => b.pow(x, b.constant(-1));
export const divide = (b: Builder, x: Node, y: Node): Node => b.mul([x, reciprocal(b, y)]);
export const square = (b: Builder, x: Node): Node => b.pow(x, b.constant(2));
export const squareRoot = (b: Builder, x: Node): Node => b.pow(x, b.constant(0.5));
export const choose = (b: Builder, condition: Node, yes: Node, no: Node): Node =>
  b.apply('select', [condition, yes, no]);
export const indicator = (b: Builder, condition: Node): Node =>
  choose(b, condition, b.constant(1), b.constant(0));

/** How long an axis is, as a number: known when it is fixed. */
export function sizeOf(b: Builder, axis: number): Node {
  const info = b.graph.axes.get(axis);
  if (info.size !== undefined) return b.constant(constantOf(info.size));
  return b.graph.make('size', [], {
    axes: 0,
    axis: 1 << info.root,
    range: range(1, Infinity, { integer: true }),
  });
}

/** The positions 0, 1, … along an axis. */
export function indexAlong(b: Builder, axis: number): Node {
  const size = b.graph.axes.get(axis).size;
  const top = size === undefined ? Infinity : size - 1;
  return b.graph.make('index', [], {
    axes: 1 << axis,
    axis: 1 << axis,
    range: range(0, top, { integer: true }),
  });
}

/** The sum over axes that the value may lack: what is constant along an axis counts as often as the axis is long. */
export function sumOver(b: Builder, value: Node, axes: AxisSet): Node {
  const present = axes & value.axes;
  const sizes: Node[] = [];
  for (let rest = axes & ~value.axes; rest !== 0; rest &= rest - 1)
    sizes.push(sizeOf(b, 31 - Math.clz32(rest & -rest)));
  return b.mul([...sizes, b.reduce('sum', value, present)]);
}
