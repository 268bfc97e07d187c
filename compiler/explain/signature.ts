import type { CompiledLoss } from '../compile.js';
import { type Node, reachable } from '../graph/graph.js';
import type { LoweredInput } from '../lower/lowered.js';
import type { Family } from './explanation.js';

/** Target and prediction of a loss that has one of each, and what they make of it. */
export interface Pair {
  readonly family: Exclude<Family, 'other'>;
  readonly target: LoweredInput;
  readonly prediction: LoweredInput;
  /** The axis of the classes; for `binary`, an axis of labels that do not mix, which is looked at one label at a time. */
  readonly axis: number | undefined;
}

const NUMBERS: ReadonlySet<string> = new Set(['real', 'positive', 'nonnegative', 'integer', 'between']);

/** The pair that a loss is about; undefined for losses of several predictions, of pairs, of boxes and so on. */
export function pairOf(compiled: CompiledLoss): Pair | undefined {
  const predictions = compiled.inputs.filter((input) => !input.data);
  const data = compiled.inputs.filter((input) => input.data);
  const target = data.find((input) => input.role === 'target');
  const [prediction] = predictions;
  if (target === undefined || prediction === undefined || predictions.length > 1) return undefined;
  const pair = { target, prediction };
  const axes = target.axes.join() === prediction.axes.join() ? target.axes : undefined;
  if (axes === undefined || axes.length > 1) return undefined;
  const [axis] = axes;
  const simplex = target.domain === 'onehot' || target.domain === 'probability';
  if (simplex && axis !== undefined && CLASS_PREDICTIONS.has(declaredDomain(compiled, prediction))) {
    return { ...pair, family: 'classes', axis };
  }
  if (compiled.coupled || compiled.scalar) return undefined;
  if (axis !== undefined && !isSeparate(compiled, prediction, axis)) return undefined;
  const domain = declaredDomain(compiled, prediction);
  if (
    (target.domain === 'binary' || target.domain === 'unit') &&
    (domain === 'unit' || domain === 'logits')
  ) {
    return { ...pair, family: 'binary', axis };
  }
  if (axis !== undefined) return undefined;
  if (target.domain === 'sign' && (domain === 'real' || domain === 'logits'))
    return { ...pair, family: 'margin', axis };
  return NUMBERS.has(target.domain) && NUMBERS.has(domain)
    ? { ...pair, family: 'regression', axis }
    : undefined;
}

/** The pair of a loss that takes the number of the class instead of a row: a `classes` pair whose target has no axis. */
export function labelPairOf(compiled: CompiledLoss): Pair | undefined {
  const [prediction, ...others] = compiled.inputs.filter((input) => !input.data);
  const [target, ...more] = compiled.inputs.filter((input) => input.data);
  if (target === undefined || prediction === undefined || others.length + more.length > 0) return undefined;
  const [axis, ...rest] = prediction.axes;
  if (target.domain !== 'integer' || target.axes.length > 0 || axis === undefined || rest.length > 0)
    return undefined;
  if (!CLASS_PREDICTIONS.has(declaredDomain(compiled, prediction))) return undefined;
  return { family: 'classes', target, prediction, axis };
}

const CLASS_PREDICTIONS: ReadonlySet<string> = new Set(['probability', 'logits', 'real']);

/** The domain in the signature: compiling from logits changes the input's. */
const declaredDomain = (compiled: CompiledLoss, input: LoweredInput): string =>
  compiled.lowered.inputs[input.position]!.domain;

/** Whether the entries along the axis do not mix: each has a loss of its own. */
const isSeparate = (compiled: CompiledLoss, prediction: LoweredInput, axis: number): boolean =>
  reachable([compiled.formula.gradients.get(prediction.name)!]).every((node) => staysAt(node, 1 << axis));

/** The value at each place along the axis comes from the same place. */
const staysAt = (node: Node, axis: number): boolean =>
  node.op === 'size' || ((node.axis | node.to) & axis) === 0;

/**
 * Whether each entry of a node along the axis depends on the entries of inputs at the same place only, and in the same way
 * at each place.
 */
export function isEntrywise(root: Node, axis: number): boolean {
  return reachable([root]).every((node) => {
    const differs = (node.op === 'parameter' || node.op === 'literal') && (node.axes & axis) !== 0;
    return !differs && staysAt(node, axis);
  });
}
