import { axisIndex } from '../../graph/axes.js';
import type { Graph, Node } from '../../graph/graph.js';
import { elementwise, isElementwise } from '../../operators/elementwise.js';

/** The numbers of a graph that no tensor takes part in: constants, lengths that the signature fixes, and what follows from them. */
export class Constants {
  readonly #known = new Map<Node, number | undefined>();

  constructor(private readonly graph: Graph) {}

  of(node: Node): number | undefined {
    if (!this.#known.has(node)) this.#known.set(node, this.#find(node));
    return this.#known.get(node);
  }

  #find(node: Node): number | undefined {
    if (node.op === 'const') return node.value;
    if (node.op === 'size') return this.graph.axes.get(axisIndex(node.axis)).size;
    if (node.args.length === 0 || !isElementwise(node.op)) return undefined;
    if (node.op === 'select') return this.#chosen(node);
    const args: number[] = [];
    for (const arg of node.args) {
      const value = this.of(arg);
      if (value === undefined) return undefined;
      args.push(value);
    }
    return elementwise(node.op).evaluate(args, node.value);
  }

  /** Of a choice only what is chosen has to be known, if it has all of its axes. */
  #chosen({ args, axes }: Node): number | undefined {
    const condition = this.of(args[0]!);
    if (condition === undefined) return undefined;
    const chosen = args[condition === 0 ? 2 : 1]!;
    return chosen.axes === axes ? this.of(chosen) : undefined;
  }
}
