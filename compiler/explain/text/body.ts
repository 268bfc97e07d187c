import { printDecl } from '../../../grammar/print/print.js';
import type { Graph, Node } from '../../graph/graph.js';
import { formulaOf } from '../../raise/formula.js';

/** A node as the body of a loss in canonical layout, with names for what is used more than once: those of `names` where it has one. */
export function bodyText(graph: Graph, node: Node, names: ReadonlyMap<Node, string>): string {
  const head = 'loss v(x) =';
  const text = printDecl({
    kind: 'loss',
    name: { name: 'v' },
    inputs: [{ name: { name: 'x' }, data: false }],
    parameters: [],
    body: formulaOf(graph, node, names),
  });
  const lines = text.startsWith(head) ? text.slice(head.length).split('\n') : text.split('\n');
  return lines
    .map((line) => line.replace(/^ {1,2}/, ''))
    .join('\n')
    .trim();
}
