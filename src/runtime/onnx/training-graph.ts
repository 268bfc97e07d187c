/** A whole training step as one model of ONNX: examples in, forward, loss, backward, update, and what is kept for the next step out. */
import { FlatScope, IR_VERSION, opsetsOf } from '../../../compiler/emit/onnx/library.js';
import type { LossScope } from '../../../compiler/emit/onnx/operators.js';
import { type ElementType, encodeModel, TYPES, type ValueJson } from '../../../compiler/emit/onnx/proto.js';
import { floats, type Value } from '../../../compiler/emit/onnx/scope.js';
import { lossWithin } from '../../../compiler/emit/onnx/within.js';
import { targetDims } from '../data/batches.js';
import type { Normalisation } from '../data/examples.js';
import type { Layer } from '../models/layer.js';
import { memoriesOf, numbersAt } from '../optimizer.js';
import type { StepsRequest } from '../steps.js';
import type { LossSource } from '../training-loss.js';
import { fromRows } from './images.js';
import { writeChain } from './layers.js';
import { UPDATES } from './updates.js';
import { plus } from './written.js';

/** An input of the graph, or with `_next` behind its name an output. */
interface Port {
  readonly name: string;
  readonly dims: readonly number[];
}

/** A mask that the graph is given for each step. */
interface Mask extends Port {
  readonly fill: (mask: Float32Array) => void;
}

export interface TrainingGraph {
  readonly model: Uint8Array;
  /** What a step gives to the next one: in the order of the model's parameters, of the state of its layers, and of each parameter's memories. */
  readonly parameters: readonly Port[];
  readonly state: readonly Port[];
  readonly memories: readonly Port[];
  /** Numbers that change from step to step. */
  readonly numbers: readonly string[];
  readonly masks: readonly Mask[];
  readonly target: Port;
  /** The examples of a batch, as they are before they are normalised. */
  readonly examples: Port;
}

/** How the names of what a step gives end. */
export const NEXT = '_next';

/** The inputs of a step that are there whatever is trained: all examples, the numbers of those of the batch, their targets. */
export const PIXELS = 'pixels';
export const ROWS = 'rows';
const EXAMPLES = 'examples';
const TARGET = 'target';
export const VALUE = 'value';

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** `layers` and `source` are the model's and the loss's. */
export function trainingGraph(
  request: StepsRequest,
  layers: readonly Layer[],
  source: LossSource,
): TrainingGraph {
  const { model, loss, data, batchSize: batch, optimizer, augmented } = request;
  const constants = numbersAt(optimizer, 0);
  const update = UPDATES[optimizer.kind];
  const parameters = model.parameters.map(({ value }, i) => ({ name: `p${i}`, dims: value.shape }));
  const memories = parameters.map(({ name, dims }) =>
    Array.from({ length: memoriesOf(optimizer.kind) }, (_, k) => ({ name: `${name}_memory${k}`, dims })),
  );
  const state = layers
    .flatMap((layer) => layer.state ?? [])
    .map(({ value }, i) => ({ name: `s${i}`, dims: value.shape }));
  const numbers = Object.keys(update.changing);
  const target = { name: TARGET, dims: targetDims(batch, data, loss.form ?? 'rows') };
  const examples = { name: EXAMPLES, dims: [batch, size(data.inputShape)] };
  const masks: Mask[] = [];
  const kept = [...parameters, ...state, ...memories.flat()];

  const names = [...kept, ...numbers.map((name) => ({ name })), target, examples].map(({ name }) => name);
  const taken = [...names, ...kept.map(({ name }) => name + NEXT), PIXELS, ROWS, VALUE];
  const scope: LossScope = new FlatScope(taken);
  const maskOf = (layer: Layer, fill: Mask['fill']): Value => {
    const mask = { name: `mask${masks.length}`, dims: [batch, ...layer.inputShape], fill };
    masks.push(mask);
    return fromRows(scope, mask.name, batch, layer.inputShape);
  };

  const drawn = augmented === undefined ? gathered(scope) : EXAMPLES;
  const seen = normalised(scope, drawn, data.normalisation, examples.dims);
  // Examples lie flat.
  const own = layers.slice(layers.findIndex(({ form }) => form.kind !== 'flatten'));
  const network = writeChain(own, fromRows(scope, seen, batch, own[0]!.inputShape), {
    scope,
    batch,
    parameters: parameters.map(({ name }) => name),
    state: state.map(({ name }) => name),
    mask: maskOf,
  });
  const judged = writtenLoss(scope, source, network.output, request);
  scope.name(judged.value, VALUE);
  const { parameters: gradients } = network.backward(judged.gradient, false);
  for (const [i, { name }] of state.entries()) scope.name(network.state[i]!, name + NEXT);
  for (const [i, { name }] of parameters.entries()) {
    const { weightDecay } = constants;
    const found = gradients[i]!;
    const full = weightDecay === 0 ? found : { value: plus(scope, scope.mul(name, weightDecay), found) };
    const memory = memories[i]!.map((port) => port.name);
    const updated = update.write(scope, { value: name, gradient: full, memory }, constants);
    scope.name(updated.value, name + NEXT);
    for (const [k, port] of memory.entries()) scope.name(updated.memory[k]!, port + NEXT);
  }

  const pixels = data.train.pixels instanceof Uint8Array ? 'uint8' : 'float';
  const given: readonly ValueJson[] = [
    ...(augmented === undefined
      ? [
          valueJson({ name: PIXELS, dims: [data.train.count, examples.dims[1]!] }, pixels),
          valueJson({ name: ROWS, dims: [batch] }, 'int32'),
        ]
      : [valueJson(examples)]),
    ...[target, ...kept, ...masks, ...numbers.map((name) => ({ name, dims: [] }))].map((port) =>
      valueJson(port),
    ),
  ];
  const graph = {
    name: loss.name,
    input: given,
    output: [{ name: VALUE, dims: [] }, ...kept.map(({ name, dims }) => ({ name: name + NEXT, dims }))].map(
      (port) => valueJson(port),
    ),
    initializer: [],
    node: scope.nodes,
  };
  return {
    model: encodeModel({
      irVersion: IR_VERSION,
      opsetImport: opsetsOf([]),
      producerName: 'lossc',
      producerVersion: '',
      docString: '',
      graph,
      functions: [],
    }),
    parameters,
    state,
    memories: memories.flat(),
    numbers,
    masks,
    target,
    examples,
  };
}

