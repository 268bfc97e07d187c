import { MAX_WEIGHT, type Node } from '../graph/graph.js';
import type { Leaf } from '../graph/node.js';
import { rankOf } from '../operators/order.js';

/**
 * The canonical order of the terms of a sum and the factors of a product: small before large, then by operator,
 * attributes and arguments. Depends on nothing but the expressions: not on names, and not on when nodes were made.
 */
export function compareNodes(first: Node, second: Node): number {
  let a = first;
  let b = second;
  for (;;) {
    if (a === b) return 0;
    const byWeight = a.weight - b.weight;
    if (byWeight !== 0) return byWeight;
    const byShape = compareShape(a, b);
    if (byShape !== 0) return byShape;
    // Beyond the largest weight, expressions of different sizes are told apart without walking down to where they differ.
    const byStructure = a.weight < MAX_WEIGHT ? 0 : structureOf(a) - structureOf(b);
    if (byStructure !== 0) return byStructure;
    // Same shape: the first pair of arguments that differs decides. A loop, since graphs may be very deep.
    const length = a.args.length;
    let i = 0;
    while (i < length && a.args[i] === b.args[i]) i++;
    if (i === length) return 0;
    [a, b] = [a.args[i]!, b.args[i]!];
  }
}

/** A number for the structure of an expression, from that of its arguments: nothing else goes into it. Needs no stack. */
function structureOf(node: Node): number {
  const stack = [node];
  for (let next = stack.at(-1); next !== undefined; next = stack.at(-1)) {
    const open = next.args.filter(({ cache }) => cache.structure === undefined);
    if (open.length > 0) for (const arg of open) stack.push(arg);
    else {
      const { op, value, axis, to, axes, leaf, args } = next;
      const parts = [rankOf(op), bitsOf(value), axis, to, axes, leaf === undefined ? 0 : placeOf(leaf)];
      for (const { cache } of args) parts.push(cache.structure!);
      next.cache.structure = parts.reduce((hash, part) => mixed(hash ^ part), parts.length);
      stack.pop();
    }
  }
  return node.cache.structure!;
}

/** Leaves that are not of the signature stand before those that are. */
const PLACES: { readonly [K in Leaf['kind']]: (position: number) => number } = {
  given: (position) => position,
  logits: (position) => position,
  hole: () => -1,
  seed: () => -2,
  part: () => -3,
};
const placeOf = ({ kind, position }: Leaf): number => PLACES[kind](position);

const mixed = (hash: number): number => {
  const once = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return once ^ (once >>> 13);
};

const FLOAT = new Float64Array(1);
const BITS = new Int32Array(FLOAT.buffer);
function bitsOf(value: number): number {
  FLOAT[0] = value;
  return BITS[0]! ^ Math.imul(BITS[1]!, 0x9e3779b1);
}

function compareShape(a: Node, b: Node): number {
  if (a.op !== b.op) return rankOf(a.op) - rankOf(b.op);
  if (a.leaf !== undefined && b.leaf !== undefined) return placeOf(a.leaf) - placeOf(b.leaf);
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  if (a.axis !== b.axis) return a.axis - b.axis;
  if (a.to !== b.to) return a.to - b.to;
  if (a.axes !== b.axes) return a.axes - b.axes;
  if (a.args.length !== b.args.length) return a.args.length - b.args.length;
  if (a.data === undefined || b.data === undefined) return 0;
  for (const [i, x] of a.data.entries()) if (x !== b.data[i]) return x - (b.data[i] ?? 0);
  return 0;
}
