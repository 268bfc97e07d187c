/** One loss in everything that runs it: the reference in float64, the fused function, emitted modules on cpu and wasm. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { type CompiledLoss, compileLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { arrayOf, evaluateLoss } from '../../compiler/evaluate/bind.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { flat } from '../../compiler/lower/parameter-value.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { openBackend } from '../../src/runtime/backend.js';
import { loadModule } from '../../src/runtime/load.js';
import { loadFused } from '../../src/runtime/load-fused.js';
import { importResolver } from '../../src/stdlib.js';
import { assertClose } from './close.js';

type CompileOptions = Parameters<typeof compileLoss>[2];
export type Given = Readonly<Record<string, ParameterValue>>;

/** The mean over the items, and its derivatives by prediction and parameter. */
export interface Outcome {
  readonly value: number;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

/** The last loss of a text, which may import standard losses. */
export function compiled(source: string, options: CompileOptions = {}): CompiledLoss {
  const program = loadProgram({ name: 'test.loss', text: source }, importResolver('test.loss'));
  return compileLoss(program, lossesOf(program).at(-1)!, options);
}

export function referenceOutcome(loss: CompiledLoss, inputs: Given, parameters: Given = {}): Outcome {
  const given = new Map(Object.entries(inputs).map(([name, value]) => [name, arrayOf(value)]));
  const found = evaluateLoss(loss, given, new Map(Object.entries(parameters)));
  const gradients = [...found.gradient].map(([name, { data }]) => [name, [...data]]);
  return { value: found.value as number, gradients: Object.fromEntries(gradients) };
}

async function tfjsOutcome(
  backend: 'cpu' | 'wasm',
  loss: CompiledLoss,
  inputs: Given,
  parameters: Given = {},
): Promise<Outcome> {
  if (backend === 'cpu') await tf.setBackend('cpu');
  else await openBackend({ name: 'wasm' });
  const module = loadModule(tf, emitModule(loss));
  return tf.tidy(() => {
    const tensors = loss.inputs.map(({ name }) =>
      tf.tensor(inputs[name] as tf.TensorLike, undefined, 'float32'),
    );
    const { value, gradients } = module.valueAndGradients(tensors, parameters);
    const found = Object.entries(gradients).map(([name, tensor]) => [name, [...tensor.dataSync()]]);
    return { value: value.dataSync()[0]!, gradients: Object.fromEntries(found) };
  });
}

/** Of a loss that was compiled with `plainMean`; undefined where it is not fused. */
function fusedOutcome(loss: CompiledLoss, inputs: Given, parameters: Given = {}): Outcome | undefined {
  const fused = loadFused(loss, parameters);
  if (fused === undefined) return undefined;
  const arrays = loss.inputs.map(({ name }) => Float64Array.from(flat(inputs[name]!)));
  const at = loss.inputs.findIndex(({ data }) => !data);
  const batch = (inputs[loss.inputs[at]!.name] as readonly unknown[]).length;
  const classes = Math.max(1, ...arrays.map(({ length }) => length / batch));
  const gradient = new Float64Array(arrays[at]!.length);
  const value = fused.run(arrays[1 - at]!, arrays[at]!, gradient, batch, classes);
  return { value, gradients: { [loss.inputs[at]!.name]: [...gradient] } };
}

/** What each way gives, by its name. */
export async function outcomes(
  source: string,
  inputs: Given,
  parameters: Given = {},
  options: CompileOptions = {},
): Promise<Map<string, Outcome>> {
  const loss = compiled(source, options);
  const found = new Map([['reference', referenceOutcome(loss, inputs, parameters)]]);
  const fused = fusedOutcome(compiled(source, { ...options, plainMean: true }), inputs, parameters);
  if (fused !== undefined) found.set('fused', fused);
  for (const backend of ['cpu', 'wasm'] as const)
    found.set(backend, await tfjsOutcome(backend, loss, inputs, parameters));
  return found;
}

/** What float32 and the sums of a loss may be off, in relation to the largest number expected. */
const SINGLE = 2e-5;
const DOUBLE = 1e-9;

/** Asserts that all ways give the same numbers. */
export async function assertEverywhere(
  source: string,
  inputs: Given,
  parameters: Given,
  expected: { readonly value?: number; readonly gradients?: Readonly<Record<string, readonly number[]>> },
  single = SINGLE,
  options: CompileOptions = {},
): Promise<void> {
  for (const [way, { value, gradients }] of await outcomes(source, inputs, parameters, options)) {
    const tolerance = way === 'cpu' || way === 'wasm' ? single : DOUBLE;
    const check = (actual: readonly number[], wanted: readonly number[], what: string): void => {
      const size = Math.max(...wanted.map((x) => (Number.isFinite(x) ? Math.abs(x) : 0)), 1e-30);
      const scaled = (list: readonly number[]): number[] => list.map((x) => x / size);
      assertClose(scaled(actual), scaled(wanted), tolerance, `${way}: ${what}, in units of ${size},`);
    };
    if (expected.value !== undefined) check([value], [expected.value], 'value');
    for (const [name, wanted] of Object.entries(expected.gradients ?? {}))
      if (gradients[name] !== undefined) check(gradients[name], wanted, `gradient of ${name}`);
  }
}
