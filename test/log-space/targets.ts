/** The corpus on everything that runs a loss. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { CompiledLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { evaluateLoss, type NumberArray } from '../../compiler/evaluate/bind.js';
import { openBackend } from '../../src/runtime/backend.js';
import { loadModule } from '../../src/runtime/load.js';
import { loadOnnx, onnxRuntime, runOnnx } from '../helpers/onnx.js';
import { asNumber, runPython } from '../helpers/python.js';
import { compiled, type Expression, type Found, inputsOf, judged, type Verdict } from './corpus.js';

/** The reference in float64; the others run in float32. */
export const TARGETS = ['reference', 'cpu', 'wasm', 'pytorch', 'onnx'] as const;
export type Target = (typeof TARGETS)[number];

interface Case {
  readonly expression: Expression;
  readonly loss: CompiledLoss;
  readonly inputs: ReadonlyMap<string, NumberArray>;
}

/** The verdict on each expression in a target, by its name. `torch` is a Python with PyTorch. */
export async function verdicts(
  target: Target,
  expressions: readonly Expression[],
  torch: string | undefined,
): Promise<ReadonlyMap<string, Verdict>> {
  const found = await numbersIn(target, expressions, torch);
  return new Map(expressions.map((expression, i) => [expression.name, judged(expression, found[i]!)]));
}

/** What a target gives for each expression. */
export function numbersIn(
  target: Target,
  expressions: readonly Expression[],
  torch: string | undefined,
): Promise<readonly Found[]> {
  const cases = expressions.map((expression) => ({
    expression,
    loss: compiled(expression),
    inputs: inputsOf(expression),
  }));
  return results(target, cases, torch);
}

async function results(
  target: Target,
  cases: readonly Case[],
  torch: string | undefined,
): Promise<readonly Found[]> {
  if (target === 'reference') return cases.map(byReference);
  if (target === 'pytorch') return byPython(torch!, cases);
  if (target === 'onnx') return byOnnx(cases);
  const backend = target === 'wasm' ? await openBackend({ name: 'wasm' }) : undefined;
  await tf.setBackend(target);
  const found = cases.map(byTensors);
  await backend?.release();
  return found;
}

export function byReference({ loss, inputs }: Omit<Case, 'expression'>): Found {
  const { items, gradient } = evaluateLoss(loss, inputs, new Map(), 'sum');
  return {
    value: items.data,
    gradient: Object.fromEntries([...gradient].map(([name, { data }]) => [name, data])),
  };
}

function byTensors({ loss, inputs }: Case): Found {
  const emitted = emitModule(loss);
  const module = loadModule(tf, emitted);
  return tf.tidy(() => {
    const tensors = loss.inputs.map(({ name }) => {
      const { shape, data } = inputs.get(name)!;
      return tf.tensor(Float32Array.from(data), [...shape], 'float32');
    });
    const { value, gradients } = module.valueAndGradients(tensors, { reduction: 'none' });
    const named = [...inputs.keys()].flatMap((name) => {
      const tensor = gradients[emitted.properties.get(name)!];
      return tensor === undefined ? [] : [[name, tensor.dataSync()] as const];
    });
    return { value: value.dataSync(), gradient: Object.fromEntries(named) };
  });
}

async function byOnnx(cases: readonly Case[]): Promise<readonly Found[]> {
  const runtime = await onnxRuntime();
  if (runtime === undefined) throw new Error('the package onnxruntime-node is not there');
  const found: Found[] = [];
  for (const { loss, inputs } of cases) {
    const model = await loadOnnx(runtime, loss);
    const { value, gradients } = await runOnnx(model, { inputs, parameters: new Map(), reduction: 'none' });
    found.push({ value, gradient: Object.fromEntries(gradients) });
    await model.session.release();
  }
  return found;
}

async function byPython(torch: string, cases: readonly Case[]): Promise<readonly Found[]> {
  const jobs = cases.map(({ loss, inputs }) => ({
    compiled: loss,
    inputs,
    parameters: new Map(),
    whole: loss.inputs.filter(({ domain }) => domain === 'integer').map(({ name }) => name),
    options: { reduction: 'none' },
  }));
  const outcomes = await runPython(torch, 'pytorch', jobs, 'float32');
  return outcomes.map(({ error, value, gradients }, i) => {
    if (error !== undefined) throw new Error(`${cases[i]!.expression.name}: ${error}`);
    const named = Object.entries(gradients).map(([name, numbers]) => [name, numbers.map(asNumber)] as const);
    return { value: value.map(asNumber), gradient: Object.fromEntries(named) };
  });
}
