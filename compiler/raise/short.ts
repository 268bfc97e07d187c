import { printExpr } from '../../grammar/print/expression.js';
import type { Expr } from '../../grammar/tree/ast.js';
import type { Graph, Node } from '../graph/graph.js';
import { listed } from '../words/sentence.js';
import { raise } from './raise.js';

/** Weight of a tree that is not even printed, and characters of the longest text that a sentence holds. */
const HEAVIEST = 400;
const LONGEST = 90;

/** A node as an expression that is short enough to stand in a sentence; undefined where it is not. */
export function shortForm(graph: Graph, node: Node): Expr | undefined {
  if (node.weight > HEAVIEST) return undefined;
  const { result } = raise(graph, node);
  return printExpr(result).length <= LONGEST ? result : undefined;
}

/** What a sentence calls an expression that is too long for it, by the names in it. */
const longExpression = (names: readonly string[]): string =>
  names.length === 0 ? 'a long expression' : `a long expression of ${listed(names)}`;

/** A node in one line if that is short, else told as what it is: `an expression of prediction`. */
export function short(graph: Graph, node: Node, names: readonly string[]): string {
  const expr = shortForm(graph, node);
  return expr === undefined ? longExpression(names) : `\`${printExpr(expr)}\``;
}
