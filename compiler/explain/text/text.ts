import { printExpr } from '../../../grammar/print/expression.js';
import { printDecl } from '../../../grammar/print/print.js';
import type { Graph, Node } from '../../graph/graph.js';
import { formulaOf } from '../../raise/formula.js';
import { raise } from '../../raise/raise.js';

/** A figure for a sentence: four significant digits. */
export function figure(x: number): string {
  if (Number.isNaN(x)) return 'not a number';
  if (!Number.isFinite(x)) return x > 0 ? 'infinity' : 'minus infinity';
  const rounded = Number(x.toPrecision(4));
  const size = Math.abs(rounded);
  const text = size !== 0 && (size < 1e-4 || size >= 1e6) ? rounded.toExponential() : String(rounded);
  return text.replace('e+', 'e');
}

/** Several figures as a list of the language. */
export const figures = (xs: readonly number[]): string => `[${xs.map(figure).join(', ')}]`;

/** `3 classes`, `1 class`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** Names as a person lists them. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

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

/** A node as the body of a loss in canonical layout, with names for what is used more than once. */
export function bodyText(graph: Graph, node: Node): string {
  const head = 'loss v(x) =';
  const text = printDecl({
    kind: 'loss',
    name: { name: 'v' },
    inputs: [{ name: { name: 'x' }, data: false }],
    parameters: [],
    body: formulaOf(graph, node),
  });
  const lines = text.startsWith(head) ? text.slice(head.length).split('\n') : text.split('\n');
  return lines
    .map((line) => line.replace(/^ {1,2}/, ''))
    .join('\n')
    .trim();
}
