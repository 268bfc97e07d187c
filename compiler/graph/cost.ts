import { log2 } from '../elementary/logarithm.js';
import { AXIS } from '../operators/axis.js';
import { elementwise, isElementwise } from '../operators/elementwise.js';
import { isLeaf } from '../operators/order.js';
import { type Node, reachable } from './graph.js';

/**
 * The price of an expression in units of an addition, the number that simplification must not raise. A node that is used
 * twice counts once. Reciprocals are free, since the product they stand in is paid for as a division; a number in front of
 * a product is half a multiplication, since it often merges with another, and a sign is free, since sums become differences.
 */
export function cost(roots: readonly Node[]): number {
  return total(roots, multiplications);
}

/**
 * The price for a reader, to whom a whole power is one thing however high it is: beside x^2 the square of its square is
 * cheaper than x^8, but x^8 reads better.
 */
export function readingCost(roots: readonly Node[]): number {
  return total(roots, (exponent) => (exponent === 1 ? 0 : 1));
}

/** What a power with this whole exponent costs. */
type PowerPrice = (exponent: number) => number;

/** Largest whole power that is emitted as repeated squares. */
const MOST_SQUARED = 64;

/**
 * Multiplications if every one doubled the exponent: no fewer factors give the power, and (x^3)^5, which takes five of them, costs
 * no less than x^15, which takes six by repeated squares.
 */
const multiplications: PowerPrice = (exponent) =>
  exponent <= MOST_SQUARED ? Math.ceil(16 * log2(exponent)) / 16 : elementwise('pow').cost;

function total(roots: readonly Node[], power: PowerPrice): number {
  let sum = 0;
  for (const node of reachable(roots)) {
    const price = costOf(node, power);
    sum += node.axes === 0 && node.args.every(isNumber) ? price * ONCE : price;
  }
  return sum;
}

/**
 * What parameters, sizes and constants alone give is worked out once and not for every entry. Like all prices a binary
 * fraction, so that sums are exact.
 */
const ONCE = 1 / 64;
const isNumber = (node: Node): boolean => node.axes === 0;

/** A minus inside a function: outside it would merge with another number. */
const INNER_SIGN = 0.25;

function costOf(node: Node, power: PowerPrice): number {
  const { op } = node;
  if (isLeaf(op)) return 0;
  switch (op) {
    case 'add':
      return node.args.length - 1;
    case 'mul':
      return node.args.length - (node.args[0]!.op !== 'const' ? 1 : node.args[0]!.value === -1 ? 2 : 1.5);
    case 'pow':
      return powerCost(node, power) + innerSigns(node);
    default:
      return (isElementwise(op) ? elementwise(op).cost : AXIS[op].cost) + innerSigns(node);
  }
}

function powerCost(node: Node, power: PowerPrice): number {
  const exponent = node.args[1]!;
  if (exponent.op !== 'const') return elementwise('pow').cost;
  const size = Math.abs(exponent.value);
  if (size === 0.5) return 3;
  return Number.isInteger(size) && size > 0 ? power(size) : elementwise('pow').cost;
}

const innerSigns = (node: Node): number =>
  node.args.reduce((sum, arg) => (hasSign(arg) ? sum + INNER_SIGN * (isNumber(arg) ? ONCE : 1) : sum), 0);

const isNegative = (node: Node): boolean =>
  node.op === 'mul' && node.args.some((arg) => isNegativeNumber(arg) || isNegative(arg));

/** Also as a division by it, which is how `/ -2` stands in a graph that is not yet simplified. */
const isNegativeNumber = ({ op, value, args: [base, exponent] }: Node): boolean =>
  op === 'const'
    ? value < 0
    : op === 'pow' && base!.op === 'const' && base!.value < 0 && exponent!.value === -1;

/** A negative product, but not -(a - b), which is b - a. */
const hasSign = (node: Node): boolean =>
  isNegative(node) && !node.args.some((factor) => factor.op === 'add' && factor.args.some(isSubtracted));

const isSubtracted = (term: Node): boolean => (term.op === 'const' && term.value < 0) || isNegative(term);
