import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printDecl } from '../../../../grammar/print/print.js';
import { createRandom } from '../../../../src/random.js';
import { arbitraryLoss } from '../../../helpers/arbitrary-loss.js';
import { compiledText } from '../../../helpers/corpus.js';
import { pythonWith } from '../../../helpers/programs.js';
import {
  asNumber,
  type PythonNumber,
  type PythonOutcome,
  type PythonTarget,
  runPython,
} from '../../../helpers/python.js';
import { everyday, expectedValue, kinks, type PythonCase, rightFor } from '../../../helpers/python-cases.js';

const programs = suite('programs in Python');

/** What once broke an emitter: numbers where tensors were meant, sums of numbers, mixed conditions, parentheses, large numbers. */
const ODD = [
  'loss a(prediction: real; gamma: positive = 1.5) = prediction + xlogy(4 - gamma, gamma)',
  'loss a(prediction: unit) = xlogy(3, prediction)',
  'loss a(prediction: unit; alpha: positive = 2) = -xlogy(alpha, prediction)',
  'loss a(prediction: positive; alpha: positive = 2) = -xlogy(prediction, alpha) + xlogy(prediction, 3)',
  `loss a(target: real, prediction: real; gamma: positive = 1.5) =
  if gamma < 2 and target > 0 then prediction else 2 * prediction`,
  `loss a(target: real, prediction: real; gamma: positive = 1.5) =
  if not (gamma < 2 or target > 0) then prediction else gamma * prediction`,
  `loss a(target: real[class], prediction: real[class]) =
  sum(prediction, class where size(class) > 1 and target > 0)`,
  'loss a(target: real[class], prediction: real[class]; w: real[class] = 0.7) = at(w, class, 5) * sum(prediction, class)',
  'loss a(target: real[class], prediction: real[class]; w: real[class] = 0.7) = at(w, class, 2) * sum(prediction, class)',
  `loss a(target: real[class], prediction: real[class]; w: real[term] = [1, 2, 3]) =
  sum(prediction * at(w, term, 1) + at(w, term, 3), class) * size(term)`,
  `loss a(prediction: real[class]; gamma: real = -2) =
  prod(gamma + 0 * prediction, class) + max(gamma + 0 * prediction, class) * sum(prediction, class)`,
  'loss a(prediction: real) = prediction * 100000000000000000000 + 12345678901 * prediction^2',
  'loss a(prediction: real) = if prediction > 0 then 0.1 else 0.7',
  'loss a(target: real, prediction: real) = (if target > prediction then 0.3 else 0.2) * prediction',
  'loss a(prediction: real[class]) = sum(prediction, class) / size(class) / log(size(class) + 1) + 1 / size(class)',
  'loss a(prediction: real[class]; a: real = 2, b: real = 3) = max(a, b) * max(min(a, b), max(prediction, class))',
  'loss a(prediction: unit; k: positive = 0.5) = 2^-prediction + k^prediction + prediction^k + (2 + prediction)^-k',
  'loss a(target: integer, prediction: real[class]) = at(prediction, class, 2 * target - 1) * target + at(prediction, class, target + 1)',
  `loss a(prediction: real[class]; k: integer = 1) = at(prediction, class, size(class) - 1) * at(prediction, class, k) +
  at(k * index(class), class, k + 1) * sum(prediction, class)`,
  `loss a(target: integer, prediction: real[class]) =
  sum(if index(class) == target then prediction^2 else prediction * index(class), class)`,
  `loss a(target: integer, prediction: real) =
  sum(if target == rename(target, batch, other) and index(batch) != index(other)
      then (prediction - rename(prediction, batch, other))^2 else 0, other)`,
  'loss a(prediction: real; lambda: real = 1) = lambda * lgamma(exp(prediction)) + digamma(1 + lambda^2) + erf(lambda) * softplus(lambda)',
  'loss a(prediction: between(-1, 1); k: between(-1, 1) = 0.3) = acos(prediction) + acos(k) * tanh(k) + log1p(k) + expm1(k) + relu(k)',
  'loss a(prediction: real[class]) = logsumexp(prediction, class where prediction > 100) + max(prediction, class where prediction < 0)',
  'loss a(prediction: real) = sum(prediction, batch)^2 / size(batch) + max(prediction, batch)',
  'loss a(prediction: real[row, class]; m: real[class, row] = 0.5) = sum(m * prediction, row, class)',
  'loss a(target: real[class, row], prediction: real[row, class]) = sum(target * prediction, row, class)',
  'loss a(target: real, prediction: real) = 3 + 0 * prediction',
  'loss a(target: real, prediction: real) = target^2 + prediction - prediction',
  'loss a(prediction: real) = mean(prediction - prediction, batch)',
  // The entry that is the maximum is looked for among products that have to be worked out in the same order.
  `loss a(data teacher: real[class], prediction: probability[class]) =
  max(teacher / prediction * rename(prediction, batch, copy), class, copy)`,
  `loss a(data teacher: real[class], prediction: real[class]) =
  max(exp(teacher) * exp(sin(prediction)) * rename(exp(cos(prediction)), batch, copy), class, copy)`,
  // Conditions that are decided when the text is written.
  'loss a(prediction: unit) = mean(rename(prediction, batch, other) - (if 0^-1 > 1 then 1 else prediction), other)',
  `loss a(data mask: binary, prediction: positive) =
  sum(index(batch), batch where min(mask, batch where size(batch) != size(batch)) <= 2) + prediction`,
];

