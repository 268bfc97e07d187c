import type { AlongOp, ReduceOp } from '../../operators/axis.js';
import {
  type ConditionOp,
  type ElementwiseOp,
  isCondition,
  isElementwise,
} from '../../operators/elementwise.js';
import type { TiledOp } from '../plan/tiles.js';

/** Operators that are written as a call; sums, products and powers are infix, choices differ by what they choose between. */
export type FunctionOp = Exclude<ElementwiseOp, 'add' | 'mul' | 'pow' | 'select' | ConditionOp>;

const WRITTEN_BETWEEN: { readonly [K in Exclude<ElementwiseOp, FunctionOp | ConditionOp>]: true } = {
  add: true,
  mul: true,
  pow: true,
  select: true,
};
export const isFunction = (op: string): op is FunctionOp =>
  isElementwise(op) && !isCondition(op) && !Object.hasOwn(WRITTEN_BETWEEN, op);

/** An operator on tensors. `order` is that of polygamma. */
export type Row = (args: readonly string[], order: number) => string;

/** A reduction of a tensor over dimensions; `empty` where there may be no entries. */
export type Along = (x: string, dims: readonly number[], empty: boolean) => string;

/** How a framework says what a loss needs. Arguments are texts of tensors, unless said otherwise. */
export interface Framework {
  readonly name: 'PyTorch' | 'JAX' | 'Keras 3';
  readonly imports: readonly string[];
  /** Where functions of tensors live. */
  readonly module: 'torch' | 'jnp' | 'ops';
  readonly operators: { readonly [K in FunctionOp]: Row };
  /** Functions that compare; undefined where Python's operators do. */
  readonly conditions: { readonly [K in ConditionOp]: string } | undefined;
  /** Not below, not above a number. */
  readonly atLeast: (x: string, bound: string) => string;
  readonly atMost: (x: string, bound: string) => string;
  /** One of the two values may be a number. */
  readonly where: (condition: string, yes: string, no: string) => string;
  readonly sqrt: (x: string) => string;
  /** Reductions keep their axes, of length 1. */
  readonly reductions: { readonly [K in ReduceOp]: Along };
  /** Operators along one dimension. */
  readonly along: { readonly [K in AlongOp]: (x: string, dim: number) => string };
  /** Two axes change places. */
  readonly swap: (x: string, a: number, b: number) => string;
  readonly permute: (x: string, order: readonly number[]) => string;
  readonly reshape: (x: string, shape: string) => string;
  readonly einsum: (formula: string, a: string, b: string) => string;
  /** In a type, which is an expression. */
  readonly cast: (x: string, type: string) => string;
  readonly type: (x: string) => string;
  /** The type that holds the values of all of some types. */
  readonly commonType: (types: readonly string[]) => string;
  /** A tensor of one number, or of a list of numbers, of the type of another tensor. */
  readonly number: (value: string, like: string) => string;
  /** The same number everywhere in the shape of another tensor. */
  readonly filled: (value: string, like: string) => string;
  /** Repeated to the shape of another tensor. */
  readonly spread: (x: string, like: string) => string;
  /** A tuple. */
  readonly shape: (x: string) => string;
  /** How many entries there are. */
  readonly count: (x: string) => string;
  /** The sum of all entries. */
  readonly total: (x: string) => string;
  /** What `reduction` is when it is not given. */
  readonly reduction: 'mean' | 'none';
}

export const call =
  (name: string): Row =>
  (args) =>
    `${name}(${args.join(', ')})`;

/** How the reductions of two slices become that of both: called alike in every framework. */
export const JOINS: Readonly<Record<TiledOp, string>> = {
  sum: 'add',
  prod: 'multiply',
  reduceMax: 'maximum',
  reduceMin: 'minimum',
};

/** Conditions as Python's operators. */
export const INFIX: { readonly [K in Exclude<ConditionOp, 'not'>]: string } = {
  lt: '<',
  le: '<=',
  eq: '==',
  and: '&',
  or: '|',
};
