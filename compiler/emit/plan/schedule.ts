import { type Node, reachable } from '../../graph/graph.js';
import { isElementwise } from '../../operators/elementwise.js';

/** The nodes to compute, in order, and where each one's value lives. */
export interface Schedule {
  readonly order: readonly Node[];
  /** Nodes that are plain numbers known before any tensor is touched: constants, sizes, parameters and what follows from them. */
  readonly host: ReadonlySet<Node>;
  /** How often each node is used, results counted once. */
  readonly uses: ReadonlyMap<Node, number>;
  /** The nodes that have it as an argument. */
  readonly usersOf: (node: Node) => readonly Node[];
}

/** Value and gradients in one order: a node that both need is computed once. */
export function schedule(roots: readonly Node[]): Schedule {
  const order = reachable(roots);
  const host = new Set<Node>();
  const uses = new Map<Node, number>(order.map((node) => [node, 0]));
  const users = new Map<Node, Node[]>(order.map((node) => [node, []]));
  const count = (node: Node): void => {
    uses.set(node, uses.get(node)! + 1);
  };
  for (const node of order) {
    for (const arg of node.args) {
      count(arg);
      users.get(arg)!.push(node);
    }
    if (isHost(node, host)) host.add(node);
  }
  for (const root of roots) count(root);
  return { order, host, uses, usersOf: (node) => users.get(node)! };
}

function isHost(node: Node, host: ReadonlySet<Node>): boolean {
  if (node.axes !== 0) return false;
  if (node.op === 'const' || node.op === 'size' || node.op === 'parameter') return true;
  if (isNumberAt(node)) return true;
  return node.args.length > 0 && isElementwise(node.op) && node.args.every((arg) => host.has(arg));
}

/** `at(c, term, 2)` of a parameter with one axis: a number of its list. */
export function isNumberAt(node: Node): boolean {
  if (node.op !== 'at' || node.axes !== 0) return false;
  const [list, position] = [node.args[0]!, node.args[1]!];
  return list.op === 'parameter' && list.axes === node.axis && position.op === 'const';
}
