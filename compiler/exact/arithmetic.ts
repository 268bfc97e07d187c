import type { FUNCTIONS } from '../resolve/functions.js';
import type { Axis } from './axes.js';

type Table = typeof FUNCTIONS;
type NameOf<Kind extends string> = {
  [Name in keyof Table]: Table[Name] extends { readonly kind: Kind } ? Name : never;
}[keyof Table];

/** Functions of the language that work element by element, and `max` and `min` of two values. */
export type ElementwiseName = Exclude<NameOf<'values'>, 'stop_gradient'> | NameOf<'both'>;
export type OperatorName = '+' | '-' | '*' | '/' | '^' | 'negate';
export type ComparisonName = '<' | '<=' | '>' | '>=' | '==' | '!=';
export type LogicName = 'and' | 'or' | 'not';
/** Functions that take axes away. */
export type ReductionName = NameOf<'reduction'> | NameOf<'both'>;

/** Functions that name an axis, and are no reduction. */
export type AxisName = NameOf<'axis'>;

/** Values along named axes. A condition is a value of which 0 is false. */
export interface OnAxes {
  readonly axes: readonly Axis[];
}

/**
 * What the interpreter asks of numbers along axes: the meaning of each operator and function, and nothing of names, calls and scopes.
 * `N` is a number, `V` numbers along axes.
 */
export interface Arithmetic<N, V extends OnAxes> {
  /** A number that is written in the program: the decimal that it reads as. */
  readonly written: (value: number) => N;
  readonly pi: () => N;
  /** Values along axes in any order, row by row; `isWritten` for a number that stands in the program. */
  readonly along: (axes: readonly Axis[], data: ArrayLike<N>, isWritten: boolean) => V;
  /** The only entry of a value without axes. */
  readonly only: (value: V) => N;
  readonly apply: (name: ElementwiseName | OperatorName, args: readonly V[]) => V;
  readonly compare: (name: ComparisonName, x: V, y: V) => V;
  readonly logic: (name: LogicName, args: readonly V[]) => V;
  readonly choose: (condition: V, x: V, y: V) => V;
  readonly reduce: (name: ReductionName, value: V, over: readonly Axis[], where: V | undefined) => V;
  readonly softmax: (value: V, axis: Axis) => V;
  readonly logSoftmax: (value: V, axis: Axis) => V;
  readonly at: (value: V, axis: Axis, position: V) => V;
  readonly rename: (value: V, from: Axis, to: Axis) => V;
  readonly index: (axis: Axis) => V;
  readonly stop: (value: V) => V;
}
