import { log2 } from '../elementary/logarithm.js';
import { isCondition } from '../operators/elementwise.js';
import type { Node } from './graph.js';

/** Larger numbers, and divisions by smaller ones, may be infinite in float32. */
const LARGE = 1e30;
const MOST_BITS = 100;
/** How many bits a number of ordinary size has in front of the point, or behind it. */
const ORDINARY_BITS = 2;
const MOST_NEGATIVE = -8;

const known = new WeakMap<Node, boolean>();

/**
 * Whether a value may be infinite, or no number for that reason, on legal inputs though guards are in place: what is worked out from
 * a maximum, minimum or `logsumexp` over nothing, from `infinity`, from a number near the end of the floats, or from a power without end.
 */
export function mayBeInfinite(root: Node): boolean {
  const stack = [root];
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    if (known.has(node)) {
      stack.pop();
      continue;
    }
    const parts = partsOf(node);
    const open = parts.filter((part) => !known.has(part));
    if (open.length > 0) stack.push(...open);
    else known.set(node, isLarge(node) || parts.some((part) => known.get(part)!));
  }
  return known.get(root)!;
}

/** The arguments that an infinity could come from. */
function partsOf(node: Node): readonly Node[] {
  if (isCondition(node.op)) return [];
  return node.op === 'select' ? node.args.slice(1) : node.args;
}

function isLarge({ op, value, args }: Node): boolean {
  if (op === 'const') return !(Math.abs(value) <= LARGE);
  // About exp(x^2) for a negative x.
  if (op === 'erfcx') return args[0]!.range.lo < MOST_NEGATIVE;
  return op === 'pow' && isLargePower(args[0]!, args[1]!);
}

/** Exponentials saturate, powers do not. */
function isLargePower({ op, value, range }: Node, exponent: Node): boolean {
  const { lo, hi } = exponent.range;
  if (op === 'const' && Math.abs(value) < 1 / LARGE && lo < 0) return true;
  if (exponent.op === 'const') {
    const grows = exponent.value > 0 ? range.hi > 1 || range.lo < -1 : range.lo < 1;
    return grows && Math.abs(exponent.value) * ORDINARY_BITS > MOST_BITS;
  }
  if (range.hi > 1 && hi * log2(range.hi) > MOST_BITS) return true;
  // A guard bounds the power of what may be 0, but not of what is only as near to 0 as it likes.
  const smallest = range.nonzero ? Math.max(range.lo, Number.MIN_VALUE) : range.lo;
  return smallest > 0 && smallest < 1 && lo * log2(smallest) > MOST_BITS;
}
