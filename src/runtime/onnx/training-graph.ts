/** A whole training step as one model of ONNX: examples in, forward, loss, backward, update, and what is kept for the next step out. */
import { FlatScope } from '../../../compiler/emit/onnx/library.js';
import type { LossScope } from '../../../compiler/emit/onnx/operators.js';
import type { Value } from '../../../compiler/emit/onnx/scope.js';
import { lossWithin } from '../../../compiler/emit/onnx/within.js';
import { targetDims } from '../data/batches.js';
import type { Layer } from '../models/layer.js';
import { memoriesOf, numbersAt } from '../optimizer.js';
import type { StepsRequest } from '../steps.js';
import type { LossSource } from '../training-loss.js';
import {
  encoded,
  examplePorts,
  gathered,
  learntPorts,
  PIXELS,
  type Port,
  ROWS,
  sizeOf,
  writeNetwork,
} from './graph-parts.js';
import { fromRows } from './images.js';
import { UPDATES } from './updates.js';
import { plus } from './written.js';

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
  /** Numbers of the optimizer that change from step to step. */
  readonly numbers: readonly string[];
  /** The share of the training that is done, where the loss takes it. */
  readonly shares: readonly string[];
  readonly masks: readonly Mask[];
  readonly target: Port;
  /** The examples of a batch, as they are before they are normalised. */
  readonly examples: Port;
}

/** How the names of what a step gives end. */
export const NEXT = '_next';

/** What a step is given whatever is trained, and the loss that it gives. */
const TARGET = 'target';
const EXAMPLES = 'examples';
const SHARE = 'share';
export const VALUE = 'value';

/** `layers` and `source` are the model's and the loss's. */
export function trainingGraph(
  request: StepsRequest,
  layers: readonly Layer[],
  source: LossSource,
): TrainingGraph {
  const { loss, data, batchSize: batch, optimizer, augmented } = request;
  const constants = numbersAt(optimizer, 0);
  const update = UPDATES[optimizer.kind];
  const { parameters, state } = learntPorts(layers);
  const memories = parameters.map(({ name, dims }) =>
    Array.from({ length: memoriesOf(optimizer.kind) }, (_, k) => ({ name: `${name}_memory${k}`, dims })),
  );
  const shares = source.changing === undefined ? [] : [SHARE];
  const numbers = Object.keys(update.changing);
  const target = { name: TARGET, dims: targetDims(batch, data, loss.form ?? 'rows') };
  const examples = { name: EXAMPLES, dims: [batch, sizeOf(data.inputShape)] };
  const masks: Mask[] = [];
  const kept = [...parameters, ...state, ...memories.flat()];

  const names = [...kept, ...[...numbers, ...shares].map((name) => ({ name })), target, examples].map(
    ({ name }) => name,
  );
  const taken = [...names, ...kept.map(({ name }) => name + NEXT), PIXELS, ROWS, VALUE];
  const scope: LossScope = new FlatScope(taken);
  const maskOf = (layer: Layer, fill: Mask['fill']): Value => {
    const mask = { name: `mask${masks.length}`, dims: [batch, ...layer.inputShape], fill };
    masks.push(mask);
    return fromRows(scope, mask.name, batch, layer.inputShape);
  };

  const drawn = augmented === undefined ? gathered(scope) : EXAMPLES;
  const network = writeNetwork(layers, drawn, data, {
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

  const steady = [target, ...kept, ...masks, ...[...numbers, ...shares].map((name) => ({ name, dims: [] }))];
  return {
    model: encoded(scope, loss.name, {
      inputs: [...(augmented === undefined ? examplePorts(data.train, data, batch) : [examples]), ...steady],
      outputs: [{ name: VALUE, dims: [] }, ...kept.map(({ name, dims }) => ({ name: name + NEXT, dims }))],
    }),
    parameters,
    state,
    memories: memories.flat(),
    numbers,
    shares,
    masks,
    target,
    examples,
  };
}

/** Value and gradient by the output, in its shape `[batch, outputs]`. A loss without classes takes each output as an item. */
function writtenLoss(
  scope: LossScope,
  { compiled, parameters, changing, factor }: LossSource,
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
    ...(changing !== undefined && { values: { [changing]: SHARE } }),
  });
  const shaped = isPlain
    ? scope.op('Reshape', [found.gradient, scope.list([batch, outputs])])
    : found.gradient;
  const scaled = (x: Value): Value => (factor === 1 ? x : scope.mul(x, factor));
  return { value: scaled(found.value), gradient: scaled(shaped) };
}
