import type { Node } from '../../graph/graph.js';
import type { LoopPlan } from '../fused/loops.js';
import { isSoftmax } from '../fused/reductions.js';

/** What a kernel keeps of four items, a record for each class, and what it is given beside the tensors. */
export interface Layout {
  /** Vectors in a record. */
  readonly length: number;
  /** Where in a record the input or kept value is. */
  readonly slots: ReadonlyMap<Node, number>;
  /** The exponentials of softmaxes. */
  readonly exponentials: ReadonlyMap<Node, number>;
  /** Of the gradient, if it has a number for each class. */
  readonly gradient: number;
  /** Parameters by class, in the order in which their numbers stand side by side. */
  readonly lists: readonly Node[];
  /** Numbers that follow from what is known when the kernel runs. */
  readonly numbers: readonly Node[];
}

export function layoutOf(plan: LoopPlan, isKnown: (node: Node) => boolean): Layout {
  const { schedule, perClass, kept, value, gradient } = plan;
  const { order, host, usersOf } = schedule;
  const isUsed = (node: Node): boolean =>
    node === value || node === gradient || usersOf(node).some((user) => !host.has(user));
  const inLoops = order.filter((node) => !host.has(node) && isUsed(node));
  const stored = [...inLoops.filter((node) => node.op === 'input' && perClass(node)), ...kept];
  const softmaxes = inLoops.filter((node) => isSoftmax(node) && node.op !== 'logsumexp');
  return {
    length: stored.length + softmaxes.length + 1,
    slots: new Map(stored.map((node, i) => [node, i])),
    exponentials: new Map(softmaxes.map((node, i) => [node, stored.length + i])),
    gradient: stored.length + softmaxes.length,
    lists: inLoops.filter((node) => node.op === 'parameter'),
    numbers: order.filter((node) => host.has(node) && !isKnown(node) && isUsed(node)),
  };
}
