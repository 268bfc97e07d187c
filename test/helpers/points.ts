/** Points for checking rewrite rules by sampling: values for the variables of an expression that meet what the rule needs. */
import type { Node } from '../../compiler/graph/graph.js';
import type { Need } from '../../compiler/rules/rule.js';
import { createRandom, type Random } from '../../src/random.js';

/** How a variable is drawn for each need: ordinary values, values near 0, and large ones. */
const DRAW: { readonly [K in Need]: (random: Random) => number } = {
  positive: (random) => Math.exp(3 * random.normal()),
  nonnegative: (random) => (random.next() < 0.1 ? 0 : Math.exp(3 * random.normal())),
  negative: (random) => -Math.exp(3 * random.normal()),
  nonpositive: (random) => (random.next() < 0.1 ? 0 : -Math.exp(3 * random.normal())),
  binary: (random) => (random.next() < 0.5 ? 0 : 1),
  unit: (random) => random.pick([0, 1, random.next(), random.next()]),
  varying: (random) => anything(random),
  target: (random) => random.pick([0, 1, random.next()]),
};

const anything = (random: Random): number =>
  random.pick([random.normal(), 10 * random.normal(), 0.01 * random.normal(), 0, 1, -1]);

export const variablesOf = (nodes: readonly Node[]): string[] => [
  ...new Set(nodes.flatMap((node) => (node.op === 'input' ? [node.leaf!.name] : variablesOf(node.args)))),
];

/** Arrays of `length` numbers for each name. */
export function drawPoint(
  names: readonly string[],
  needs: Readonly<Record<string, Need>>,
  length: number,
  seed: string,
): Map<string, Float64Array> {
  const random = createRandom(seed);
  return new Map(
    names.map((name) => {
      const need = needs[name];
      const draw = need === undefined ? anything : DRAW[need];
      return [name, Float64Array.from({ length }, () => draw(random))];
    }),
  );
}
