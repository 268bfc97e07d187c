/**
 * How the targets of a data set and the outputs of a network are given to a loss, by what its signature says. Targets are all that a
 * data set has and one number for each class, target or label is all that a network gives, so most of what a loss may take cannot be
 * had; that is said here.
 */
import type { CompiledLoss } from '../../../compiler/compile.js';
import type {
  LoweredInput,
  LoweredLoss,
  LoweredParameter,
  ParameterValue,
} from '../../../compiler/lower/lowered.js';
import { flat, shapeProblem } from '../../../compiler/lower/parameter-value.js';
import type { DomainName } from '../../../compiler/resolve/domains.js';
import { type Learning, outputsOfDistribution, type TaskKind } from '../tasks/learning.js';
import { TASKS, type TargetForm } from '../tasks/tasks.js';
import { REFUSALS } from './refusals.js';

export interface Feeding {
  readonly target: LoweredInput;
  readonly prediction: LoweredInput;
  readonly form: TargetForm;
}

export type Signature = Pick<LoweredLoss, 'name' | 'inputs' | 'parameters' | 'graph'>;

type Values = Readonly<Record<string, ParameterValue>>;

/** Which input is what, and the form of the target, whatever the number of outputs. Throws a RunError where there is none. */
export function rolesOf(loss: Signature, task: TaskKind): Feeding {
  const data = loss.inputs.filter((input) => input.data);
  const predictions = loss.inputs.filter((input) => !input.data);
  if (predictions.length > 1) throw REFUSALS['several predictions'](loss.name, predictions, task);
  const [target, prediction] = [data[0], predictions[0]!];
  if (target === undefined) throw REFUSALS['no target'](loss.name, task);
  if (data.length > 1) throw REFUSALS['several data'](loss.name, data, task);
  checkPrediction(loss, prediction, task);
  return { target, prediction, form: formOf(loss, target, prediction, task) };
}

/** How the loss is fed in learning this, its parameters having these values. Throws a RunError where it cannot be. */
export function feedingOf(loss: Signature, learning: Learning, parameters: Values = {}): Feeding {
  const feeding = rolesOf(loss, learning.task);
  const axis = feeding.prediction.axes[0];
  const size = axis === undefined ? undefined : loss.graph.axes.get(axis).size;
  if (size !== undefined && size !== learning.outputs)
    throw REFUSALS['fixed size'](loss.name, axisName(loss, axis!), size, learning);
  checkParameters(loss, axis, learning, parameters);
  return feeding;
}

/** The signature of a loss that has been compiled. */
export const signatureOf = ({ name, inputs, parameters, lowered }: CompiledLoss): Signature => ({
  name,
  inputs,
  parameters,
  graph: lowered.graph,
});

const axisName = (loss: Signature, axis: number): string => loss.graph.axes.get(axis).name;

function checkPrediction(loss: Signature, prediction: LoweredInput, task: TaskKind): void {
  if (outputsOfDistribution(task) !== undefined && prediction.axes.length === 0)
    throw REFUSALS['no class'](loss.name, prediction, task);
  if (prediction.axes.length > 1) {
    const names = prediction.axes.map((axis) => axisName(loss, axis));
    throw REFUSALS['axes of the prediction'](loss.name, prediction, names, task);
  }
  const domain = declaredDomain(prediction);
  if (!TASKS[task].predictions.includes(domain))
    throw REFUSALS['prediction domain'](loss.name, { ...prediction, domain }, task);
}

/** Compiled from logits, a prediction is on logits, whatever it was declared to be. */
function declaredDomain({ domain, activation }: LoweredInput): DomainName {
  if (activation === undefined) return domain;
  return activation === 'softmax' ? 'probability' : 'unit';
}

function formOf(loss: Signature, target: LoweredInput, prediction: LoweredInput, task: TaskKind): TargetForm {
  const isNumbered = target.axes.length === 0 && prediction.axes.length === 1;
  if (task === 'classification' && isNumbered && target.domain === 'integer') return 'labels';
  const { targets, numbers } = TASKS[task];
  const form = targets[target.domain];
  const fits = form === 'numbers' ? isNumbered : target.axes.join() === prediction.axes.join();
  if (form !== undefined && !fits) throw REFUSALS['axes of the target'](loss.name, target, prediction, task);
  const { lo, hi } = target.node.range;
  if (form === undefined || numbers[form].some((x) => x < lo || x > hi))
    throw REFUSALS['target domain'](loss.name, target, task);
  return form;
}

/** Parameters are the user's, and what is wrong with them is said before anything runs. */
function checkParameters(loss: Signature, axis: number | undefined, learning: Learning, given: Values): void {
  const names = loss.parameters.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw REFUSALS['unknown parameter'](loss.name, unknown, names);
  for (const parameter of loss.parameters) {
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : parameter.default;
    if (value === undefined) throw REFUSALS['missing parameter'](loss.name, parameter.name);
    checkValues(loss, parameter, value);
    const at = axis === undefined ? -1 : parameter.axes.indexOf(axis);
    const size = at < 0 ? undefined : lengthAt(value, at);
    if (size !== undefined && size !== learning.outputs) {
      const name = axisName(loss, axis!);
      throw REFUSALS['size of a parameter'](loss.name, parameter.name, name, size, learning);
    }
  }
}

function checkValues(loss: Signature, parameter: LoweredParameter, value: ParameterValue): void {
  const { name, axes, range } = parameter;
  const problem = shapeProblem(
    value,
    axes.map((axis) => loss.graph.axes.get(axis)),
  );
  if (problem !== undefined) throw REFUSALS['shape of a parameter'](loss.name, name, problem);
  for (const x of flat(value)) {
    const inside =
      Number.isFinite(x) && x >= range.lo && x <= range.hi && (!range.integer || Number.isInteger(x));
    if (!inside || (range.nonzero && x === 0)) throw REFUSALS['parameter domain'](loss.name, x, parameter);
  }
}

/** How long nested lists are at a depth; undefined for one number that serves all. */
function lengthAt(value: ParameterValue, depth: number): number | undefined {
  if (typeof value === 'number') return undefined;
  return depth === 0 ? value.length : lengthAt(value[0]!, depth - 1);
}
