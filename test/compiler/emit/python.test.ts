import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledLoss } from '../../../compiler/compile.js';
import { emitTarget } from '../../../compiler/emit/targets.js';
import { arrayOf, evaluateLoss } from '../../../compiler/evaluate/bind.js';
import { createRandom } from '../../../src/random.js';
import { assertClose } from '../../helpers/close.js';
import { CORPUS, compiledCorpus, compiledText } from '../../helpers/corpus.js';
import { cornerInputs, type LegalInputs, legalInputs } from '../../helpers/legal-inputs.js';
import { pythonWith } from '../../helpers/programs.js';
import { type PythonJob, type PythonOutcome, runPython } from '../../helpers/python.js';
import { compiledStandard, LOSSES } from '../../stdlib/library.js';

const python = suite('Python');

interface Job extends PythonJob {
  readonly name: string;
}

/** Every loss of the corpus and the library, from probabilities and from logits. */
function jobs(inputsOf: (compiled: CompiledLoss) => LegalInputs): Job[] {
  const both = (name: string, compile: (fromLogits: boolean) => CompiledLoss): Job[] =>
    [false, true].flatMap((fromLogits) => {
      const compiled = compile(fromLogits);
      if (fromLogits && compiled.logits.length === 0) return [];
      return [{ name: `${name}${fromLogits ? ' from logits' : ''}`, compiled, ...inputsOf(compiled) }];
    });
  return [
    ...CORPUS.flatMap((name) => both(name, (fromLogits) => compiledCorpus(name, { fromLogits }))),
    ...LOSSES.flatMap((name) => both(`std/${name}`, (fromLogits) => compiledStandard(name, fromLogits))),
  ];
}

/** What is wrong with each outcome, by a check that throws. */
function problems(
  all: readonly Job[],
  outcomes: readonly PythonOutcome[],
  check: (job: Job, outcome: PythonOutcome) => void,
): string[] {
  return all.flatMap((job, i) => {
    const outcome = outcomes[i]!;
    if (outcome.error !== undefined) return [`${job.name}: ${outcome.error}`];
    try {
      check(job, outcome);
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

const torch = pythonWith('torch');
if (torch === undefined) console.log('SKIPPED PyTorch: no Python with torch (Debian: python3-torch)');
const withTorch = torch === undefined ? python.skip : python;
const numpy = pythonWith('numpy');
if (numpy === undefined) console.log('SKIPPED JAX and Keras: no Python with numpy (Debian: python3-numpy)');
const withNumpy = numpy === undefined ? python.skip : python;

const random = createRandom(11);
const legal = jobs((compiled) => legalInputs(compiled, random));

withTorch('values and gradients of every loss are those of the reference, in PyTorch', async () => {
  const outcomes = await runPython(torch!, 'pytorch', legal);
  const wrong = problems(legal, outcomes, ({ name, compiled, inputs, parameters }, outcome) => {
    const expected = evaluateLoss(compiled, inputs, parameters);
    assertClose(outcome.value as number[], [expected.value as number], 1e-7, `${name}, value`);
    for (const [input, gradient] of Object.entries(outcome.gradients))
      assertClose(
        gradient as number[],
        expected.gradient.get(input)!.data,
        1e-6,
        `${name}, gradient of ${input}`,
      );
  });
  assert.equal(wrong, []);
});

withTorch('no gradient is NaN at the corners of the domains, in float32', async () => {
  const corners = jobs((compiled) => cornerInputs(compiled, random));
  const outcomes = await runPython(torch!, 'pytorch', corners, 'float32');
  const wrong = problems(corners, outcomes, ({ name }, { value, gradients }) => {
    assert.not.ok(value.includes('nan'), `${name}, value`);
    for (const [input, gradient] of Object.entries(gradients))
      assert.not.ok(gradient.includes('nan'), `${name}, gradient of ${input}`);
  });
  assert.equal(wrong, []);
});

withTorch('boxes without an area have finite gradients, in float32', async () => {
  const places = [
    [1, 1, 1, 1],
    [0, 0, 2, 2],
    [0, 0, 0, 2],
    [0, 0, 0, 0],
  ];
  const pairs = places.flatMap((target) => places.map((prediction) => [target, prediction] as const));
  const boxes = ['iou', 'diou', 'ciou', 'eiou'].map((name) => ({
    name,
    compiled: compiledStandard(name),
    inputs: new Map([
      ['target', arrayOf(pairs.map(([target]) => target))],
      ['prediction', arrayOf(pairs.map(([, prediction]) => prediction))],
    ]),
    parameters: new Map(),
  }));
  const outcomes = await runPython(torch!, 'pytorch', boxes, 'float32');
  const wrong = problems(boxes, outcomes, ({ name }, { value, gradients }) => {
    assert.not.ok(value.includes('nan'), `${name}, value`);
    for (const gradient of Object.values(gradients))
      assert.not.ok(gradient.includes('nan'), `${name}: ${gradient}`);
  });
  assert.equal(wrong, []);
});

for (const target of ['jax', 'keras'] as const) {
  withNumpy(
    `values and gradients of every loss are those of the reference, in the text for ${target}`,
    async () => {
      const outcomes = await runPython(numpy!, target, legal);
      const wrong = problems(legal, outcomes, ({ name, compiled, inputs, parameters }, outcome) => {
        const expected = evaluateLoss(compiled, inputs, parameters);
        assertClose(outcome.value as number[], [expected.value as number], 1e-7, `${name}, value`);
        for (const [input, gradient] of Object.entries(outcome.gradients))
          assertClose(
            gradient as number[],
            expected.gradient.get(input)!.data,
            1e-6,
            `${name}, gradient of ${input}`,
          );
      });
      assert.equal(wrong, []);
    },
  );
}

python('names and docs cannot leave the text', async () => {
  const hostile = [
    '/// Ends """ here \\ and */ here. \u2028import os',
    "/// '''); import os",
    'loss lambda(target: real, class_: real; torch: positive = 1) = (class_ - target)^2 * torch',
  ].join('\n');
  const compiled = compiledText(hostile);
  for (const target of ['pytorch', 'jax', 'keras'] as const) {
    const [file] = await emitTarget(target, compiled, { version: '1', file: 'a\nimport os\u2028.loss' });
    const code = file!.text.replace(/"""[^"]*"""/g, '');
    for (const line of code.split(/[\n\r\u2028\u2029]/)) assert.not.match(line, /^\s*import os/);
    assert.is(file!.text.split('"""').length % 2, 1);
    assert.match(file!.text, /def lambda_\(target, class_, torch_=1/);
  }
});

python.run();
