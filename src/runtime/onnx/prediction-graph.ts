/** A network that is not trained any more as a model of ONNX: examples in, outputs out, for as many at once as are wanted. */
import { FlatScope } from '../../../compiler/emit/onnx/library.js';
import type { BatchShape } from '../data/batches.js';
import type { ExampleSet } from '../data/examples.js';
import type { Layer } from '../models/layer.js';
import { encoded, examplePorts, gathered, learntPorts, PIXELS, ROWS, writeNetwork } from './graph-parts.js';

/** The outputs of the network, `[batch, outputs]`. */
export const OUTPUTS = 'outputs';

export function predictionGraph(
  layers: readonly Layer[],
  examples: ExampleSet,
  data: BatchShape,
): Uint8Array {
  const { parameters, state } = learntPorts(layers);
  const kept = [...parameters, ...state];
  const scope = new FlatScope([...kept.map(({ name }) => name), PIXELS, ROWS, OUTPUTS]);
  const { output } = writeNetwork(layers, gathered(scope), data, {
    scope,
    batch: -1,
    parameters: parameters.map(({ name }) => name),
    state: state.map(({ name }) => name),
    mask: undefined,
  });
  scope.name(output, OUTPUTS);
  return encoded(scope, 'prediction', {
    inputs: [...examplePorts(examples, data, -1), ...kept],
    outputs: [{ name: OUTPUTS, dims: [-1, data.outputs] }],
  });
}
