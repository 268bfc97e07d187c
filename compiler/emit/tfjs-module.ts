import { axisIndices } from '../axes.js';
import type { CompiledLoss } from '../compile.js';
import { type Node, reachable } from '../graph.js';
import type { ParameterValue } from '../lowered.js';
import { type EmittedFunction, withDependencies } from './helpers.js';
import { ITEM_RUNTIME, SCALAR_RUNTIME, SHARED_RUNTIME } from './runtime-helpers.js';
import { emitBody, type LeafNames } from './tfjs-body.js';

/** A module in parts: constants and functions whose bodies are JavaScript and TypeScript alike. */
export interface EmittedModule {
  readonly name: string;
  readonly doc: string;
  /** Constants at the top: name, type, and value as a literal. */
  readonly constants: readonly { readonly name: string; readonly type: string; readonly value: string }[];
  readonly options: readonly { readonly name: string; readonly type: string; readonly doc: string }[];
  readonly functions: readonly EmittedFunction[];
}

/** The module of a compiled loss. Deterministic: the same loss gives the same text. */
export function emitModule(compiled: CompiledLoss): EmittedModule {
  const slots = slotsOf(compiled);
  const names = leafNames(compiled, slots);
  const gradients = [...compiled.gradients];
  const forward = emitBody([compiled.value], slots, names);
  const joint = emitBody([compiled.value, ...gradients.map(([, node]) => node)], slots, names);
  const core = [
    coreFunction('itemValues', compiled, forward, 1),
    coreFunction('itemValuesAndGradients', compiled, joint, 1 + gradients.length),
  ];
  const api = publicFunctions(compiled);
  const helpers = withDependencies([...forward.helpers, ...joint.helpers, 'isNested', 'spread']);
  return {
    name: compiled.name,
    doc: compiled.doc,
    constants: signatureConstants(compiled, slots),
    options: optionsOf(compiled),
    functions: [
      ...api,
      ...core,
      ...(compiled.scalar ? SCALAR_RUNTIME : ITEM_RUNTIME),
      ...SHARED_RUNTIME,
      ...helpers,
    ],
  };
}

/** Axes that have a dimension in the emitted tensors, ascending. */
function slotsOf(compiled: CompiledLoss): number[] {
  let axes = 1;
  for (const node of reachable([compiled.value, ...compiled.gradients.values()]))
    axes |= node.axes | node.axis | node.to;
  for (const input of compiled.inputs) axes |= input.node.axes;
  return axisIndices(axes);
}

function leafNames(compiled: CompiledLoss, slots: readonly number[]): LeafNames {
  const { axes } = compiled.lowered.graph;
  const position = (axis: number): number => slots.indexOf(axis);
  return {
    input: (node) => (node.leaf!.position === -2 ? 'seed' : `inputs[${node.leaf!.position}]`),
    parameter: (node) => `parameters[${node.leaf!.position}]`,
    parameterTensor: (node) => {
      const dims = slots.map((axis) => ((node.axes >> axis) & 1 ? `sizes[${position(axis)}]` : '1'));
      const parameter = compiled.parameters[node.leaf!.position]!;
      return `parameterTensor(parameters[${node.leaf!.position}], [${dims.join(', ')}]${orderOf(parameter.axes)})`;
    },
    size: (axis) => `sizes[${position(axis) >= 0 ? position(axis) : position(axes.get(axis).root)}]`,
  };
}

/** Parameters are given with their axes as declared; the slots are in ascending order. */
function orderOf(axes: readonly number[]): string {
  const sorted = [...axes].sort((a, b) => a - b);
  return sorted.every((axis, i) => axis === axes[i])
    ? ''
    : `, [${sorted.map((axis) => axes.indexOf(axis)).join(', ')}]`;
}

function coreFunction(
  name: string,
  compiled: CompiledLoss,
  body: ReturnType<typeof emitBody>,
  count: number,
): EmittedFunction {
  const results = body.results.map((result) => (result.host ? `tf.scalar(${result.text})` : result.text));
  const lines = [...body.lines, `return ${count === 1 ? results[0] : `[${results.join(', ')}]`};`];
  return {
    name,
    parameters: [
      { name: 'inputs', type: 'tf.Tensor[]' },
      { name: 'parameters', type: 'any[]' },
      { name: 'sizes', type: 'number[]' },
      ...(count === 1 ? [] : [{ name: 'seed', type: 'tf.Tensor' }]),
    ],
    returns: count === 1 ? 'tf.Tensor' : 'tf.Tensor[]',
    body: lines.join('\n'),
    doc:
      count === 1
        ? `The value of each item. Every tensor has the dimensions ${slotNames(compiled)}, of length 1 where it lacks the axis.`
        : `The value of each item and the derivatives with respect to ${[...compiled.gradients.keys()].join(', ')}, sharing their work. Items count by \`seed\`.`,
    exported: false,
    uses: [],
  };
}

const slotNames = (compiled: CompiledLoss): string =>
  slotsOf(compiled)
    .map((axis) => compiled.lowered.graph.axes.get(axis).name)
    .join(', ');