/** Labels along an axis that is as long as the batch. */
const ALONG_BATCH = `loss a(target: integer, prediction: real) =
  let other = rename(prediction, batch, copy)
  at(prediction - index(copy), copy, target)`;

const sources = (): readonly string[] => [
  ...ODD,
  ...fc.sample(arbitraryLoss, { numRuns: 400, seed: 17 }).map((decl) => printDecl(decl)),
  ALONG_BATCH,
];

function cases(): PythonCase[] {
  const random = createRandom(5);
  return sources().flatMap((text) => {
    const compiled = compiledText(text);
    return [everyday, kinks].map((make) => make(text, compiled, random));
  });
}

/** The reference says where a number is known only to a few digits: there it changes with the last digits of the inputs. */
const TOLERANCE = 1e-6;
const NUDGE = 1e-13;
const ROUNDING = 1e-14;

function wrong(entry: PythonCase, { error, value, gradients }: PythonOutcome): string[] {
  if (error !== undefined) return [`${entry.name}: ${error}`];
  const right = rightFor(entry);
  const inputs = new Map(
    entry.compiled.inputs.map(({ name, domain }) => {
      const { shape, data } = entry.inputs.get(name)!;
      const step = domain === 'onehot' || domain === 'integer' ? 0 : NUDGE;
      return [name, { shape, data: data.map((x) => x * (1 - step)) }];
    }),
  );
  const nudged = rightFor({ ...entry, inputs });
  // Terms of the size of the largest entry cancel in the others, up to their rounding.
  const off = (
    given: readonly PythonNumber[],
    expected: ArrayLike<number>,
    near: ArrayLike<number>,
  ): boolean =>
    given.some((x, i, all) => {
      const [y, z] = [asNumber(x), expected[i]!];
      if (Object.is(y, z) || y === z) return false;
      const largest = Math.max(...all.map((other) => Math.abs(asNumber(other))));
      const known = TOLERANCE * Math.max(1, Math.abs(z)) + 100 * Math.abs(z - near[i]!) + ROUNDING * largest;
      return !(Math.abs(y - z) <= known);
    });
  const found = off(value, expectedValue(entry, right), expectedValue(entry, nudged))
    ? [`value ${value}, not ${expectedValue(entry, right)}`]
    : [];
  for (const [name, gradient] of Object.entries(gradients)) {
    const expected = right.gradients.get(name)!;
    if (off(gradient, expected, nudged.gradients.get(name)!))
      found.push(`d/d${name} ${gradient}, not ${expected}`);
  }
  return found.map((what) => `${entry.name}: ${what}`);
}

const TARGETS: readonly (readonly [PythonTarget, string])[] = [
  ['pytorch', 'torch'],
  ['jax', 'numpy'],
  ['keras', 'numpy'],
];
for (const [target, needed] of TARGETS) {
  const interpreter = pythonWith(needed);
  if (interpreter === undefined) console.log(`SKIPPED ${target}: no Python on the PATH has ${needed}`);
  const test = interpreter === undefined ? programs.skip : programs;
  test(`${target}: odd and random programs have the value and the gradient of the reference`, async () => {
    const all = cases();
    const outcomes = await runPython(interpreter!, target, all);
    assert.equal(
      all.flatMap((entry, i) => wrong(entry, outcomes[i]!)),
      [],
    );
  });
}

programs.run();
