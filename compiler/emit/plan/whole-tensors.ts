import type { Node } from '../../graph/graph.js';
import { isElementwise } from '../../operators/elementwise.js';
import type { Schedule } from '../plan/schedule.js';

/**
 * Which values are tensors of whole numbers: data on `integer`, positions, and what only moves them. They keep an integer type of
 * their own for comparisons and as positions, since labels of 2^24 and more are not told apart in float32; elsewhere they become
 * numbers like all others.
 */
export class WholeNumbers {
  readonly #whole = new Set<Node>();
  readonly #asNumber = new Set<Node>();

  constructor(plan: Schedule, roots: readonly Node[]) {
    for (const node of plan.order) if (this.#follows(node)) this.#whole.add(node);
    for (const node of plan.order) {
      // Users only move it or ask for its place: it is never needed as a number.
      node.args.forEach((arg, i) => {
        if (!this.#keeps(node, i)) this.#asNumber.add(arg);
      });
    }
    for (const root of roots) this.#asNumber.add(root);
  }

  /** Whether a value is a tensor of whole numbers. */
  is(node: Node): boolean {
    return this.#whole.has(node);
  }

  /** Whether anything needs the value as a number of the type in which the loss computes; true for all others. */
  isNumber(node: Node): boolean {
    return !this.#whole.has(node) || this.#asNumber.has(node);
  }

  /** Whether a comparison is one of whole numbers. */
  comparesWhole(node: Node): boolean {
    if (node.op !== 'lt' && node.op !== 'le' && node.op !== 'eq') return false;
    return (
      node.args.some((arg) => this.is(arg)) && node.args.every((arg) => this.is(arg) || isWholeConstant(arg))
    );
  }

  #keeps(user: Node, place: number): boolean {
    return this.is(user) || this.comparesWhole(user) || (user.op === 'at' && place === 1);
  }

  #follows(node: Node): boolean {
    if (node.op === 'index') return true;
    if (node.op === 'input') return isWholeData(node);
    if (node.op === 'rename') return this.is(node.args[0]!);
    if (!isElementwise(node.op) || (node.op !== 'add' && node.op !== 'mul')) return false;
    return node.args.every((arg) => this.is(arg) || isWholeConstant(arg));
  }
}

/** Far from the ends of a 32-bit integer, so that sums of labels and constants stay inside. */
const isWholeConstant = ({ op, value }: Node): boolean =>
  op === 'const' && Number.isInteger(value) && Math.abs(value) < 2 ** 16;

/** Whether an input is data of whole numbers. */
export const isWholeData = ({ leaf, range }: Node): boolean =>
  leaf?.data === true && range.integer && leaf.kind === 'given' && range.hi > 1;
