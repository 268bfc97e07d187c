/**
 * How a classifier's labels and outputs are given to a loss, by what its signature says. Labels are all that a data set has and
 * one number for each class is all that a network gives, so most of what a loss may take cannot be had; that is said here.
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
import { REFUSALS } from './refusals.js';

/** `rows`: 1 for the label's class and 0 elsewhere. `signs`: 1 and -1. `labels`: the number of the class. */
export type TargetForm = 'rows' | 'signs' | 'labels';

export interface Feeding {
  readonly target: LoweredInput;
  readonly prediction: LoweredInput;
  readonly form: TargetForm;
}

export type Signature = Pick<LoweredLoss, 'name' | 'inputs' | 'parameters' | 'graph'>;

type Values = Readonly<Record<string, ParameterValue>>;

/** What a target on a domain is given, where it has a number for each class. */
const ROWS: { readonly [D in DomainName]: TargetForm | undefined } = {
  real: 'rows',
  nonnegative: 'rows',
  unit: 'rows',
  between: 'rows',
  binary: 'rows',
  integer: 'rows',
  probability: 'rows',
  onehot: 'rows',
  sign: 'signs',
  positive: undefined,
  logits: undefined,
};

/** Numbers that a form consists of. */
const NUMBERS = { rows: [0, 1], signs: [-1, 1] } as const;

/** Which input is what, and the form of the target, whatever the number of classes. Throws a RunError where there is none. */
export function rolesOf(loss: Signature): Feeding {
  const data = loss.inputs.filter((input) => input.data);
  const predictions = loss.inputs.filter((input) => !input.data);
  if (predictions.length > 1) throw REFUSALS['several predictions'](loss.name, predictions);
  const [target, prediction] = [data[0], predictions[0]!];
  if (target === undefined) throw REFUSALS['no target'](loss.name);
  if (data.length > 1) throw REFUSALS['several data'](loss.name, data);
  checkPrediction(loss, prediction);
  return { target, prediction, form: formOf(loss, target, prediction) };
}

/** How the loss is fed on data of so many classes, its parameters having these values. Throws a RunError where it cannot be. */
export function feedingOf(loss: Signature, classes: number, parameters: Values = {}): Feeding {
  const feeding = rolesOf(loss);
  const axis = feeding.prediction.axes[0];
  const size = axis === undefined ? undefined : loss.graph.axes.get(axis).size;
  if (size !== undefined && size !== classes)
    throw REFUSALS['fixed size'](loss.name, axisName(loss, axis!), size, classes);
  checkParameters(loss, axis, classes, parameters);
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

function checkPrediction(loss: Signature, prediction: LoweredInput): void {
  if (prediction.axes.length > 1) {
    const names = prediction.axes.map((axis) => axisName(loss, axis));
    throw REFUSALS['axes of the prediction'](loss.name, prediction, names);
  }
  const open = prediction.domain === 'real' || prediction.domain === 'logits';
  if (!open && prediction.activation === undefined)
    throw REFUSALS['prediction domain'](loss.name, prediction);
}

function formOf(loss: Signature, target: LoweredInput, prediction: LoweredInput): TargetForm {
  if (target.axes.length === 0 && prediction.axes.length === 1 && target.domain === 'integer')
    return 'labels';
  if (target.axes.join() !== prediction.axes.join())
    throw REFUSALS['axes of the target'](loss.name, target, prediction);
  const form = ROWS[target.domain];
  const { lo, hi } = target.node.range;
  if (form === undefined || form === 'labels' || NUMBERS[form].some((x) => x < lo || x > hi))
    throw REFUSALS['target domain'](loss.name, target);
  return form;
}

/** Parameters are the user's, and what is wrong with them is said before anything runs. */
function checkParameters(loss: Signature, axis: number | undefined, classes: number, given: Values): void {
  const names = loss.parameters.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw REFUSALS['unknown parameter'](loss.name, unknown, names);
  for (const parameter of loss.parameters) {
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : parameter.default;
    if (value === undefined) throw REFUSALS['missing parameter'](loss.name, parameter.name);
    checkValues(loss, parameter, value);
    const at = axis === undefined ? -1 : parameter.axes.indexOf(axis);
    const size = at < 0 ? undefined : lengthAt(value, at);
    if (size !== undefined && size !== classes) {
      const name = axisName(loss, axis!);
      throw REFUSALS['size of a parameter'](loss.name, parameter.name, name, size, classes);
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
