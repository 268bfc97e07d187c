import { invariant } from '../../grammar/invariant.js';
import { AXIS, isAxisOp } from '../operators/axis.js';
import { isLeaf, type Op } from '../operators/order.js';
import { type Range, range } from '../operators/range.js';
import { type AxisSet, AxisTable } from './axes.js';
import { type Constant, constantOf } from './exact.js';
import type { Attributes, Node } from './node.js';
import { rangeOf } from './node-range.js';

export type { Attributes, Leaf, Node } from './node.js';

/**
 * The intermediate form: a directed acyclic graph in which equal nodes are one object, so a shared subexpression
 * is shared from birth. Subtraction, division, square and square root are sums, products and powers; printing and
 * emitting bring them back. Ids ascend from arguments to users, so ascending ids are an evaluation order.
 */

const NONE: Attributes = {};
/** Larger trees all weigh the same. */
export const MAX_WEIGHT = 2 ** 30;

/**
 * More nodes than this is a loss that doubles itself at every call, not one that a person wrote: a file of a megabyte has fewer
 * names, numbers and operators.
 */
const MAX_LOWERED = 250_000;
/** Most nodes in all passes together. */
export const MAX_NODES = 1_000_000;

/** Thrown by `Graph.make` beyond the limit; the checker turns it into a diagnostic. */
export class GraphTooLarge extends Error {}

/**
 * The expressions of a loss as a graph in which equal nodes are the same object: nothing is ever worked out twice, and equality of values is
 * equality of references.
 */
export class Graph {
  readonly axes = new AxisTable();
  readonly #table = new Map<number, Node>();
  #count = 0;
  /** Raised to MAX_NODES when lowering is done. */
  limit = MAX_LOWERED;

  /** Number of nodes made so far. */
  get size(): number {
    return this.#count;
  }

  /** The node with this operator, arguments and attributes: the existing one, if there is one. */
  make(op: Op, args: readonly Node[], attributes: Attributes = NONE): Node {
    const value = attributes.value ?? 0;
    const axis = attributes.axis ?? 0;
    const to = attributes.to ?? 0;
    const key = hashOf(op, args, value, axis, to, attributes);
    const first = this.#table.get(key);
    for (let node = first; node !== undefined; node = node.cache.next) {
      if (same(node, op, args, value, axis, to, attributes)) return node;
    }
    if (this.#count >= this.limit) throw new GraphTooLarge();
    const node: Node = {
      id: this.#count++,
      op,
      args,
      axes: attributes.axes ?? axesOf(op, args, axis, to),
      range: honest(attributes.range ?? rangeOf(op, args, axis, attributes, this.axes)),
      weight: weightOf(args),
      value,
      exact: attributes.exact,
      axis,
      to,
      leaf: attributes.leaf,
      data: attributes.data,
      cache: { next: first, split: undefined, quotient: undefined, below: undefined, structure: undefined },
    };
    this.#table.set(key, node);
    return node;
  }

  constant(constant: Constant | number): Node {
    const c = typeof constant === 'number' ? constantOf(constant) : constant;
    // Minus zero and zero are one constant: they differ in no value that a loss can print.
    const value = c.value === 0 ? 0 : c.value;
    return this.make('const', [], {
      value,
      exact: c.exact,
      axes: 0,
      range: range(value, value, { integer: Number.isInteger(value), total: Number.isFinite(value) }),
    });
  }
}

/** Bounds that round to 0 say less than the flag that no value is 0. */
const honest = (r: Range): Range => (r.nonzero && r.lo === 0 && r.hi === 0 ? { ...r, nonzero: false } : r);

function hashText(text: string): number {
  let hash = 7;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

const OP_HASH = new Map<string, number>();
function opHash(op: string): number {
  let hash = OP_HASH.get(op);
  if (hash === undefined) {
    hash = hashText(op);
    OP_HASH.set(op, hash);
  }
  return hash;
}

const FLOAT = new Float64Array(1);
const BITS = new Int32Array(FLOAT.buffer);

function hashOf(
  op: Op,
  args: readonly Node[],
  value: number,
  axis: number,
  to: number,
  a: Attributes,
): number {
  let hash = opHash(op);
  for (const arg of args) hash = Math.imul(hash ^ arg.id, 0x9e3779b1) ^ (hash >>> 15);
  if (value !== 0) {
    FLOAT[0] = value;
    hash = Math.imul(hash ^ BITS[0]! ^ Math.imul(BITS[1]!, 0x85ebca6b), 0x9e3779b1);
  }
  if ((axis | to) !== 0) hash = Math.imul(hash ^ (axis * 33 + to), 0x85ebca6b);
  if (a.leaf !== undefined) hash = Math.imul(hash ^ hashText(a.leaf.name), 0x85ebca6b);
  return hash;
}

function same(
  node: Node,
  op: Op,
  args: readonly Node[],
  value: number,
  axis: number,
  to: number,
  attributes: Attributes,
): boolean {
  if (node.op !== op || node.axis !== axis || node.to !== to || node.args.length !== args.length)
    return false;
  if (node.value !== value && !(Number.isNaN(node.value) && Number.isNaN(value))) return false;
  for (let i = 0; i < args.length; i++) if (node.args[i] !== args[i]) return false;
  if (attributes.leaf?.name !== node.leaf?.name || attributes.leaf?.kind !== node.leaf?.kind) return false;
  if (attributes.data === undefined) return node.data === undefined;
  const mine = node.data;
  return (
    mine !== undefined && attributes.axes === node.axes && attributes.data.every((x, i) => x === mine[i])
  );
}

function weightOf(args: readonly Node[]): number {
  let weight = 1;
  for (const arg of args) weight += arg.weight;
  return Math.min(weight, MAX_WEIGHT);
}

function axesOf(op: Op, args: readonly Node[], axis: AxisSet, to: AxisSet): AxisSet {
  invariant(!isLeaf(op), `axes of ${op} must be given`);
  let union = 0;
  for (const arg of args) union |= arg.axes;
  if (!isAxisOp(op)) return union;
  switch (AXIS[op].kind) {
    case 'reduce':
      return union & ~axis;
    case 'along':
      return union;
    case 'look up':
      return (args[0]!.axes & ~axis) | args[1]!.axes;
    case 'rename':
      return (union & ~axis) | to;
  }
}

/** Every node that the roots reach, arguments before users. */
export function reachable(roots: readonly Node[]): Node[] {
  const seen = new Set<Node>(roots);
  const stack = [...roots];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const arg of node.args) {
      if (seen.has(arg)) continue;
      seen.add(arg);
      stack.push(arg);
    }
  }
  return [...seen].sort((a, b) => a.id - b.id);
}
