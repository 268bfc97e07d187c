import { canonicalHash, gradientHash } from '../../compiler/canonical/canonical.js';
import { differentiate } from '../../compiler/differentiate/differentiate.js';
import type { Node } from '../../compiler/graph/graph.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { takeLogits } from '../../compiler/passes/logits.js';
import { normalise, simplifyingAlgebra } from '../../compiler/passes/simplify.js';
import { lowered, type Side } from './signatures.js';

/** What normal forms show of two losses. `scaled` is up to a positive factor, `same gradient` up to a term without the prediction. */
export type Relation = 'equal' | 'scaled' | 'same gradient' | 'scaled gradient';

/** What follows from the normal forms of two losses of the same signature; undefined where nothing does. */
export function provedRelation(
  a: Side,
  b: Side,
  fromLogits: boolean,
  [ofA, ofB]: readonly [ReadonlyMap<string, ParameterValue>, ReadonlyMap<string, ParameterValue>],
): Relation | undefined {
  const [first, second] = [printsOf(a, fromLogits, ofA), printsOf(b, fromLogits, ofB)];
  if (first === undefined || second === undefined) return undefined;
  const same = (x: readonly string[], y: readonly string[]): boolean => x.join() === y.join();
  if (first.value === second.value) return 'equal';
  if (same(first.gradients, second.gradients)) return 'same gradient';
  if (first.direction === second.direction) return 'scaled';
  // With several predictions each could have a factor of its own.
  if (first.directions.length === 1 && same(first.directions, second.directions)) return 'scaled gradient';
  return undefined;
}

interface Prints {
  readonly value: string;
  readonly direction: string;
  readonly gradients: readonly string[];
  readonly directions: readonly string[];
}

/** Undefined where a parameter is a list, which no normal form holds. */
function printsOf(
  side: Side,
  fromLogits: boolean,
  values: ReadonlyMap<string, ParameterValue>,
): Prints | undefined {
  const loss = lowered(side);
  const { graph } = loss;
  const algebra = simplifyingAlgebra(graph);
  const replaced = new Map<Node, Node>();
  for (const { name, node, default: fallback } of loss.parameters) {
    const value = values.get(name) ?? fallback;
    if (typeof value !== 'number') return undefined;
    replaced.set(node, algebra.constant(value));
  }
  const { inputs, value: raw } = takeLogits(loss, fromLogits, algebra, replaced);
  const value = normalise(graph, [raw]).roots[0]!;
  const predictions = inputs.filter(({ data }) => !data).map(({ node }) => node);
  const gradients = differentiate(algebra, value, predictions, algebra.constant(1));
  return {
    value: canonicalHash(graph, value),
    direction: gradientHash(graph, value),
    gradients: gradients.map((gradient) => canonicalHash(graph, gradient)),
    directions: gradients.map((gradient) => gradientHash(graph, gradient)),
  };
}
