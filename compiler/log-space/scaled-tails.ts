import type { Algebra } from '../algebra/algebra.js';
import { splitCoefficient } from '../algebra/coefficient.js';
import type { Node } from '../graph/graph.js';
import { choose, negate, square } from '../graph/raw.js';
import { rebuild } from '../graph/rebuild.js';
import { isNonnegative } from '../operators/range.js';

/**
 * c * log_erfc(u) beside the c * u^2 that it nearly is minus: c * log(erfcx(u)) where u is positive, which has neither. The hazard of a
 * normal distribution at 20 is the exponential of a difference of two that are 200.
 */
export function withScaledTail(b: Algebra, node: Node): Node | undefined {
  if (node.op !== 'add') return undefined;
  const found = withoutChoices(b, node);
  if (found !== undefined) return found;
  for (const term of node.args) {
    const { rest } = splitCoefficient(b, term);
    if (rest?.op !== 'select' || ![...node.args, ...rest.args].some((part) => holdsTail(b, part))) continue;
    const made = inBranches(b, node, term, rest);
    if (made !== undefined) return made;
  }
  return undefined;
}

/** Whether a term is a multiple of log_erfc, or of a sum with one. */
function holdsTail(b: Algebra, part: Node): boolean {
  const { rest } = splitCoefficient(b, part);
  if (rest?.op !== 'add') return rest?.op === 'logErfc';
  return rest.args.some((term) => splitCoefficient(b, term).rest?.op === 'logErfc');
}

function withoutChoices(b: Algebra, node: Node): Node | undefined {
  if (node.op !== 'add') return undefined;
  for (const term of node.args) {
    const { coefficient, rest } = splitCoefficient(b, term);
    if (rest?.op !== 'logErfc') continue;
    const [u] = rest.args;
    const factor = b.constant(coefficient);
    const others = b.add([node, negate(b, term), negate(b, b.mul([factor, square(b, u!)]))]);
    if (others.weight + term.weight >= node.weight) continue;
    const scaled = b.add([others, b.mul([factor, b.apply('log', [b.apply('erfcx', [u!])])])]);
    if (isNonnegative(u!.range)) return scaled;
    return choose(b, b.apply('lt', [b.constant(0), u!]), scaled, node);
  }
  return undefined;
}

/** A sum with a choice as a choice of sums, in which min(z, 0) is z where z < 0 is chosen. */
function inBranches(b: Algebra, node: Node, term: Node, { args }: Node): Node | undefined {
  const [condition, yes, no] = args as [Node, Node, Node];
  const [low, high] = condition.args;
  if (condition.op !== 'lt' || high!.op !== 'const' || high!.value !== 0) return undefined;
  const { coefficient } = splitCoefficient(b, term);
  const [below, above] = (
    [
      [yes, 'min'],
      [no, 'max'],
    ] as const
  ).map(([branch, op]) => {
    const cut = b.apply(op, [low!, b.constant(0)]);
    const [inside] = rebuild(b, [branch], (part) => (part === cut ? low! : undefined));
    return b.add([node, negate(b, term), b.mul([b.constant(coefficient), inside!])]);
  }) as [Node, Node];
  const [first, second] = [ofMultiple(b, below), ofMultiple(b, above)];
  return (first ?? second) && choose(b, condition, first ?? below, second ?? above);
}

function ofMultiple(b: Algebra, node: Node): Node | undefined {
  const { coefficient, rest } = splitCoefficient(b, node);
  const found = rest && withoutChoices(b, rest);
  return found && b.mul([b.constant(coefficient), found]);
}
