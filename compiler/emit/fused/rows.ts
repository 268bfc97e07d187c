import { BATCH } from '../../graph/axes.js';
import { type Node, reachable } from '../../graph/graph.js';
import { isReduction } from '../../operators/axis.js';
import { isElementwise } from '../../operators/elementwise.js';
import { wordsOf } from '../print/names.js';
import { fusedPrinter } from './expressions.js';
import { fusedFunctions } from './functions.js';

/** Values of several nodes for many rows in one loop, where no row depends on another. */
export interface RowSource {
  /** Body of `(columns, numbers, count, result)`: the nodes of row `i` go into `result` from `i` times their count on. */
  readonly body: string;
  /** Declarations of the functions that it calls. */
  readonly functions: string;
}

/** What stands for a leaf: a column of `columns`, a number of `numbers`, or a number that is known. */
export type RowLeaf =
  | { readonly kind: 'column' | 'number'; readonly at: number }
  | { readonly kind: 'known'; readonly value: number };

/**
 * The nodes as JavaScript. Every axis but that of the items has the length 1, so that a reduction over classes is what it reduces.
 * Undefined where items depend on each other or on places along an axis.
 */
export function rowSource(
  roots: readonly Node[],
  leafOf: (leaf: Node) => RowLeaf | undefined,
): RowSource | undefined {
  const texts = new Map<Node, string>();
  const varying = new Set<Node>();
  const before: string[] = [];
  const lines: string[] = [];
  const printer = fusedPrinter({
    bound: (node) => texts.get(node),
    array: () => 'columns',
    perClass: () => false,
    softmaxes: new Map(),
    logs: new Map(),
  });
  for (const node of reachable(roots)) {
    if (node.op === 'const') continue;
    const name = `v${texts.size}`;
    if (node.op === 'input' || node.op === 'parameter') {
      const leaf = leafOf(node);
      if (leaf === undefined) return undefined;
      if (leaf.kind === 'column') varying.add(node);
      if (leaf.kind === 'known') texts.set(node, `(${leaf.value})`);
      else {
        before.push(`const ${name} = ${leaf.kind === 'column' ? 'columns' : 'numbers'}[${leaf.at}];`);
        texts.set(node, leaf.kind === 'column' ? `${name}[i]` : name);
      }
      continue;
    }
    if (!standsAlone(node)) return undefined;
    const varies = node.args.some((arg) => varying.has(arg));
    if (varies) varying.add(node);
    (varies ? lines : before).push(`const ${name} = ${printer.make(node).text};`);
    texts.set(node, name);
  }
  const results = roots.map((root, k) => `result[i * ${roots.length} + ${k}] = ${printer.text(root)};`);
  const all = [...before, ...lines, ...results];
  const body = [
    'const classes = 1;',
    ...before,
    'for (let i = 0; i < count; i++) {',
    ...[...lines, ...results].map((line) => `  ${line}`),
    '}',
  ];
  return { body: body.join('\n'), functions: fusedFunctions(wordsOf(all)) };
}

const standsAlone = ({ op, axis }: Node): boolean =>
  isElementwise(op) || ((isReduction(op) || op === 'size') && axis !== BATCH);
