import { undefinedFactor } from '../../algebra/undefined.js';
import type { CompiledLoss } from '../../compile.js';
import { isFlat } from '../../differentiate/derivatives.js';
import { differentiate } from '../../differentiate/differentiate.js';
import { type Node, reachable } from '../../graph/graph.js';
import { sizeOf } from '../../graph/raw.js';
import { rebuild } from '../../graph/rebuild.js';
import { AXIS, isAxisOp } from '../../operators/axis.js';
import { isElementwise } from '../../operators/elementwise.js';
import { simplifyingAlgebra } from '../../passes/simplify.js';
import { isEntrywise, type Pair } from '../signature.js';

/** What follows from the formula of a loss of labels, by putting numbers in the place of the target. */

const dependsOn = (root: Node, leaf: Node): boolean => reachable([root]).includes(leaf);

/** Whether the gradient says all about the value: nothing that depends on an input is held constant. */
export const isWhole = (compiled: CompiledLoss): boolean =>
  reachable([compiled.formula.value]).every((node) => node.op !== 'stop');

/** A node with a number in place of an input. */
function withValue(compiled: CompiledLoss, root: Node, leaf: Node, value: number): Node {
  const algebra = simplifyingAlgebra(compiled.lowered.graph);
  const [made] = rebuild(algebra, [root], (node) => (node === leaf ? algebra.constant(value) : undefined));
  return made!;
}

/** Whether nothing in it is undefined for all inputs: 0 / 0 depends on nothing, and shows nothing. */
const isDefined = (root: Node): boolean => undefinedFactor(reachable([root])) === undefined;

/** The derivative by an entry of the prediction where the target there is on, and where it is off; if each entry has its own. */
function ownDerivatives(
  compiled: CompiledLoss,
  { family, target, prediction, axis }: Pair,
): { right: Node; wrong: Node } | undefined {
  const gradient = compiled.formula.gradients.get(prediction.name)!;
  const mask = axis === undefined ? 0 : 1 << axis;
  if (!isWhole(compiled) || (family === 'classes' && !isEntrywise(gradient, mask))) return undefined;
  const right = withValue(compiled, gradient, target.node, 1);
  const wrong = withValue(compiled, gradient, target.node, family === 'margin' ? -1 : 0);
  return isDefined(right) && isDefined(wrong) ? { right, wrong } : undefined;
}

/** Whether bounds show that the loss never rises as the label's entry grows and never falls as another one does. */
export function fallsEverywhere(compiled: CompiledLoss, pair: Pair): boolean {
  const derivatives = ownDerivatives(compiled, pair);
  return derivatives !== undefined && derivatives.right.range.hi <= 0 && derivatives.wrong.range.lo >= 0;
}

/** Whether the sum of the loss over all labels is the same for every prediction. */
export function sumIsConstant(compiled: CompiledLoss, pair: Pair): boolean {
  return entrywiseSumIsConstant(compiled, pair) || affineSumIsConstant(compiled, pair);
}

/**
 * Where every entry's derivative g(target, prediction) depends on that entry alone, the sum over labels has the derivative
 * g(1, p) + (n - 1) g(0, p); it is constant on the simplex if that is one number for all entries.
 */
function entrywiseSumIsConstant(compiled: CompiledLoss, pair: Pair): boolean {
  if (jumpsIn(compiled.formula.value, pair.prediction.node)) return false;
  const derivatives = ownDerivatives(compiled, pair);
  if (derivatives === undefined) return false;
  const algebra = simplifyingAlgebra(compiled.lowered.graph);
  const { right, wrong } = derivatives;
  if (pair.family !== 'classes') {
    const sum = algebra.add([right, wrong]);
    return sum.op === 'const' && sum.value === 0;
  }
  const others = algebra.mul([wrong, oneLess(compiled, pair.axis!)]);
  const sum = algebra.add([right, others]);
  if (dependsOn(sum, pair.prediction.node) || (sum.axes & (1 << pair.axis!)) !== 0) return false;
  return pair.prediction.domain === 'probability' || (sum.op === 'const' && sum.value === 0);
}

/** Where the loss is affine in the target, the sum over one-hot targets is (n - 1) loss(0) + loss(1, 1, …). */
function affineSumIsConstant(compiled: CompiledLoss, { family, target, prediction, axis }: Pair): boolean {
  const { value } = compiled.formula;
  if (family !== 'classes' || jumpsIn(value, target.node)) return false;
  const algebra = simplifyingAlgebra(compiled.lowered.graph);
  const [slope] = differentiate(algebra, value, [target.node], algebra.constant(1));
  if (dependsOn(slope!, target.node)) return false;
  const none = withValue(compiled, value, target.node, 0);
  const all = withValue(compiled, value, target.node, 1);
  const sum = algebra.add([all, algebra.mul([none, oneLess(compiled, axis!)])]);
  return isDefined(sum) && !dependsOn(sum, prediction.node);
}

/** Whether comparisons, signs and roundings of an input take part: they have the derivative 0, and are neither constant nor affine. */
const jumpsIn = (value: Node, input: Node): boolean =>
  reachable([value]).some((node) => isElementwise(node.op) && isFlat(node.op) && dependsOn(node, input));

function oneLess(compiled: CompiledLoss, axis: number): Node {
  const algebra = simplifyingAlgebra(compiled.lowered.graph);
  return algebra.add([sizeOf(algebra, axis), algebra.constant(-1)]);
}

/**
 * Whether a loss treats all classes in the same way whatever the prediction: nothing in it tells one from another, given
 * that parameters along the axis are one number.
 */
export function isEquivariant(compiled: CompiledLoss, { target, prediction, axis }: Pair): boolean {
  const mask = 1 << (axis ?? 0);
  return reachable([compiled.formula.value]).every((node) => {
    if ((node.op === 'input' && (node.axes & mask) !== 0) || node.op === 'literal')
      return node === target.node || node === prediction.node;
    if (node.op === 'parameter' && (node.axes & mask) !== 0) {
      const parameter = compiled.parameters[node.leaf!.position]!;
      return typeof parameter.default === 'number';
    }
    const readsOrder = isAxisOp(node.op) ? !AXIS[node.op].symmetric : node.op === 'index';
    return !readsOrder || ((node.axis | node.to) & mask) === 0;
  });
}
