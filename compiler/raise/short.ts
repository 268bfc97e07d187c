import { printExpr } from '../../grammar/print/expression.js';
import type { Graph, Node } from '../graph/graph.js';
import { listed } from '../words/sentence.js';
import { raise } from './raise.js';

/** A node in one line of the language. */
function inline(graph: Graph, node: Node): string {
  return printExpr(raise(graph, node).result);
}

/** A node in one line if that is short, else told as what it is: `an expression of prediction`. */
export function short(graph: Graph, node: Node, inputs: readonly string[]): string {
  const text = node.weight > 400 ? undefined : inline(graph, node);
  if (text !== undefined && text.length <= 90) return `\`${text}\``;
  return inputs.length === 0 ? 'a long expression' : `a long expression of ${listed(inputs)}`;
}
