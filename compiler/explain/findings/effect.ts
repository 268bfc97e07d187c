import { freeTerms, wholeTerm } from '../../check/free-terms.js';
import { swappedInputs } from '../../check/swapped.js';
import type { CompiledLoss } from '../../compile.js';
import { type Constant, constantOf, multiplyConstants } from '../../graph/exact.js';
import { type Node, reachable } from '../../graph/graph.js';
import { RawBuilder } from '../../graph/raw.js';
import { short } from '../../raise/short.js';
import { listed } from '../../words/sentence.js';
import type { Finding } from '../explanation.js';

/** `no effect`, `free term` and `swapped`: what the gradient does not feel. */
export function explainEffect(compiled: CompiledLoss): Finding[] {
  return [
    ...withoutEffect(compiled),
    ...freeTermFindings(compiled),
    ...heldConstant(compiled),
    ...swapped(compiled),
  ];
}

/** `stop_gradient` around something that depends on a prediction: the gradient is not the derivative of the value. */
function heldConstant(compiled: CompiledLoss): Finding[] {
  const predictions = compiled.inputs.filter((input) => !input.data).map((input) => input.node);
  const held = reachable([compiled.formula.value]).filter(
    (node) => node.op === 'stop' && reachable([node]).some((part) => predictions.includes(part)),
  );
  return held.map((node) => ({
    topic: 'effect',
    property: 'held constant',
    status: 'proved',
    holds: true,
    statement: `The gradient leaves out how the value changes with a part that is held constant: ${short(compiled.lowered.graph, node.args[0]!, [])}.`,
    reason: 'It is in stop_gradient. Training need not lower the value, and ends where the gradient is 0.',
  }));
}

function withoutEffect(compiled: CompiledLoss): Finding[] {
  const predictions = compiled.inputs.filter((input) => !input.data);
  const gradients = predictions.map((input) => compiled.formula.gradients.get(input.name)!);
  const felt = new Set(reachable(gradients));
  const valued = new Set(reachable([compiled.formula.value]));
  const base = { topic: 'effect', property: 'no effect', status: 'proved', holds: true } as const;
  const findings: Finding[] = [];
  for (const [i, input] of predictions.entries()) {
    const gradient = gradients[i]!;
    if (gradient.op !== 'const' || gradient.value !== 0) continue;
    findings.push({
      ...base,
      statement: `The prediction "${input.name}" gets no gradient: nothing trains it.`,
      reason: valued.has(input.node)
        ? 'Its derivative simplifies to 0.'
        : 'It does not occur in the simplified value.',
    });
  }
  const data = compiled.inputs.filter((input) => input.data);
  const leaves = [
    ...data.map((input) => ({ what: 'data', name: input.name, node: input.node })),
    ...compiled.parameters.map(({ name, node }) => ({ what: 'parameter', name, node })),
  ];
  for (const { what, name, node } of leaves) {
    if (felt.has(node)) continue;
    const label = what === 'data' ? `The data "${name}"` : `The parameter "${name}"`;
    findings.push({
      ...base,
      statement: `${label} ${valued.has(node) ? 'changes the value, but never the gradient' : 'has no effect at all'}.`,
      reason: `It does not occur in the derivative with respect to ${listed(predictions.map((input) => `"${input.name}"`))}.`,
    });
  }
  return findings;
}

/** Makes one product of a product within another, and one of their coefficients; all else stays as it is in the formula. */
class FlatBuilder extends RawBuilder {
  override mul(factors: readonly Node[]): Node {
    const flat = factors.flatMap((factor) => (factor.op === 'mul' ? factor.args : [factor]));
    const coefficient = flat
      .filter(({ op }) => op === 'const')
      .reduce<Constant>(multiplyConstants, constantOf(1));
    const others = flat.filter(({ op }) => op !== 'const');
    return super.mul(coefficient.value === 1 ? others : [this.constant(coefficient), ...others]);
  }
}

/** Additive terms of the value that no prediction reaches, but an input does. */
function freeTermFindings(compiled: CompiledLoss): Finding[] {
  const { graph } = compiled.lowered;
  const predictions = compiled.inputs.filter((input) => !input.data).map((input) => input.node);
  return freeTerms(compiled.formula.value, predictions).map((part) => {
    const term = wholeTerm(new FlatBuilder(graph), part);
    const nodes = reachable([term]);
    const names = [...compiled.inputs, ...compiled.parameters]
      .filter((leaf) => nodes.includes(leaf.node))
      .map((leaf) => leaf.name);
    return {
      topic: 'effect',
      property: 'free term',
      status: 'proved',
      holds: true,
      statement: `The term ${short(graph, term, names)} changes the value, but never the gradient.`,
      reason: 'No prediction occurs in it, or only as a constant.',
    };
  });
}

/** The question that `check` asks too, as a warning. */
function swapped(compiled: CompiledLoss): Finding[] {
  const predictions = compiled.inputs.filter((input) => !input.data);
  const gradients = predictions.map((input) => compiled.formula.gradients.get(input.name)!);
  const found = swappedInputs(compiled.lowered, new Set(reachable(gradients)));
  if (found === undefined) return [];
  return [
    {
      topic: 'effect',
      property: 'swapped',
      status: 'unknown',
      statement: `Were "${found.target}" and "${found.prediction}" swapped? ${found.terms} terms contain only the target, and none contains only the prediction.`,
      reason: 'In most losses it is the other way round: a term with only the target trains nothing.',
    },
  ];
}
