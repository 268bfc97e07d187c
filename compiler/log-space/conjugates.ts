import type { Algebra } from '../algebra/algebra.js';
import { splitCoefficient } from '../algebra/coefficient.js';
import type { Node } from '../graph/graph.js';
import { choose, divide, negate, square, subtract } from '../graph/raw.js';
import { isNonnegative } from '../operators/range.js';

/**
 * sqrt(a) + b with a nonnegative and simpler a - b^2 as (a - b^2) / (sqrt(a) - b) where b is negative: sqrt(1 + u^2) - 1 is
 * u^2 / (sqrt(1 + u^2) + 1), in which no digits cancel.
 */
export function asConjugate(b: Algebra, node: Node): Node | undefined {
  if (node.op !== 'add' || node.args.length !== 2) return undefined;
  const at = node.args.findIndex((term) => isRoot(splitCoefficient(b, term).rest));
  if (at < 0) return undefined;
  const { coefficient, rest } = splitCoefficient(b, node.args[at]!);
  if (coefficient.value > 0) return positive(b, node.args[at]!, node.args[1 - at]!, rest!.args[0]!);
  const [root, other] = [node.args[at]!, node.args[1 - at]!].map((term) => negate(b, term)) as [Node, Node];
  const found = positive(b, root, other, rest!.args[0]!);
  return found && negate(b, found);
}

/** root + other, where the root is a multiple of that of `inner`. */
function positive(b: Algebra, root: Node, other: Node, inner: Node): Node | undefined {
  if (isNonnegative(other.range)) return undefined;
  const above = subtract(b, square(b, root), square(b, other));
  if (above.weight >= inner.weight || !isNonnegative(above.range)) return undefined;
  const conjugate = divide(b, above, subtract(b, root, other));
  if (isNonnegative(negate(b, other).range)) return conjugate;
  return choose(b, b.apply('lt', [other, b.constant(0)]), conjugate, b.add([root, other]));
}

const isRoot = (node: Node | undefined): boolean =>
  node?.op === 'pow' && node.args[1]!.op === 'const' && node.args[1]!.value === 0.5;
