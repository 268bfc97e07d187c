import type { Graph, Node } from '../../graph/graph.js';
import { findMatrixProduct, type MatrixProduct } from './matrix-product.js';
import { findRunningSum, type RunningSum } from './running-sum.js';
import type { Schedule } from './schedule.js';
import { findTiles, type Tile } from './tiles.js';

/** The sums and other reductions that are computed without their operand, and what is left to be computed then. */
export class Shortcuts {
  readonly products = new Map<Node, MatrixProduct>();
  readonly runningSums = new Map<Node, RunningSum>();
  readonly tiles: ReadonlyMap<Node, Tile>;
  /** How often each node that is computed is needed. */
  readonly uses: ReadonlyMap<Node, number>;

  /** `canBePart` tells what a slice may be made from. */
  constructor(graph: Graph, roots: readonly Node[], plan: Schedule, canBePart: (leaf: Node) => boolean) {
    for (const node of plan.order) {
      const product = findMatrixProduct(node);
      if (product !== undefined) this.products.set(node, product);
      const running = findRunningSum(node, graph.axes);
      if (running !== undefined) this.runningSums.set(node, running);
    }
    this.tiles = findTiles(graph, roots, plan, canBePart);
    this.uses = this.#usesFrom(roots);
  }

  #usesFrom(roots: readonly Node[]): ReadonlyMap<Node, number> {
    const uses = new Map<Node, number>();
    const stack = [...roots];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const count = uses.get(node) ?? 0;
      uses.set(node, count + 1);
      if (count === 0) stack.push(...this.#madeFrom(node));
    }
    return uses;
  }

  /** The nodes from which a node is computed: its arguments, or what lies below them where these are never made. */
  #madeFrom(node: Node): readonly Node[] {
    const product = this.products.get(node);
    if (product !== undefined) return [...product.leftFactors, ...product.rightFactors];
    const running = this.runningSums.get(node);
    if (running !== undefined) return [running.value];
    return this.tiles.get(node)?.leaves ?? node.args;
  }
}
