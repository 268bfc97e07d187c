import type { Node } from '../graph/graph.js';
import { type Builder, choose, subtract } from '../graph/raw.js';

/** x / -sqrt(2), where the normal distribution takes its error function. */
const turned = (b: Builder, x: Node): Node =>
  b.mul([b.constant(-1), b.pow(b.constant(2), b.constant(-0.5)), x]);

/** The distribution function of the standard normal distribution, erfc(-x / sqrt(2)) / 2. */
export const normalDistribution = (b: Builder, x: Node): Node =>
  b.mul([b.constant(0.5), b.apply('erfc', [turned(b, x)])]);

/** Its logarithm: below 0 by log_erfc, above by what is left of 1, where that would be a small difference of two numbers near log(2). */
export function logNormalDistribution(b: Builder, x: Node): Node {
  const [zero, minus] = [b.constant(0), b.constant(-1)];
  const below = subtract(
    b,
    b.apply('logErfc', [turned(b, b.apply('min', [x, zero]))]),
    b.apply('log', [b.constant(2)]),
  );
  const rest = normalDistribution(b, b.mul([minus, b.apply('max', [x, zero])]));
  return choose(b, b.apply('lt', [x, zero]), below, b.apply('log1p', [b.mul([minus, rest])]));
}
