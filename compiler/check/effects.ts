import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { differentiate } from '../differentiate/differentiate.js';
import { GraphTooLarge, type Node, reachable } from '../graph/graph.js';
import type { LoweredLoss } from '../lower/lowered.js';
import * as axisMessages from '../messages/axes.js';
import * as effectMessages from '../messages/effects.js';
import { type Place, placeIn } from '../messages/message.js';
import { simplify, simplifyingAlgebra } from '../passes/simplify.js';
import type { Program } from '../resolve/program.js';
import { isNormalising, madeOf, termsWithout } from './free-terms.js';
import { swappedInputs } from './swapped.js';

/**
 * Warnings about predictions that get no gradient, data and parameters that no gradient depends on, and swapped inputs. An error
 * when the gradient is too large to be worked out.
 */
export function checkEffects(program: Program, decl: LossDecl, loss: LoweredLoss): Diagnostic[] {
  try {
    return effects(program, decl, loss);
  } catch (error) {
    if (!(error instanceof GraphTooLarge)) throw error;
    return [axisMessages.tooMuchWork(placeIn(program.module.source, decl.name), decl.name.name)];
  }
}

function effects(program: Program, decl: LossDecl, loss: LoweredLoss): Diagnostic[] {
  const { source } = program.module;
  const place = (name: string): Place =>
    placeIn(source, [...decl.inputs, ...decl.parameters].find((item) => item.name.name === name)?.name);
  const predictions = loss.inputs.filter((input) => !input.data);
  // Behind a `stop_gradient` a gradient of zero is what was asked for.
  const used = reachedPast(loss.value, ({ op }) => op === 'stop');
  const algebra = simplifyingAlgebra(loss.graph);
  const value = simplify(loss.graph, [loss.value]).roots[0]!;
  const gradients = differentiate(
    algebra,
    value,
    predictions.map((input) => input.node),
    algebra.constant(1),
  );
  const isZero = (node: Node): boolean => node.op === 'const' && node.value === 0;
  const still = predictions.filter((input, i) => used.has(input.node) && isZero(gradients[i]!));
  if (still.length > 0) return still.map(({ name }) => effectMessages.noGradient(place(name), name));
  const reached = new Set(reachable(gradients));
  const without = <T extends { readonly node: Node }>(leaves: readonly T[]): readonly T[] =>
    leaves.filter(({ node }) => used.has(node) && !reached.has(node));
  const data = without(loss.inputs.filter((input) => input.data));
  const nodes = predictions.map(({ node }) => node);
  const normalising = madeOf(loss.value, isNormalising);
  const free = new Set(
    termsWithout(loss.value, nodes)
      .map(({ node }) => node)
      .filter((node) => !normalising.has(node)),
  );
  const bound = reachedPast(loss.value, (node) => free.has(node));
  const parameters = without(loss.parameters).filter(({ node }) => !bound.has(node));
  const body = placeIn(source, decl.body.result);
  const swapped = swappedInputs(loss, reached);
  return [
    ...data.map(({ name }) => effectMessages.noInfluence(place(name), name)),
    ...parameters.map(({ name }) => effectMessages.noParameterInfluence(place(name), name)),
    ...(swapped === undefined
      ? []
      : [effectMessages.swapped(body, swapped.target, swapped.prediction, swapped.terms)]),
  ];
}

/** Everything below a node that can be reached without entering a node that stops the way. */
function reachedPast(root: Node, stops: (node: Node) => boolean): Set<Node> {
  const seen = new Set<Node>([root]);
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const arg of node.args) {
      if (seen.has(arg) || stops(arg)) continue;
      seen.add(arg);
      stack.push(arg);
    }
  }
  return seen;
}
