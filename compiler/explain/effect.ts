import { freeTerms as freeTermsOf, termsWithout } from '../check/free-terms.js';
import type { CompiledLoss } from '../compile.js';
import { type Node, reachable } from '../graph/graph.js';
import type { LoweredInput } from '../lower/lowered.js';
import type { Finding } from './explanation.js';
import { listed, short } from './text.js';

/** Terms with the target alone that make a swap of target and prediction likely: one may be an entropy, which is usual. */
const SUSPICIOUS = 2;

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
    statement: `What is held constant, ${short(compiled.lowered.graph, node.args[0]!, [])}, changes the value, but not as the gradient says.`,
    reason:
      'It stands in stop_gradient. Training need not lower the value, and it rests where the gradient is 0.',
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
      reason: `It does not occur in the derivative by ${listed(predictions.map((input) => `"${input.name}"`))}.`,
    });
  }
  return findings;
}

/** Additive terms of the value that no prediction reaches, but an input does. */
export function freeTerms(compiled: CompiledLoss): Node[] {
  const predictions = compiled.inputs.filter((input) => !input.data).map((input) => input.node);
  return freeTermsOf(compiled.formula.value, predictions);
}

function freeTermFindings(compiled: CompiledLoss): Finding[] {
  return freeTerms(compiled).map((term) => {
    const nodes = reachable([term]);
    const names = [...compiled.inputs, ...compiled.parameters]
      .filter((leaf) => nodes.includes(leaf.node))
      .map((leaf) => leaf.name);
    return {
      topic: 'effect',
      property: 'free term',
      status: 'proved',
      holds: true,
      statement: `The term ${short(compiled.lowered.graph, term, names)} changes the value, but never the gradient.`,
      reason: 'No prediction occurs in it, or only as a constant.',
    };
  });
}

/**
 * Published re-implementations of TaylorGLO put the target where the prediction belongs (glo-facts 2): powers of the target
 * alone remain, and no power of the prediction alone.
 */
function swapped(compiled: CompiledLoss): Finding[] {
  const predictions = compiled.inputs.filter((input) => !input.data);
  const target = compiled.inputs.find((input) => input.data && input.name === 'target');
  const [prediction] = predictions;
  if (target === undefined || prediction === undefined || predictions.length > 1) return [];
  const free = freeTerms(compiled).filter((term) => reachable([term]).includes(target.node));
  const own = termsWithout(compiled.formula.value, [target.node]).filter((term) =>
    reachable([term]).includes(prediction.node),
  );
  if (free.length < SUSPICIOUS || own.length > 0) return [];
  return [
    {
      topic: 'effect',
      property: 'swapped',
      status: 'unknown',
      statement: `Were ${quoted(target)} and ${quoted(prediction)} swapped? ${free.length} terms hold the target alone, and none the prediction alone.`,
      reason: 'A loss usually has it the other way round: what the target alone does cannot teach anything.',
    },
  ];
}

const quoted = (input: LoweredInput): string => `"${input.name}"`;
