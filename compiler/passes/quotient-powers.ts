import type { AxisSet } from '../graph/axes.js';
import { type Graph, type Node, reachable } from '../graph/graph.js';
import { divide, RawBuilder } from '../graph/raw.js';
import { rebuild } from '../graph/rebuild.js';

/** Powers of a number of this size, or of one over it, are far from the ends of float32. */
const ORDINARY = 1e4;

/** A whole power of what may be of any size. */
interface Power {
  readonly base: Node;
  readonly exponent: number;
}

/**
 * The same values with `a^m / b^n` as a power of `a / b`, where both powers may leave float32 although the quotient stays: of
 * 1e-7^7 / 2e-6^8 nothing but 0 / 0 is left there. It comes last, since normal form takes powers of quotients apart.
 */
export function powersOfQuotients(graph: Graph, roots: readonly Node[]): readonly Node[] {
  const b = new RawBuilder(graph);
  // Most losses have none: they need not be made again.
  if (reachable(roots).every((node) => joined(b, node) === node)) return roots;
  return rebuild(b, roots, undefined, (node) => joined(b, node));
}

function joined(b: RawBuilder, product: Node): Node {
  if (product.op !== 'mul') return product;
  const above = product.args.flatMap((factor) => powerIn(factor, 1));
  const below = product.args.flatMap((factor) => powerIn(factor, -1));
  if (above.length === 0 || below.length === 0) return product;
  const others = product.args.filter((factor) => [1, -1].every((sign) => powerIn(factor, sign).length === 0));
  const quotients: Node[] = [];
  while (true) {
    const found = pairOf(above, below);
    if (found === undefined) break;
    const [over, under] = found;
    const shared = Math.min(over.exponent, under.exponent);
    quotients.push(power(b, divide(b, over.base, under.base), shared));
    above.splice(above.indexOf(over), 1, ...rest(over, shared));
    below.splice(below.indexOf(under), 1, ...rest(under, shared));
  }
  if (quotients.length === 0) return product;
  return b.mul([
    ...others,
    ...quotients,
    ...above.map(({ base, exponent }) => power(b, base, exponent)),
    ...below.map(({ base, exponent }) => power(b, base, -exponent)),
  ]);
}

/**
 * Two powers of which the quotient is no larger than one of them. What may be 0 stays as it is: its guard keeps the power, not
 * the quotient, within float32.
 */
function pairOf(
  above: readonly Power[],
  below: readonly Power[],
): readonly [over: Power, under: Power] | undefined {
  for (const over of above)
    for (const under of below)
      if (under.base.range.nonzero && covers(over.base.axes, under.base.axes)) return [over, under];
  return undefined;
}

const covers = (x: AxisSet, y: AxisSet): boolean => (x & y) === x || (x & y) === y;

const rest = ({ base, exponent }: Power, used: number): readonly Power[] =>
  exponent > used ? [{ base, exponent: exponent - used }] : [];

/** The power that a factor is, above or below the line. */
function powerIn({ op, args }: Node, sign: number): readonly Power[] {
  if (op !== 'pow' || args[1]!.op !== 'const') return [];
  const exponent = sign * args[1]!.value;
  return Number.isInteger(exponent) && exponent > 1 && !isOrdinary(args[0]!)
    ? [{ base: args[0]!, exponent }]
    : [];
}

const isOrdinary = ({ op, range }: Node): boolean =>
  op === 'size' ||
  op === 'index' ||
  (range.lo >= 1 / ORDINARY && range.hi <= ORDINARY) ||
  (range.hi <= -1 / ORDINARY && range.lo >= -ORDINARY);

const power = (b: RawBuilder, base: Node, exponent: number): Node =>
  exponent === 1 ? base : b.pow(base, b.constant(exponent));
