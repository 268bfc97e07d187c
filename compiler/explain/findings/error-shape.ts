import type { CompiledLoss } from '../../compile.js';
import { isFlat } from '../../differentiate/derivatives.js';
import { differentiate } from '../../differentiate/differentiate.js';
import { type Node, reachable } from '../../graph/graph.js';
import { rebuild } from '../../graph/rebuild.js';
import { add, exactly, type Interval, subtract } from '../../interval/interval.js';
import { isCondition, isElementwise } from '../../operators/elementwise.js';
import { simplifyingAlgebra } from '../../passes/simplify.js';
import { figure, figures } from '../../words/sentence.js';
import { AT_SETTING, type Finding } from '../explanation.js';
import { type Forms, provedFor } from '../facts/settled.js';
import { measured, proved, refuted } from '../finding.js';
import { areApart, cannotTell } from '../probe/certain.js';
import type { Regression } from '../probe/numbers.js';
import type { Pair } from '../signature.js';

/** `distance-based` and `even`. */
export function explainErrorShape(forms: Forms, pair: Pair, loss: Regression): Finding[] {
  const alone = provedFor(forms, (compiled) => dependsOnErrorAlone(compiled, pair));
  const swap = alone && provedFor(forms, (compiled) => isUnchangedBySwap(compiled, pair));
  return [distanceBased(alone, loss), even(swap && alone === AT_SETTING ? AT_SETTING : swap, loss)];
}

/**
 * Whether value, and everything that is compared in it, stays as it is when target and prediction move together: the
 * derivatives by both add up to 0.
 */
function dependsOnErrorAlone(compiled: CompiledLoss, { target, prediction }: Pair): boolean {
  const algebra = simplifyingAlgebra(compiled.lowered.graph);
  const { value } = compiled.formula;
  const order = reachable([value]);
  if (order.some((node) => node.op === 'stop')) return false;
  const compared = order
    .filter((node) => isElementwise(node.op) && isFlat(node.op))
    .flatMap((node) => node.args.filter((arg) => !isCondition(arg.op)));
  return [value, ...compared].every((node) => {
    const parts = differentiate(algebra, node, [target.node, prediction.node], algebra.constant(1));
    const sum = algebra.add(parts);
    return sum.op === 'const' && sum.value === 0;
  });
}

/** Whether the formula is the same with target and prediction in each other's place. */
function isUnchangedBySwap(compiled: CompiledLoss, { target, prediction }: Pair): boolean {
  const algebra = simplifyingAlgebra(compiled.lowered.graph);
  const other = (node: Node): Node | undefined =>
    node === target.node ? prediction.node : node === prediction.node ? target.node : undefined;
  const [swapped] = rebuild(algebra, [compiled.formula.value], other);
  return target.domain === prediction.domain && swapped === compiled.formula.value;
}

function distanceBased(extent: string | undefined, loss: Regression): Finding {
  const base = { topic: 'shape', property: 'distance-based' } as const;
  const claim = 'Only the error counts, not where the target is';
  if (extent !== undefined) {
    return proved(
      base,
      `${claim}.`,
      `The derivatives with respect to target and prediction sum to 0, also in comparisons, ${extent}.`,
    );
  }
  const errors = [-3, -0.4, 0.2, 1.5];
  let doubtful = false;
  for (const error of errors) {
    const targets = loss.targets.filter((t) => loss.legal(t + error));
    const { values } = loss.read(
      targets,
      targets.map((t) => t + error),
    );
    const isOff = (value: number): boolean =>
      Math.abs(value - values[0]!) > 1e-9 * Math.max(1, Math.abs(values[0]!));
    if (!values.some(isOff)) continue;
    const bounds = loss.certain(
      targets,
      targets.map((t) => add(exactly(t), exactly(error))),
    ).values;
    const differs = values.findIndex((value, i) => isOff(value) && areApart(bounds[i]!, bounds[0]!));
    if (differs < 0) {
      doubtful = true;
      continue;
    }
    const at = [targets[0]!, targets[differs]!];
    return refuted(
      base,
      'The same error costs more at some targets than at others.',
      `An error of ${figure(error)} costs ${figure(values[0]!)} at a target of ${figure(at[0]!)} and ${figure(values[differs]!)} at ${figure(at[1]!)}.`,
      { witness: { error, targets: at, values: [values[0]!, values[differs]!] } },
    );
  }
  if (doubtful) return cannotTell(base, 'only the error counts', 'at some targets');
  return measured(
    base,
    `${claim}, in every case that was tried.`,
    `Observed for ${errors.length} errors at targets ${figures(loss.targets)}.`,
  );
}

function even(extent: string | undefined, loss: Regression): Finding {
  const base = { topic: 'shape', property: 'even' } as const;
  const claim = 'Errors above and below the target cost the same';
  if (extent !== undefined) {
    return proved(
      base,
      `${claim}.`,
      `Only the error counts, and the formula is the same with target and prediction exchanged, ${extent}.`,
    );
  }
  const errors = [0.03, 0.2, 0.9, 3, 20];
  let doubtful = false;
  for (const target of loss.targets) {
    const legal = errors.filter((error) => loss.legal(target - error) && loss.legal(target + error));
    const { values } = loss.read(
      new Float64Array(2 * legal.length).fill(target),
      legal.flatMap((error) => [target + error, target - error]),
    );
    const isOff = (i: number): boolean =>
      Math.abs(values[2 * i]! - values[2 * i + 1]!) > 1e-9 * Math.max(1, Math.abs(values[2 * i]!));
    if (!legal.some((_, i) => isOff(i))) continue;
    const bounds = bothSides(loss, target, legal);
    const at = legal.findLastIndex((_, i) => isOff(i) && areApart(bounds[2 * i]!, bounds[2 * i + 1]!));
    if (at < 0) {
      doubtful = true;
      continue;
    }
    return refuted(
      base,
      'Errors above and below the target do not cost the same.',
      `At a target of ${figure(target)}, ${figure(target + legal[at]!)} costs ${figure(values[2 * at]!)} and ${figure(target - legal[at]!)} costs ${figure(values[2 * at + 1]!)}.`,
      { witness: { target, error: legal[at]!, above: values[2 * at]!, below: values[2 * at + 1]! } },
    );
  }
  if (doubtful) return cannotTell(base, 'errors above and below the target cost the same', 'at some errors');
  return measured(
    base,
    `${claim}, in every case that was tried.`,
    `Observed for errors ${figures(errors)} at targets ${figures(loss.targets)}.`,
  );
}

/** Bounds of the loss at errors above and below a target, one pair after another. */
const bothSides = (loss: Regression, target: number, errors: readonly number[]): readonly Interval[] =>
  loss.certain(
    new Float64Array(2 * errors.length).fill(target),
    errors.flatMap((error) => [
      add(exactly(target), exactly(error)),
      subtract(exactly(target), exactly(error)),
    ]),
  ).values;
