/** What the graphs of training and of prediction have in common. */
import { IR_VERSION, opsetsOf } from '../../../compiler/emit/onnx/library.js';
import type { LossScope } from '../../../compiler/emit/onnx/operators.js';
import { type ElementType, encodeModel, TYPES, type ValueJson } from '../../../compiler/emit/onnx/proto.js';
import { floats, type Value } from '../../../compiler/emit/onnx/scope.js';
import type { BatchShape } from '../data/batches.js';
import type { ExampleSet, Normalisation } from '../data/examples.js';
import type { Layer } from '../models/layer.js';
import { fromRows } from './images.js';
import { writeChain } from './layers.js';
import type { LayerGiven } from './written.js';

/** An input or output; -1 is a length that may be any. */
export interface Port {
  readonly name: string;
  readonly dims: readonly number[];
  /** Float32 by default. */
  readonly type?: ElementType;
}

/** All examples, a row for each, and the numbers of those that are wanted. */
export const PIXELS = 'pixels';
export const ROWS = 'rows';

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1);

/** Parameters of a network in its order, and the state of its layers in theirs. */
export function learntPorts(layers: readonly Layer[]): {
  readonly parameters: readonly Port[];
  readonly state: readonly Port[];
} {
  const parameters = layers.flatMap((layer) => layer.parameters);
  const state = layers.flatMap((layer) => layer.state ?? []);
  return {
    parameters: parameters.map(({ value }, i) => ({ name: `p${i}`, dims: value.shape })),
    state: state.map(({ value }, i) => ({ name: `s${i}`, dims: value.shape })),
  };
}

/** The inputs that `gathered` reads, for a batch of so many examples. */
export const examplePorts = (
  { pixels }: ExampleSet,
  { inputShape }: BatchShape,
  batch: number,
): readonly Port[] => [
  { name: PIXELS, dims: [-1, sizeOf(inputShape)], type: pixels instanceof Uint8Array ? 'uint8' : 'float' },
  { name: ROWS, dims: [batch], type: 'int32' },
];

/** The examples of a batch in float32, taken from all of them: `[batch, numbers]`. */
export const gathered = (scope: LossScope): Value =>
  scope.cast(scope.op('Gather', [PIXELS, ROWS], { axis: 0 }), 'float');

/** A network over examples as they lie in memory. */
export function writeNetwork(
  layers: readonly Layer[],
  examples: Value,
  { inputShape, normalisation }: BatchShape,
  given: LayerGiven,
): ReturnType<typeof writeChain> {
  const { scope, batch } = given;
  const seen = normalised(scope, examples, normalisation, batch, sizeOf(inputShape));
  // Examples lie flat.
  const own = layers.slice(layers.findIndex(({ form }) => form.kind !== 'flatten'));
  return writeChain(own, fromRows(scope, seen, batch, own[0]!.inputShape), given);
}

/** Examples as a model sees them: `[batch, size]`. */
function normalised(
  scope: LossScope,
  examples: Value,
  { scale, offset }: Normalisation,
  batch: number,
  size: number,
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
  const byChannel = scope.op('Reshape', [examples, scope.list([batch, size / channels, channels])]);
  const seen = scope.add(scope.mul(byChannel, each(scale)), each(offset));
  return scope.op('Reshape', [seen, scope.list([batch, size])]);
}

/** The nodes of a scope as the bytes of a model. */
export const encoded = (
  scope: LossScope,
  name: string,
  { inputs, outputs }: { readonly inputs: readonly Port[]; readonly outputs: readonly Port[] },
): Uint8Array =>
  encodeModel({
    irVersion: IR_VERSION,
    opsetImport: opsetsOf([]),
    producerName: 'lossc',
    producerVersion: '',
    docString: '',
    graph: {
      name,
      input: inputs.map(valueJson),
      output: outputs.map(valueJson),
      initializer: [],
      node: scope.nodes,
    },
    functions: [],
  });

const valueJson = ({ name, dims, type = 'float' }: Port): ValueJson => ({
  name,
  type: {
    tensorType: {
      elemType: TYPES[type],
      shape: {
        dim: dims.map((length, i) => (length < 0 ? { dimParam: `${name}_${i}` } : { dimValue: length })),
      },
    },
  },
});
