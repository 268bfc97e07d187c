import type { CompiledLoss } from '../../compile.js';
import { IGNORED_LABEL, ignoresItems } from '../../lower/labels.js';
import type { ParameterValue } from '../../lower/lowered.js';
import { propertyNames } from './property-names.js';

export interface EmittedOption {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
  readonly required: boolean;
}

const depthOf = (value: ParameterValue | undefined): number =>
  typeof value === 'object' ? 1 + depthOf(value[0]) : 0;

/** The options of an emitted function: the parameters, and how the items are reduced. */
export function optionsOf(compiled: CompiledLoss): EmittedOption[] {
  const { axes } = compiled.lowered.graph;
  const properties = propertyNames(compiled);
  const parameters = compiled.parameters.map((parameter): EmittedOption => {
    const depth = Math.max(parameter.axes.length, depthOf(parameter.default));
    const along = parameter.axes.map((axis) => axes.get(axis).name).join(', ');
    const list = depth === 0 ? '' : `, one number per ${along}, or one for all`;
    const initial = parameter.default === undefined ? '' : `; default ${JSON.stringify(parameter.default)}`;
    const name = properties.get(parameter.name)!;
    const renamed = name === parameter.name ? '' : `The parameter ${parameter.name}: `;
    return {
      name,
      type: depth === 0 ? 'number' : `number | number${'[]'.repeat(depth)}`,
      doc: `${renamed}${parameter.domain}${list}${initial}.`,
      required: parameter.default === undefined,
    };
  });
  const reduction: EmittedOption = {
    name: 'reduction',
    type: "'mean' | 'sum' | 'none' | 'weightedMean'",
    doc: compiled.scalar
      ? 'Without effect: the loss is one number for the whole batch.'
      : 'How the items become one number: mean is sum(w * l) / N, weightedMean is sum(w * l) / sum(w). Default mean.',
    required: false,
  };
  const weight: EmittedOption = {
    name: 'sampleWeight',
    type: 'tf.Tensor',
    doc: compiled.scalar
      ? 'Not possible: the loss reduces the batch itself.'
      : "A weight per item, in the items' shape or that of its first axes.",
    required: false,
  };
  const ignore: EmittedOption = {
    name: 'ignoreLabel',
    type: 'number',
    doc: `A label that leaves its item out: value 0, gradient 0, not counted by mean. Default ${IGNORED_LABEL}.`,
    required: false,
  };
  const ignores = compiled.inputs.some((input) => ignoresItems(compiled.lowered, input));
  const checks: EmittedOption = {
    name: 'checkInputs',
    type: 'boolean',
    doc: 'Check the values of the inputs too. Reads the tensors back, so for debugging only.',
    required: false,
  };
  return [...parameters, reduction, weight, ...(ignores ? [ignore] : []), checks];
}
