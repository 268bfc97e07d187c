/** Special functions against mpmath's digits: exact evaluator, float64, TensorFlow.js, Python, ONNX; value and slope. */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { arrayOf, evaluateLoss } from '../../compiler/evaluate/bind.js';
import { evaluateExactly } from '../../compiler/exact/exact.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { openBackend } from '../../src/runtime/backend.js';
import { loadModule } from '../../src/runtime/load.js';
import { compiledText } from '../helpers/corpus.js';
import { loadOnnx, onnxRuntime, runOnnx } from '../helpers/onnx.js';
import { pythonWith } from '../helpers/programs.js';
import { asNumber, type FloatType, type PythonTarget, runPython } from '../helpers/python.js';

/** One line of special-functions.jsonl, which special-functions.py wrote. */
interface Known {
  readonly function: string;
  readonly x: number;
  readonly value: string;
  readonly slope: string;
}

const LINES: readonly Known[] = readFileSync(new URL('special-functions.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Known);
/** The points of each function. */
const KNOWN: ReadonlyMap<string, readonly Known[]> = new Map(
  [...new Set(LINES.map((line) => line.function))].map((name) => [
    name,
    LINES.filter((line) => line.function === name),
  ]),
);

const runtime = await onnxRuntime();
const special = suite('special functions');

/** Each point is an item. */
const textOf = (name: string): string =>
  `loss f(prediction: ${name === 'log1mexp' ? 'between(-100, 0)' : 'real'}) = ${name}(prediction)`;

/** What is found that is further from the digits than a part of them, in words; smaller numbers than `least` are 0. */
function faults(
  known: readonly Known[],
  what: 'value' | 'slope',
  found: ArrayLike<number>,
  tolerance: number,
  least = 0,
): string[] {
  return known.flatMap((entry, i) => {
    const [right, given] = [Number(entry[what]), found[i]!];
    const allowed = tolerance * (ROUNDED[entry.function] ?? 1);
    const isClose =
      given === right ||
      Math.abs(given - right) <= allowed * Math.abs(right) ||
      (Math.abs(right) < least && Math.abs(given) <= least);
    return isClose ? [] : [`${what} of ${entry.function}(${entry.x}) is ${given}, and ${right} is right`];
  });
}

/** Below the normal numbers of float32, and what the argument's rounding alone does to a result far out. */
const SMALLEST = 1.2e-38;
const FLOAT32 = 1e-6;
const FLOAT64 = 2e-15;
/** How many times as far off a function may be whose tail multiplies the rounding of x / sqrt(2) by its square. */
const ROUNDED: Readonly<Record<string, number>> = { ndtr: 10, log_ndtr: 10 };
const pointsOf = (known: readonly Known[]): number[] => known.map(({ x }) => x);

for (const [name, known] of KNOWN) {
  special(`${name}: the exact evaluator has the digits`, async () => {
    const program = loadProgram({ name: 'special.loss', text: textOf(name) });
    for (const entry of known.filter((_, i) => i % 3 === 0)) {
      // One point at a time: what one of them needs in digits, all would pay for.
      const inputs = new Map([['prediction', { shape: [1], data: [entry.x] }]]);
      const result = await evaluateExactly(
        {
          library: program.module,
          decl: lossesOf(program)[0]!,
          reduction: 'none',
          ignored: { label: -100, inputs: new Set() },
          given: { inputs, parameters: new Map(), labels: new Set(), logits: new Set() },
        },
        { digits: 20, by: ['prediction'] },
      );
      const found = { value: result.value.data[0], slope: result.gradient.get('prediction')!.data[0] };
      for (const what of ['value', 'slope'] as const) {
        const off = Math.abs(Number(found[what]?.minus(entry[what])));
        assert.ok(
          off <= 1e-19 * Math.abs(Number(entry[what])),
          `${what} of ${name}(${entry.x}) is ${found[what]}, not ${entry[what]}`,
        );
      }
    }
  });

  special(`${name}: float64 is right to ${FLOAT64}`, () => {
    const compiled = compiledText(textOf(name), { guards: 'none' });
    const inputs = new Map([['prediction', arrayOf(pointsOf(known))]]);
    const { value, gradient } = evaluateLoss(compiled, inputs, new Map(), 'none');
    assert.equal(faults(known, 'value', arrayData(value), FLOAT64), []);
    assert.equal(faults(known, 'slope', gradient.get('prediction')!.data, FLOAT64 * 4), []);
  });
}

const arrayData = (value: number | { readonly data: ArrayLike<number> }): ArrayLike<number> =>
  typeof value === 'number' ? [value] : value.data;

special('what float64 cannot tell from its limit is the limit, with slope 0', () => {
  const compiled = compiledText(textOf('log_erfc'), { guards: 'none' });
  const { value, gradient } = evaluateLoss(
    compiled,
    new Map([['prediction', arrayOf([-30])]]),
    new Map(),
    'sum',
  );
  assert.is(value, Math.LN2);
  assert.ok(Math.abs(gradient.get('prediction')!.data[0]!) === 0);
});

for (const place of ['cpu', 'wasm'] as const)
  special(`TensorFlow.js on ${place} is right to ${FLOAT32}`, async () => {
    const backend = await openBackend({ name: place });
    await tf.setBackend(place);
    for (const [name, known] of KNOWN) {
      const module = loadModule(tf, emitModule(compiledText(textOf(name))));
      tf.tidy(() => {
        const x = tf.tensor1d(pointsOf(known));
        const { value, gradients } = module.valueAndGradients([x], { reduction: 'none' });
        assert.equal(faults(known, 'value', value.dataSync(), FLOAT32, SMALLEST), []);
        assert.equal(faults(known, 'slope', gradients['prediction']!.dataSync(), FLOAT32, SMALLEST), []);
      });
    }
    backend.release();
  });

const TARGETS: readonly (readonly [PythonTarget, readonly string[]])[] = [
  ['pytorch', ['torch']],
  ['jax', ['numpy']],
  ['keras', ['numpy']],
];
for (const [target, modules] of TARGETS)
  special(`${target} is right in float64 and float32`, async () => {
    const python = pythonWith(...modules);
    if (python === undefined) return console.log(`SKIPPED: no Python with ${modules}`);
    for (const [type, tolerance, least] of [
      ['float64', 1e-14, 0],
      ['float32', FLOAT32, SMALLEST],
    ] as const satisfies readonly (readonly [FloatType, number, number])[]) {
      const names = [...KNOWN.keys()];
      const jobs = names.map((name) => ({
        compiled: compiledText(textOf(name)),
        inputs: new Map([['prediction', arrayOf(pointsOf(KNOWN.get(name)!))]]),
        parameters: new Map(),
        options: { reduction: 'none' },
      }));
      const outcomes = await runPython(python, target, jobs, type);
      for (const [i, { error, value, gradients }] of outcomes.entries()) {
        const known = KNOWN.get(names[i]!)!;
        assert.is(error, undefined);
        assert.equal(faults(known, 'value', value.map(asNumber), tolerance, least), []);
        assert.equal(faults(known, 'slope', gradients['prediction']!.map(asNumber), tolerance, least), []);
      }
    }
  });

(runtime === undefined ? special.skip : special)(`ONNX is right to ${FLOAT32}`, async () => {
  for (const [name, known] of KNOWN) {
    const model = await loadOnnx(runtime!, compiledText(textOf(name)));
    const inputs = new Map([['prediction', arrayOf(pointsOf(known))]]);
    const { value, gradients } = await runOnnx(model, { inputs, parameters: new Map(), reduction: 'none' });
    assert.equal(faults(known, 'value', value, FLOAT32, SMALLEST), []);
    assert.equal(faults(known, 'slope', gradients.get('prediction')!, FLOAT32, SMALLEST), []);
    await model.session.release();
  }
});

special.run();
