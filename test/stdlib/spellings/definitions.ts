/** What a function of the language stands for, written with simpler ones. */

import type { FunctionName } from '../../../compiler/resolve/functions.js';
import type { CallExpr, Expr } from '../../../grammar/tree/ast.js';
import { binary, call, minus, num } from '../../../grammar/tree/build.js';

/** The same value in other words; undefined where there is nothing to say. */
export type Spelling = (node: CallExpr) => Expr | undefined;

const ONE = num(1);
const exp = (x: Expr): Expr => call('exp', [x]);
const log = (x: Expr): Expr => call('log', [x]);
const plus = (x: Expr, y: Expr): Expr => binary('+', x, y);
const less = (x: Expr, y: Expr): Expr => binary('-', x, y);
const times = (x: Expr, y: Expr): Expr => binary('*', x, y);
const over = (x: Expr, y: Expr): Expr => binary('/', x, y);

/** A call of another function on the same axes and the same entries. */
const along = (node: CallExpr, callee: string, value: Expr): Expr => ({
  ...node,
  callee: { name: callee },
  args: [value, ...node.args.slice(1)],
});

const first = ({ args }: CallExpr): Expr => args[0]!;
const second = ({ args }: CallExpr): Expr => args[1]!;

/** How many entries a reduction has, where it has no condition. */
const count = ({ args }: CallExpr): Expr =>
  args
    .slice(1)
    .map((axis): Expr => call('size', [axis]))
    .reduce(times);

/** Each may be said in several ways. */
const DEFINITIONS: { readonly [F in FunctionName]?: readonly Spelling[] } = {
  sigmoid: [
    (node) => over(ONE, plus(ONE, exp(minus(first(node))))),
    (node) => over(exp(first(node)), plus(ONE, exp(first(node)))),
  ],
  softplus: [
    (node) => log(plus(ONE, exp(first(node)))),
    (node) => minus(log(call('sigmoid', [minus(first(node))]))),
  ],
  tanh: [
    (node) => less(times(num(2), call('sigmoid', [times(num(2), first(node))])), ONE),
    (node) =>
      over(less(exp(first(node)), exp(minus(first(node)))), plus(exp(first(node)), exp(minus(first(node))))),
  ],
  log1p: [(node) => log(plus(ONE, first(node)))],
  expm1: [(node) => less(exp(first(node)), ONE)],
  log1mexp: [(node) => log(less(ONE, exp(first(node))))],
  square: [(node) => binary('^', first(node), num(2))],
  sqrt: [(node) => binary('^', first(node), num(0.5))],
  xlogy: [(node) => times(first(node), log(second(node)))],
  logsumexp: [(node) => log(along(node, 'sum', exp(first(node))))],
  softmax: [
    (node) => over(exp(first(node)), along(node, 'sum', exp(first(node)))),
    (node) => exp(less(first(node), along(node, 'logsumexp', first(node)))),
  ],
  log_softmax: [
    (node) => log(along(node, 'softmax', first(node))),
    (node) => less(first(node), along(node, 'logsumexp', first(node))),
    (node) => less(first(node), log(along(node, 'sum', exp(first(node))))),
  ],
  mean: [
    (node) => (node.where === undefined ? over(along(node, 'sum', first(node)), count(node)) : undefined),
  ],
};

/** The ways to say a call; none of a call of another function. */
export const definitionsOf = (node: CallExpr): readonly Spelling[] =>
  (DEFINITIONS as Readonly<Record<string, readonly Spelling[] | undefined>>)[node.callee.name] ?? [];

/** A sum as a mean times how many there are. */
export const asMean = (node: CallExpr): Expr | undefined =>
  node.where === undefined ? times(along(node, 'mean', first(node)), count(node)) : undefined;
