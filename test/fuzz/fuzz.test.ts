import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadProgram } from '../../compiler/resolve/program.js';
import { runTests } from '../../compiler/test-blocks/run-tests.js';
import { printFile } from '../../grammar/print/print.js';
import { createRandom } from '../../src/random.js';
import { type Answer, REASONS } from './comparison.js';
import { Fuzzer } from './fuzzer.js';
import { drawPoint, logitsOf } from './generate/points.js';
import { generate } from './generate.js';
import type { Outcome } from './oracle/oracle.js';
import { findingText } from './report.js';
import { kernel, loops } from './targets/fused.js';
import { onnx } from './targets/onnx.js';
import { pytorch } from './targets/pytorch.js';
import { REFERENCE } from './targets/reference.js';
import { standIn } from './targets/stand-in.js';
import type { Target } from './targets/target.js';
import { tensorflow } from './targets/tensorflow.js';
import { expected, lossOf, type Trial } from './trial.js';

const PROGRAMS = 250;

const fuzz = suite('the fuzzer');

async function fuzzed(targets: readonly Target[], programs: number, mostShrunk = 10): Promise<Fuzzer> {
  const fuzzer = new Fuzzer('a fixed seed', targets, mostShrunk);
  for (let i = 0; i < programs; i++) await fuzzer.program(i);
  await fuzzer.finish();
  for (const target of targets) await target.close();
  return fuzzer;
}

/** Tries the programs in targets, and sees that enough of them could be compared. */
async function agree(targets: readonly Target[]): Promise<void> {
  const fuzzer = await fuzzed(targets, PROGRAMS);
  assert.is(fuzzer.findings.map((finding) => findingText(finding, fuzzer.seed)).join('\n'), '');
  const refused = [...fuzzer.figures.refused.values()].reduce((a, b) => a + b, 0);
  assert.ok(refused < 0.05 * PROGRAMS, `${refused} programs are refused`);
  for (const [name, { trials, compared, skipped }] of fuzzer.figures.tallies) {
    const doubtful = REASONS.reduce((total, reason) => total + skipped[reason], 0);
    assert.ok(
      trials >= PROGRAMS / 5 && compared > doubtful,
      `${name}: ${trials} trials, ${compared} of ${compared + doubtful} numbers compared`,
    );
  }
}

fuzz('random programs have the values and gradients of the definition', () =>
  agree([REFERENCE, tensorflow('cpu', 5), tensorflow('wasm', 5)]),
);

for (const [name, needed, target] of [
  ['PyTorch', 'torch', pytorch(5)],
  ['JAX', 'numpy', standIn('jax', 5)],
  ['Keras', 'numpy', standIn('keras', 5)],
  ['ONNX', 'onnxruntime-node', await onnx(5)],
] as const) {
  if (target === undefined) console.log(`SKIPPED random programs in ${name}: it needs ${needed}`);
  const test = target === undefined ? fuzz.skip : fuzz;
  test(`random programs have the values and gradients of the definition in ${name}`, () => agree([target!]));
}

fuzz('those that a training takes in one pass have them as loops and as kernels', async () => {
  const fuzzer = await fuzzed([loops(1), kernel(1)], 4 * PROGRAMS);
  assert.is(fuzzer.findings.map((finding) => findingText(finding, fuzzer.seed)).join('\n'), '');
  for (const [name, { trials, compared }] of fuzzer.figures.tallies)
    assert.ok(trials >= PROGRAMS / 5 && compared > trials, `${name}: ${trials} trials, ${compared} numbers`);
});

/** The reference with a fault in what a program that mentions a word gets. */
const planted = (word: string, fault: (answer: Answer) => Answer): Target => ({
  ...REFERENCE,
  run: async (jobs) => {
    const answers = await REFERENCE.run(jobs);
    return answers.map((answer, i) =>
      answer instanceof Error || !JSON.stringify(jobs[i]!.trial.file).includes(word) ? answer : fault(answer),
    );
  },
});

