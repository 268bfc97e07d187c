import type { CompiledLoss } from '../../compile.js';
import { axesOfLabels, IGNORED_LABEL, ignoresItems } from '../../lower/labels.js';
import type { LoweredInput, LoweredParameter, ParameterValue } from '../../lower/lowered.js';
import { flat } from '../../lower/parameter-value.js';
import { isWholeData } from '../plan/whole-tensors.js';
import type { ElementType, TensorJson } from './proto.js';
import { floats, text, wholes } from './scope.js';

/** A length that is fixed, or the name of one. */
type Dimension = number | string;

/** An input or output of a model. */
export interface Port {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly Dimension[];
  readonly doc: string;
}

/** What a model is given. */
export interface Given extends Port {
  readonly default: TensorJson | undefined;
}

/** What a model takes and gives, in order. */
export interface ModelSignature {
  readonly inputs: readonly Given[];
  readonly parameters: readonly Given[];
  readonly reduction: Given | undefined;
  readonly weights: Given | undefined;
  readonly ignored: Given | undefined;
  readonly value: Port;
  readonly items: Port | undefined;
  /** By what they are the gradients by: predictions, then parameters. */
  readonly gradients: ReadonlyMap<string, Port>;
}

/**
 * Whether a model takes labels for this input: what is on `onehot`, where something else tells how many classes there are. An input of a
 * model has one type, so `probability` data are rows.
 */
export function takesLabels(compiled: CompiledLoss, { domain, data, labelAxis }: LoweredInput): boolean {
  if (!data || labelAxis === undefined || domain !== 'onehot') return false;
  const { inputs, parameters, lowered } = compiled;
  const tells = [...inputs.filter((other) => other.labelAxis === undefined), ...parameters];
  return (
    lowered.graph.axes.get(labelAxis).size !== undefined || tells.some(({ axes }) => axes.includes(labelAxis))
  );
}

/** Whether a label of this input can leave its item out. */
export const canIgnore = (compiled: CompiledLoss, input: LoweredInput): boolean =>
  ignoresItems(compiled.lowered, input) && (input.indexAxis !== undefined || takesLabels(compiled, input));

/** The axes of an input of a model behind the items. */
export const ownAxes = (compiled: CompiledLoss, input: LoweredInput): readonly number[] =>
  takesLabels(compiled, input) ? axesOfLabels(input) : input.axes;

export function modelSignature(compiled: CompiledLoss): ModelSignature {
  const { inputs, parameters, scalar } = compiled;
  const taken = new Set([...inputs, ...parameters].map(({ name }) => name));
  const free = (wanted: string): string => {
    let name = wanted;
    while (taken.has(name)) name += '_';
    taken.add(name);
    return name;
  };
  const given = inputs.map((input) => inputPort(compiled, input));
  const own = parameters.map((parameter) => parameterPort(compiled, parameter));
  const reduction: Given | undefined = scalar
    ? undefined
    : {
        name: free('reduction'),
        type: 'string',
        dims: [],
        doc: 'mean (sum(w * l) / N), sum (sum(w * l)) or weightedMean (sum(w * l) / sum(w)); NaN of any other word',
        default: text('mean'),
      };
  const weights: Given | undefined = scalar
    ? undefined
    : {
        name: free('sample_weight'),
        type: 'float',
        dims: ['batch_or_1'],
        doc: 'w, one for each item, or one for all',
        default: floats([1], [1]),
      };
  const ignored: Given | undefined = inputs.some((input) => canIgnore(compiled, input))
    ? {
        name: free('ignore_index'),
        type: 'int64',
        dims: [],
        doc: 'items with this label do not count',
        default: wholes([], [IGNORED_LABEL]),
      }
    : undefined;
  const gradient = ({ name, dims }: Port): [string, Port] => [
    name,
    {
      name: free(`d_${name}`),
      type: 'float',
      dims,
      doc: `the derivative of the value with respect to ${name}`,
    },
  ];
  const value: Port = { name: free('value'), type: 'float', dims: [], doc: 'the loss' };
  return {
    inputs: given,
    parameters: own,
    reduction,
    weights,
    ignored,
    value,
    items: scalar
      ? undefined
      : {
          name: free('items'),
          type: 'float',
          dims: ['batch'],
          doc: 'w * l of each item, whatever the reduction',
        },
    gradients: new Map([
      ...inputs.flatMap((input, i) => (input.data ? [] : [gradient(given[i]!)])),
      ...own.map((port) => gradient(port)),
    ]),
  };
}

/** All inputs of a model, in order: those of the loss by its name for them. */
export const allGiven = ({
  inputs,
  parameters,
  reduction,
  weights,
  ignored,
}: ModelSignature): readonly Given[] =>
  [...inputs, ...parameters, reduction, weights, ignored].filter((port) => port !== undefined);

function dimension(compiled: CompiledLoss, axis: number): Dimension {
  const { axes } = compiled.lowered.graph;
  const { root, size } = axes.get(axis);
  return size ?? axes.get(root).name;
}

function inputPort(compiled: CompiledLoss, input: LoweredInput): Given {
  const isLabels = takesLabels(compiled, input);
  const values = compiled.logits.includes(input.name) ? 'before softmax or sigmoid' : input.domain;
  return {
    name: input.name,
    type: isLabels || isWholeData(input.node) ? 'int64' : 'float',
    dims: [0, ...ownAxes(compiled, input)].map((axis) => dimension(compiled, axis)),
    doc: isLabels ? 'labels: whole numbers from 0' : values,
    default: undefined,
  };
}

function parameterPort(
  compiled: CompiledLoss,
  { name, domain, axes, default: initial }: LoweredParameter,
): Given {
  const names = axes.map((axis) => compiled.lowered.graph.axes.get(axis).name);
  const along = names.length === 0 ? '' : `; one for each ${names.join(' and ')}, or one for all`;
  return {
    name,
    type: 'float',
    // A list of one number is repeated, so that its lengths are not always those of the axes.
    dims: names.map((axis) => `${name}_${axis}`),
    doc: `${domain}${along}; NaN outside`,
    default: initial === undefined ? undefined : floats(shapeOf(initial, axes.length), flat(initial)),
  };
}

function shapeOf(value: ParameterValue, rank: number): number[] {
  if (typeof value === 'number') return Array<number>(rank).fill(1);
  return rank === 0 ? [] : [value.length, ...shapeOf(value[0]!, rank - 1)];
}
