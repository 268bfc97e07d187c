/** Running emitted models in ONNX Runtime. */
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { CompiledLoss } from '../../compiler/compile.js';
import { canIgnore, modelSignature, takesLabels } from '../../compiler/emit/onnx/signature.js';
import { emitTarget } from '../../compiler/emit/targets.js';
import type { NumberArray } from '../../compiler/evaluate/bind.js';
import { signatureOf } from '../../compiler/evaluate/bind.js';
import { Binding } from '../../compiler/evaluate/binding.js';
import { rowsOfLabels } from '../../compiler/evaluate/labels.js';
import type { LoweredInput, ParameterValue } from '../../compiler/lower/lowered.js';
import { flat } from '../../compiler/lower/parameter-value.js';

type Runtime = typeof import('onnxruntime-node');

/** ONNX Runtime, if its package is installed. */
export async function onnxRuntime(): Promise<Runtime | undefined> {
  try {
    return await import('onnxruntime-node');
  } catch {
    console.log('SKIPPED ONNX: the package onnxruntime-node is not installed, or not for this machine');
    return undefined;
  }
}

/** A loss as a model that is loaded, whose inputs are all given. */
export interface LoadedModel {
  readonly compiled: CompiledLoss;
  readonly session: InferenceSession;
  readonly runtime: Runtime;
}

export async function loadOnnx(runtime: Runtime, compiled: CompiledLoss): Promise<LoadedModel> {
  const files = await emitTarget('onnx', compiled, { version: '0.0.0', file: 'test.loss' });
  // Errors that are expected are not to be printed.
  const session = await runtime.InferenceSession.create(files.at(-1)!.bytes, {
    logSeverityLevel: 4,
    intraOpNumThreads: 1,
  });
  return { compiled, session, runtime };
}

/** What a model is called with. */
export interface OnnxJob {
  readonly inputs: ReadonlyMap<string, NumberArray>;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly reduction?: string;
  readonly weights?: readonly number[];
}

export interface OnnxOutcome {
  /** One number, or one for each item where nothing is reduced. */
  readonly value: Float32Array;
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

export async function runOnnx(model: LoadedModel, job: OnnxJob): Promise<OnnxOutcome> {
  const signature = modelSignature(model.compiled);
  const found = await model.session.run(feedsOf(model, job));
  const numbers = (name: string): Float32Array => found[name]!.data as Float32Array;
  return {
    value: numbers(job.reduction === 'none' && signature.items ? signature.items.name : signature.value.name),
    gradients: new Map([...signature.gradients].map(([of, { name }]) => [of, numbers(name)])),
  };
}

/** Everything that a model takes, by name. */
export function feedsOf({ compiled, runtime }: LoadedModel, job: OnnxJob): Record<string, Tensor> {
  const signature = modelSignature(compiled);
  const bound = new Binding(signatureOf(compiled), job.inputs, job.parameters);
  const tensor = (type: string, data: ArrayLike<number>, shape: readonly number[]): Tensor =>
    type === 'int64'
      ? new runtime.Tensor('int64', BigInt64Array.from(Array.from(data), BigInt), shape)
      : new runtime.Tensor('float32', Float32Array.from(data), shape);
  const sizeOf = (axis: number): number => {
    const { size, root } = compiled.lowered.graph.axes.get(axis);
    return size ?? bound.sizes[axis] ?? bound.sizes[root]!;
  };
  const feeds: Record<string, Tensor> = {};
  for (const [i, input] of compiled.inputs.entries()) {
    const given = job.inputs.get(input.name)!;
    const isGivenByLabels = bound.labelled.has(input.name);
    const axes = isGivenByLabels ? input.axes.filter((axis) => axis !== input.labelAxis) : input.axes;
    const whole = { shape: [bound.count, ...axes.map(sizeOf)], data: Float64Array.from(given.data) };
    const right = takesLabels(compiled, input)
      ? isGivenByLabels
        ? whole
        : labelsOfRows(whole, 1 + input.axes.indexOf(input.labelAxis!))
      : isGivenByLabels
        ? rowsOf(compiled, input, whole, sizeOf(input.labelAxis!))
        : whole;
    feeds[input.name] = tensor(signature.inputs[i]!.type, right.data, right.shape);
  }
  for (const { name, axes, default: initial } of compiled.parameters) {
    const value = job.parameters.get(name) ?? initial!;
    const shape = typeof value === 'number' ? axes.map(() => 1) : axes.map(sizeOf);
    feeds[name] = tensor('float', flat(value), shape);
  }
  if (signature.reduction !== undefined) {
    const word = job.reduction === 'none' ? 'sum' : (job.reduction ?? 'mean');
    feeds[signature.reduction.name] = new runtime.Tensor('string', [word], []);
    const weights = job.weights ?? [1];
    feeds[signature.weights!.name] = tensor('float', weights, [weights.length]);
  }
  if (signature.ignored !== undefined) feeds[signature.ignored.name] = tensor('int64', [-100], []);
  return feeds;
}

/** Rows with a single 1 as labels; what has none is no class. */
function labelsOfRows({ shape, data }: NumberArray, dim: number): NumberArray {
  const inner = shape.slice(dim + 1).reduce((a, b) => a * b, 1);
  const classes = shape[dim]!;
  const rest = shape.toSpliced(dim, 1);
  const labels = new Float64Array(rest.reduce((a, b) => a * b, 1)).fill(-1);
  for (const [k, x] of data.entries())
    if (x === 1)
      labels[Math.floor(k / (classes * inner)) * inner + (k % inner)] = Math.floor(k / inner) % classes;
  return { shape: rest, data: labels };
}

function rowsOf(
  compiled: CompiledLoss,
  input: LoweredInput,
  labels: NumberArray,
  classes: number,
): NumberArray {
  const place = 1 + input.axes.indexOf(input.labelAxis!);
  return rowsOfLabels(
    Float64Array.from(labels.data),
    labels.shape,
    place,
    classes,
    canIgnore(compiled, input),
  );
}