for (const [name, fault] of [
  [
    'value',
    ({ value, gradients }: Answer) => ({ value: Array.from(value, (x) => x * (1 + 1e-8)), gradients }),
  ],
  [
    'gradient',
    ({ value, gradients }: Answer) => ({
      value,
      gradients: new Map([...gradients].map(([key, data]) => [key, Array.from(data, (x) => -x)])),
    }),
  ],
] as const) {
  fuzz(
    `a planted fault in a ${name} is found, and shown by a small program whose test is right`,
    async () => {
      const fuzzer = await fuzzed([planted('tanh', fault)], 150, 1);
      assert.ok(fuzzer.findings.length > 3);
      const text = findingText(fuzzer.findings[0]!, fuzzer.seed);
      assert.match(text, 'tanh');
      assert.ok(
        text
          .split('\n')
          .filter((line) => !line.startsWith('//'))
          .join('\n').length < 250,
        text,
      );
      const program = loadProgram({ name: 'found.loss', text });
      assert.equal(program.diagnostics, [], text);
      const outcomes = runTests(program);
      assert.ok(outcomes.length > 0);
      for (const outcome of outcomes) assert.equal(outcome.failures, [], text);
    },
  );
}

fuzz('a planted exception is found', async () => {
  const broken: Target = { ...REFERENCE, run: async (jobs) => jobs.map(() => new Error('broken')) };
  const fuzzer = await fuzzed([broken], 3, 0);
  assert.equal(
    fuzzer.findings.map(({ fault }) => fault.what),
    ['exception', 'exception', 'exception'],
  );
});

fuzz('the same seed makes the same programs, another seed others', () => {
  const text = (seed: string): string => JSON.stringify(generate(createRandom(seed)).file);
  assert.is(text('one'), text('one'));
  assert.is.not(text('one'), text('two'));
});

fuzz('programs have everything that the language has', () => {
  const text = Array.from({ length: 3000 }, (_, i) => JSON.stringify(generate(createRandom(i)).file)).join(
    '',
  );
  for (const word of [
    ...['and', 'or', 'not', 'if', 'where', 'stop_gradient', 'clip', 'xlogy', 'prod', 'logsumexp', 'softmax'],
    ...['log_softmax', 'at', 'rename', 'index', 'size', 'lgamma', 'digamma', 'erf', 'acos', 'expm1', 'log1p'],
    ...[
      'probability',
      'onehot',
      'binary',
      'sign',
      'integer',
      'between',
      'unit',
      'logits',
      'fn',
      'rest',
      'batch',
    ],
  ])
    assert.ok(text.includes(`"${word}"`), word);
});

fuzz('the derivatives of the oracle are limits of difference quotients of its values', () => {
  let compared = 0;
  for (let i = 0; i < 330; i++) {
    const random = createRandom(`slope ${i}`);
    const { file, signature } = generate(random);
    // Its derivative is said to be 0, which its values are not told.
    if (printFile(file).includes('stop_gradient')) continue;
    const given = drawPoint(signature, logitsOf(signature, random), random);
    const trial: Trial = { file, given, reduction: 'sum', weights: undefined };
    const { gradients } = expected(trial, 'double');
    for (const { name } of lossOf(file).inputs) {
      const found = gradients.get(name.name);
      if (found === undefined) continue;
      const k = random.int(found.data.length);
      if (found.doubt[k] !== 0 || found.error[k]! > 1e-8 * Math.max(1, Math.abs(found.data[k]!))) continue;
      const quotient = (h: number): number => {
        const [up, down] = [moved(trial, name.name, k, h), moved(trial, name.name, k, -h)];
        const isSure = [up, down].every(({ value }) => value.doubt[0] === 0 && value.error[0]! < 1e-9);
        return isSure ? (up.value.data[0]! - down.value.data[0]!) / (2 * h) : Number.NaN;
      };
      const [wide, narrow] = [quotient(2e-5), quotient(1e-5)];
      // A kink is near, or a step leaves the domain.
      if (!(Math.abs(wide - narrow) < 1e-5 * Math.max(1, Math.abs(narrow)))) continue;
      compared++;
      const x = found.data[k]!;
      assert.ok(
        Math.abs(x - narrow) < 1e-4 * Math.max(1, Math.abs(narrow)),
        `${i}: ${x}, quotient ${narrow}`,
      );
    }
  }
  assert.ok(compared > 330 / 2, `${compared} slopes compared`);
});

function moved(trial: Trial, name: string, k: number, step: number): Outcome {
  const { shape, data } = trial.given.inputs.get(name)!;
  const inputs = new Map(trial.given.inputs).set(name, { shape, data: data.with(k, data[k]! + step) });
  return expected({ ...trial, given: { ...trial.given, inputs } }, 'double');
}

fuzz.run();
