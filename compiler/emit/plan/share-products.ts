import type { Graph, Node } from '../../graph/graph.js';
import { reachable } from '../../graph/graph.js';
import { RawBuilder } from '../../graph/raw.js';
import { rebuild, rebuildNode } from '../../graph/rebuild.js';
import { without } from '../../graph/without.js';
import type { ElementwiseOp } from '../../operators/elementwise.js';
import { findMatrixProduct } from './matrix-product.js';

/** Beyond this many pairs of factors the search for common ones would take longer than it saves; the standard losses have up to 150. */
const MAX_PAIRS = 5000;

/** Leaves out what a seed of 1 leaves behind: factors of 1, and choices for items with a seed of 0. */
class UnitBuilder extends RawBuilder {
  override apply(op: ElementwiseOp, args: readonly Node[], order = 0): Node {
    const [x, y, z] = args;
    if (op === 'eq' && x!.op === 'const' && y!.op === 'const')
      return this.constant(x!.value === y!.value ? 1 : 0);
    if (op === 'select' && x!.op === 'const') return x!.value === 0 ? z! : y!;
    return super.apply(op, args, order);
  }

  override mul(factors: readonly Node[]): Node {
    const rest = factors.filter((factor) => !(factor.op === 'const' && factor.value === 1));
    return rest.length === 0 ? this.constant(1) : super.mul(rest);
  }
}

/** The roots with another node in place of one, products with a factor of 1 without it. */
export function substitute(graph: Graph, roots: readonly Node[], from: Node, to: Node): readonly Node[] {
  return rebuild(new UnitBuilder(graph), roots, (node) => (node === from ? to : undefined));
}

/**
 * Products of the same factors share their work: two factors that occur together in several products become a product of
 * their own, the most frequent pair first. What a matrix product takes apart is left alone.
 */
export function shareProducts(graph: Graph, roots: readonly Node[]): readonly Node[] {
  const order = reachable(roots);
  const matrix = new Set<Node>();
  for (const node of order) if (findMatrixProduct(node) !== undefined) matrix.add(node.args[0]!);
  const products = new Map<Node, Node[]>();
  for (const node of order)
    if (node.op === 'mul' && node.axes !== 0 && !matrix.has(node)) products.set(node, [...node.args]);
  const count = [...products.values()].reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0);
  if (count > MAX_PAIRS) return roots;
  const pairs = sharePairs(graph, [...products.values()]);
  if (pairs.size === 0) return roots;

  const builder = new RawBuilder(graph);
  const made = new Map<Node, Node>();
  const get = (node: Node): Node => {
    const known = made.get(node);
    if (known !== undefined) return known;
    const nested = builder.mul(node.args.map(get));
    made.set(node, nested);
    return nested;
  };
  for (const node of order) {
    const factors = products.get(node);
    if (factors === undefined)
      made.set(
        node,
        rebuildNode(
          builder,
          node,
          node.args.map((arg) => made.get(arg)!),
        ),
      );
    else made.set(node, builder.mul(factors.map(get)));
  }
  return roots.map((root) => made.get(root)!);
}

/** Replaces the most frequent pair of tensor factors by one node, again and again; gives the nodes made. */
function sharePairs(graph: Graph, lists: readonly Node[][]): ReadonlySet<Node> {
  const made = new Set<Node>();
  for (;;) {
    const counts = new Map<string, { count: number; pair: readonly [Node, Node] }>();
    for (const list of lists) {
      const tensors = list.filter((node) => node.axes !== 0).sort((a, b) => a.id - b.id);
      for (const [i, a] of tensors.entries()) {
        for (const b of tensors.slice(i + 1)) {
          const key = `${a.id} ${b.id}`;
          const entry = counts.get(key);
          if (entry === undefined) counts.set(key, { count: 1, pair: [a, b] });
          else entry.count += 1;
        }
      }
    }
    let best: { count: number; pair: readonly [Node, Node] } | undefined;
    for (const entry of counts.values())
      if (entry.count > 1 && entry.count > (best?.count ?? 0)) best = entry;
    if (best === undefined) return made;
    const [a, b] = best.pair;
    const product = graph.make('mul', [a, b]);
    made.add(product);
    for (const list of lists) {
      const rest = without(list, [a, b]);
      if (rest !== undefined) list.splice(0, list.length, ...rest, product);
    }
  }
}
