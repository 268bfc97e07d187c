import type { LossDecl } from '../../grammar/ast.js';
import type { Diagnostic } from '../../grammar/diagnostic.js';
import { differentiate } from '../differentiate/differentiate.js';
import { GraphTooLarge, type Node, reachable } from '../graph/graph.js';
import type { LoweredLoss } from '../lower/lowered.js';
import type { Program } from '../lower/program.js';
import * as axisMessages from '../messages/axes.js';
import * as effectMessages from '../messages/effects.js';
import type { Place } from '../messages/message.js';
import { simplify, simplifyingAlgebra } from '../simplify.js';

/**
 * Warnings about predictions that get no gradient, and data that no gradient depends on: swapped inputs look like that. An error
 * when the gradient is too large to be worked out.
 */
export function checkEffects(program: Program, decl: LossDecl, loss: LoweredLoss): Diagnostic[] {
  try {
    return effects(program, decl, loss);
  } catch (error) {
    if (!(error instanceof GraphTooLarge)) throw error;
    const span = decl.name.span ?? { start: 0, end: 0 };
    return [axisMessages.tooLarge({ span, source: program.module.source }, decl.name.name)];
  }
}

function effects(program: Program, decl: LossDecl, loss: LoweredLoss): Diagnostic[] {
  const place = (name: string): Place => ({
    span: decl.inputs.find((input) => input.name.name === name)?.name.span ?? { start: 0, end: 0 },
    source: program.module.source,
  });
  const predictions = loss.inputs.filter((input) => !input.data);
  const used = withoutStopped(loss.value);
  const algebra = simplifyingAlgebra(loss.graph);
  const value = simplify(loss.graph, [loss.value]).roots[0]!;
  const gradients = differentiate(
    algebra,
    value,
    predictions.map((input) => input.node),
    algebra.constant(1),
  );
  const isZero = (node: Node): boolean => node.op === 'const' && node.value === 0;
  const without = predictions.filter((input, i) => used.has(input.node) && isZero(gradients[i]!));
  if (without.length > 0) return without.map(({ name }) => effectMessages.noGradient(place(name), name));
  const reached = new Set(reachable(gradients));
  return loss.inputs
    .filter((input) => input.data && used.has(input.node) && !reached.has(input.node))
    .map(({ name }) => effectMessages.noInfluence(place(name), name));
}

/** Everything below a node that is not behind a `stop_gradient`, where a gradient of zero is what was asked for. */
function withoutStopped(root: Node): Set<Node> {
  const seen = new Set<Node>([root]);
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.op === 'stop') continue;
    for (const arg of node.args) {
      if (seen.has(arg)) continue;
      seen.add(arg);
      stack.push(arg);
    }
  }
  return seen;
}
