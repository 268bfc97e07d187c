import type { Expr, FnDecl, LossDecl } from '../../../grammar/tree/ast.js';
import { binary, name } from '../../../grammar/tree/build.js';
import type { Random } from '../../../src/random.js';

/** An expression with what the type rules of the language ask of it. */
export interface Typed {
  readonly expr: Expr;
  readonly axes: readonly string[];
  /** Does not change with a prediction. */
  readonly isData: boolean;
  /** Known by the compiler to be whole, so that it may be a position. */
  readonly isWhole?: boolean;
}

/** A name that a body may use. */
export interface Known extends Typed {
  readonly isCondition: boolean;
  /** Not below 0. */
  readonly isPositive: boolean;
}

/** What is visible where an expression is made. */
export interface Env {
  readonly names: readonly Known[];
  /** Axes that the body may name. */
  readonly axes: readonly string[];
  /** How many calls lead here. */
  readonly calls: number;
}

/** The program that is being made. */
export interface Draft {
  readonly random: Random;
  readonly declarations: (FnDecl | LossDecl)[];
  /** A name that nothing has yet. */
  readonly fresh: (stem: string) => string;
}

export const joined = (...lists: readonly (readonly string[])[]): readonly string[] => [
  ...new Set(lists.flat()),
];
export const within = (axes: readonly string[], allowed: readonly string[]): boolean =>
  axes.every((axis) => allowed.includes(axis));
export const without = (axes: readonly string[], taken: readonly string[]): readonly string[] =>
  axes.filter((axis) => !taken.includes(axis));

/** An expression made of others: its axes are all of theirs. */
export const combine = (expr: Expr, parts: readonly Typed[]): Typed => ({
  expr,
  axes: joined(...parts.map((part) => part.axes)),
  isData: parts.every((part) => part.isData),
});

export type Operator = Parameters<typeof binary>[0];
export const operation = (op: Operator, x: Typed, y: Typed): Typed =>
  combine(binary(op, x.expr, y.expr), [x, y]);

export const known = (
  text: string,
  axes: readonly string[],
  extra: Partial<Omit<Known, 'expr' | 'axes'>> = {},
): Known => ({
  expr: name(text),
  axes,
  isData: false,
  isCondition: false,
  isPositive: false,
  ...extra,
});