function signatureConstants(compiled: CompiledLoss, slots: readonly number[]): EmittedModule['constants'] {
  const { axes } = compiled.lowered.graph;
  const inputs = compiled.inputs.map((input) => ({
    name: input.name,
    items: input.items,
    slots: input.axes.map((axis) => slots.indexOf(axis)),
    many: input.many === undefined ? -1 : input.axes.indexOf(input.many),
    labels: input.labelAxis !== undefined,
    data: input.data,
  }));
  const sizes = slots.map((axis) => ({
    name: axes.get(axis).name,
    fixed: axes.get(axis).size ?? 0,
    root: slots.indexOf(axes.get(axis).root) >= 0 ? slots.indexOf(axes.get(axis).root) : slots.indexOf(axis),
  }));
  const parameters = compiled.parameters.map((parameter) => ({
    name: parameter.name,
    default: parameter.default ?? null,
    slots: parameter.axes.map((axis) => slots.indexOf(axis)),
    domain: parameter.domain,
    low: parameter.range.lo === -Infinity ? null : parameter.range.lo,
    high: parameter.range.hi === Infinity ? null : parameter.range.hi,
    whole: parameter.range.integer,
    nonzero: parameter.domain === 'positive',
  }));
  return [
    { name: 'ITEMWISE', type: 'boolean', value: String(!compiled.scalar && !compiled.coupled) },
    { name: 'LOSS', type: 'string', value: JSON.stringify(compiled.name) },
    {
      name: 'INPUTS',
      type: '{ name: string; items: string; slots: number[]; many: number; labels: boolean; data: boolean }[]',
      value: JSON.stringify(inputs),
    },
    { name: 'AXES', type: '{ name: string; fixed: number; root: number }[]', value: JSON.stringify(sizes) },
    {
      name: 'PARAMETERS',
      type: '{ name: string; default: any; slots: number[]; domain: string; low: number | null; high: number | null; whole: boolean; nonzero: boolean }[]',
      value: JSON.stringify(parameters),
    },
  ];
}

const depthOf = (value: ParameterValue | undefined): number =>
  typeof value === 'object' ? 1 + depthOf(value[0]) : 0;

function optionsOf(compiled: CompiledLoss): EmittedModule['options'] {
  const parameters = compiled.parameters.map((parameter) => {
    const depth = Math.max(parameter.axes.length, depthOf(parameter.default));
    const list = depth === 0 ? 'number' : `number | ${'number'}${'[]'.repeat(depth)}`;
    const initial =
      parameter.default === undefined ? 'required' : `default ${JSON.stringify(parameter.default)}`;
    return { name: parameter.name, type: list, doc: `${parameter.domain}, ${initial}` };
  });
  return [
    ...parameters,
    {
      name: 'reduction',
      type: "'mean' | 'sum' | 'none' | 'weightedMean'",
      doc: 'how the items become one number, default mean',
    },
    {
      name: 'sampleWeight',
      type: 'tf.Tensor',
      doc: "a weight per item, of the items' shape or its first axes",
    },
  ];
}

function publicFunctions(compiled: CompiledLoss): EmittedFunction[] {
  const name = identifier(compiled.name);
  const inputs = compiled.inputs.map((input) => ({ name: identifier(input.name), type: 'tf.Tensor' }));
  const options = { name: 'options', type: `${typeName(compiled.name)}Options`, initializer: '{}' };
  const list = `[${inputs.map((input) => input.name).join(', ')}]`;
  const logits =
    compiled.logits.length === 0 ? '' : ` Takes ${compiled.logits.join(', ')} before softmax or sigmoid.`;
  const exported = (entry: Omit<EmittedFunction, 'exported' | 'uses'>): EmittedFunction => ({
    ...entry,
    exported: true,
    uses: [],
  });
  const perExample = exported({
    name: `${name}PerExample`,
    parameters: inputs,
    returns: 'tf.Tensor',
    body: `return perExample(${list});`,
    doc: 'One number per example of the batch, for `model.compile({ loss })` of TensorFlow.js layers, with sample and class weights.',
  });
  return [
    exported({
      name,
      parameters: [...inputs, options],
      returns: 'tf.Tensor',
      body: `return lossValue(${list}, options);`,
      doc: `${compiled.doc === '' ? `The loss ${compiled.name}.` : compiled.doc}${logits}`,
    }),
    ...(compiled.scalar ? [] : [perExample]),
    exported({
      name: `${name}Gradients`,
      parameters: [...inputs, options],
      returns: '{ value: tf.Tensor; gradients: Record<string, tf.Tensor> }',
      body: `return valueAndGradients(${list}, options);`,
      doc: 'The reduced value and its derivative with respect to every prediction and parameter, without a tape.',
    }),
  ];
}

/** A name that is also a JavaScript identifier: the language's names are, but for the reserved words. */
export function identifier(name: string): string {
  return RESERVED.has(name) ? `${name}_` : name;
}
const RESERVED: ReadonlySet<string> = new Set(
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield tf options'.split(
    ' ',
  ),
);
export const typeName = (name: string): string =>
  name
    .split('_')
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('');

/** Roots of everything the module computes, for tools that show the schedule. */
export const rootsOf = (compiled: CompiledLoss): Node[] => [compiled.value, ...compiled.gradients.values()];