/** The examples of the batch in float32, taken from all of them. */
const gathered = (scope: LossScope): Value =>
  scope.cast(scope.op('Gather', [PIXELS, ROWS], { axis: 0 }), 'float');

/** Examples as a model sees them: `[batch, numbers]`. */
function normalised(
  scope: LossScope,
  examples: Value,
  { scale, offset }: Normalisation,
  dims: readonly number[],
): Value {
  const channels = Math.max(scale.length, offset.length);
  if (channels === 1) return scope.add(scope.mul(examples, scale[0]!), offset[0]!);
  const each = (numbers: readonly number[]): Value =>
    scope.tensor(
      floats(
        [channels],
        Array.from({ length: channels }, (_, i) => numbers[i] ?? numbers[0]!),
      ),
    );
  const byChannel = scope.op('Reshape', [examples, scope.list([dims[0]!, -1, channels])]);
  const seen = scope.add(scope.mul(byChannel, each(scale)), each(offset));
  return scope.op('Reshape', [seen, scope.list(dims)]);
}

/** Value and gradient by the output, in its shape `[batch, outputs]`. A loss without classes takes each output as an item. */
function writtenLoss(
  scope: LossScope,
  { compiled, parameters, factor }: LossSource,
  output: Value,
  { batchSize: batch, data: { outputs } }: StepsRequest,
): { readonly value: Value; readonly gradient: Value } {
  const prediction = compiled.inputs.find((input) => !input.data)!;
  const isPlain = prediction.axes.length === 0;
  const asItems = (x: Value): Value => (isPlain ? scope.op('Reshape', [x, scope.list([-1])]) : x);
  const found = lossWithin(scope, compiled, {
    inputs: compiled.inputs.map((input) => asItems(input === prediction ? output : TARGET)),
    items: isPlain ? batch * outputs : batch,
    classes: outputs,
    parameters,
  });
  const shaped = isPlain
    ? scope.op('Reshape', [found.gradient, scope.list([batch, outputs])])
    : found.gradient;
  const scaled = (x: Value): Value => (factor === 1 ? x : scope.mul(x, factor));
  return { value: scaled(found.value), gradient: scaled(shaped) };
}

const valueJson = ({ name, dims }: Port, type: ElementType = 'float'): ValueJson => ({
  name,
  type: { tensorType: { elemType: TYPES[type], shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
});
