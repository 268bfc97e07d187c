import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitTarget } from '../../../../compiler/emit/targets.js';
import { arrayOf } from '../../../../compiler/evaluate/bind.js';
import { createRandom } from '../../../../src/random.js';
import { compiledText } from '../../../helpers/corpus.js';
import { pythonWith } from '../../../helpers/programs.js';
import { asNumber, type PythonNumber, type PythonOutcome, runPython } from '../../../helpers/python.js';
import {
  allLosses,
  corners,
  everyday,
  expectedValue,
  kinks,
  type PythonCase,
  rightFor,
  weighted,
} from '../../../helpers/python-cases.js';
import { compiledStandard } from '../../../stdlib/library.js';

const python = suite('Python');

/** What is wrong with each outcome, by a check that throws. */
function problems(
  cases: readonly PythonCase[],
  outcomes: readonly PythonOutcome[],
  check: (entry: PythonCase, outcome: PythonOutcome) => void,
): string[] {
  return cases.flatMap((entry, i) => {
    const outcome = outcomes[i]!;
    if (outcome.error !== undefined) return [`${entry.name}: ${outcome.error}`];
    try {
      check(entry, outcome);
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

/** Beyond this float32 ends, and values that grow there are no longer compared. */
const LARGE = 1e30;

function assertNear(
  actual: readonly PythonNumber[],
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  assert.is(actual.length, expected.length, `${what}: ${actual.length} numbers for ${expected.length}`);
  for (const [i, given] of actual.entries()) {
    const [x, y] = [asNumber(given), expected[i]!];
    const near = Object.is(x, y) || x === y || Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y));
    const large = Math.abs(y) > LARGE && Math.sign(x) === Math.sign(y) && Math.abs(x) > LARGE / 10;
    assert.ok(near || large, `${what} [${i}]: ${given}, expected ${y}`);
  }
}

const rights = new Map<PythonCase, ReturnType<typeof rightFor>>();
const right = (entry: PythonCase): ReturnType<typeof rightFor> => {
  if (!rights.has(entry)) rights.set(entry, rightFor(entry));
  return rights.get(entry)!;
};

function assertRight(entry: PythonCase, outcome: PythonOutcome, tolerance: number): void {
  const expected = right(entry);
  assertNear(outcome.value, expectedValue(entry, expected), tolerance, `${entry.name}, value`);
  for (const [input, gradient] of Object.entries(outcome.gradients))
    assertNear(gradient, expected.gradients.get(input)!, tolerance, `${entry.name}, gradient of ${input}`);
}

const torch = pythonWith('torch');
if (torch === undefined)
  console.log('SKIPPED PyTorch: no Python on the PATH has torch (Debian: python3-torch)');
const withTorch = torch === undefined ? python.skip : python;
const numpy = pythonWith('numpy');
if (numpy === undefined)
  console.log('SKIPPED JAX and Keras: no Python on the PATH has numpy (Debian: python3-numpy)');
const withNumpy = numpy === undefined ? python.skip : python;

const random = createRandom(11);
const losses = torch === undefined && numpy === undefined ? [] : allLosses();
const cases = [everyday, weighted, kinks, corners].flatMap((make) =>
  losses.map(({ name, compiled }) => make(name, compiled, random)),
);

withTorch('PyTorch agrees with the reference in value and gradient, in float64', async () => {
  const outcomes = await runPython(torch!, 'pytorch', cases);
  assert.equal(
    problems(cases, outcomes, (entry, outcome) => assertRight(entry, outcome, 1e-6)),
    [],
  );
});

/** Where float32 is another question than float64. */
const OTHERWISE: ReadonlyMap<string, string> = new Map([
  ['std/class_balanced', 'the derivative with respect to beta near 1 is a difference of large numbers'],
  [
    'std/class_balanced from logits',
    'the derivative with respect to beta near 1 is a difference of large numbers',
  ],
  ['std/generalized_dice', 'the derivative with respect to epsilon is a difference of large numbers'],
  [
    'std/generalized_dice from logits',
    'the derivative with respect to epsilon is a difference of large numbers',
  ],
  ['gaussian_nll, at the corners', 'there the variance is the least allowed, up to rounding'],
  ['std/gaussian_nll, at the corners', 'there the variance is the least allowed, up to rounding'],
]);

withTorch('PyTorch agrees with the reference in value and gradient, in float32', async () => {
  const compared = cases.filter(({ name }) => !OTHERWISE.has(name));
  const outcomes = await runPython(torch!, 'pytorch', compared, 'float32');
  assert.equal(
    problems(compared, outcomes, (entry, outcome) => assertRight(entry, outcome, 1e-3)),
    [],
  );
});

for (const target of ['jax', 'keras'] as const) {
  withNumpy(`the text for ${target} agrees with the reference in value and gradient`, async () => {
    const outcomes = await runPython(numpy!, target, cases);
    assert.equal(
      problems(cases, outcomes, (entry, outcome) => assertRight(entry, outcome, 1e-6)),
      [],
    );
  });
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

withTorch('boxes without an area have finite gradients, in float32', async () => {
  const places = [
    [1, 1, 1, 1],
    [0, 0, 2, 2],
    [0, 0, 0, 2],
    [0, 0, 0, 0],
  ];
  const pairs = places.flatMap((target) => places.map((prediction) => [target, prediction] as const));
  const boxes = ['iou', 'giou', 'diou', 'ciou', 'eiou'].map((name) => ({
    name,
    compiled: compiledStandard(name),
    inputs: new Map([
      ['target', arrayOf(pairs.map(([target]) => target))],
      ['prediction', arrayOf(pairs.map(([, prediction]) => prediction))],
    ]),
    parameters: new Map(),
    seeds: () => [],
  }));
  const outcomes = await runPython(torch!, 'pytorch', boxes, 'float32');
  const wrong = problems(boxes, outcomes, ({ name }, { value, gradients }) => {
    assert.not.ok(value.includes('nan'), `${name}, value`);
    for (const gradient of Object.values(gradients))
      assert.not.ok(gradient.includes('nan'), `${name}: ${gradient}`);
  });
  assert.equal(wrong, []);
});

/** Values in which a NaN beside a 1 once vanished. */
const NOT_NUMBERS = [
  'sign(prediction)',
  'prediction ^ target',
  'max(prediction, target)',
  'min(target, prediction)',
];
for (const [target, interpreter] of [
  ['pytorch', torch],
  ['jax', numpy],
  ['keras', numpy],
] as const) {
  const test = interpreter === undefined ? python.skip : python;
  test(`a NaN in an operand is one in the value, in ${target}`, async () => {
    const jobs = NOT_NUMBERS.map((text) => ({
      compiled: compiledText(
        `loss a(target: positive, prediction: ${text.includes('sign') ? 'real' : 'positive'}) = target * (${text})`,
      ),
      inputs: new Map([
        ['target', arrayOf([Number.NaN, 1, 2])],
        ['prediction', arrayOf([1, Number.NaN, 2])],
      ]),
      parameters: new Map(),
      options: { reduction: 'none' },
    }));
    const outcomes = await runPython(interpreter!, target, jobs);
    for (const [i, { error, value }] of outcomes.entries()) {
      assert.is(error, undefined);
      assert.equal(value.slice(0, 2), ['nan', 'nan'], NOT_NUMBERS[i]);
      assert.type(value[2], 'number');
    }
  });
}

python.run();
