import type { CompiledLoss } from '../../compile.js';
import type { Node } from '../../graph/graph.js';
import { rebuild } from '../../graph/rebuild.js';
import { simplifyingAlgebra } from '../../passes/simplify.js';
import { figure } from '../../words/sentence.js';
import { AT_SETTING } from '../explanation.js';
import type { World } from '../probe/world.js';

/** A formula in general, and at the parameters of the setting: bounds and proofs may hold for these alone. */
export interface Forms {
  readonly general: CompiledLoss;
  readonly settled: CompiledLoss;
}

export const formsOf = (compiled: CompiledLoss, world: World): Forms => ({
  general: compiled,
  settled: settled(compiled, world),
});

/** For which of the two a proof succeeds; undefined for neither. */
export function provedFor(
  forms: Forms,
  proof: (compiled: CompiledLoss) => boolean,
): 'for all legal inputs and parameters' | typeof AT_SETTING | undefined {
  if (proof(forms.general)) return 'for all legal inputs and parameters';
  return proof(forms.settled) ? AT_SETTING : undefined;
}

/** How a bound was found, where the one at the setting is told. */
export function boundReason(what: string, settledBound: number, generalBound: number): string {
  if (settledBound === generalBound)
    return `Interval analysis of the ${what}, for all legal inputs and parameters.`;
  const general = Number.isFinite(generalBound)
    ? `; for all legal parameters it is ${figure(generalBound)}`
    : '';
  return `Interval analysis of the ${what} ${AT_SETTING}${general}.`;
}

/**
 * The formula at the parameters of a world, as numbers: what cannot be shown for every legal parameter may hold for these.
 * Parameters that are lists stay as they are. The loss itself, where there is nothing to put in.
 */
function settled(compiled: CompiledLoss, { parameters }: World): CompiledLoss {
  const algebra = simplifyingAlgebra(compiled.lowered.graph);
  const numbers = new Map<Node, Node>();
  for (const { name, node } of compiled.parameters) {
    const value = parameters.get(name);
    if (typeof value === 'number') numbers.set(node, algebra.constant(value));
  }
  if (numbers.size === 0) return compiled;
  const put = (node: Node): Node => rebuild(algebra, [node], (part) => numbers.get(part))[0]!;
  const { value, gradients, names } = compiled.formula;
  return {
    ...compiled,
    formula: {
      value: put(value),
      gradients: new Map([...gradients].map(([name, node]) => [name, put(node)])),
      names: new Map([...names].map(([node, name]) => [put(node), name])),
    },
  };
}
