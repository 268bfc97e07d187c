import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { arrayOf } from '../../compiler/evaluate/bind.js';
import { parse } from '../../grammar/read/parse.js';
import { compareAnswer, emptyTally } from './comparison.js';
import { onnx } from './targets/onnx.js';
import { pytorch } from './targets/pytorch.js';
import { REFERENCE } from './targets/reference.js';
import { standIn } from './targets/stand-in.js';
import type { Target } from './targets/target.js';
import { tensorflow } from './targets/tensorflow.js';
import { compileTrial, expected, type Trial } from './trial.js';

/** Conditions on numbers, on tensors and on both, in every place that takes a condition, in every target. */
const conditions = suite('conditions');

const NUMBER = ['gamma < 2', 'gamma < 1', 'size(class) > 1', 'cos(1) < 0', 'delta == 3'];
const TENSOR = ['target > 0', 'prediction > 0.4', 'mask > max(mask, class) / 2'];
const joined = NUMBER.flatMap((number, i) => {
  const tensor = TENSOR[i % TENSOR.length]!;
  const other = NUMBER[(i + 1) % NUMBER.length]!;
  return [
    `${number} and ${tensor}`,
    `${tensor} or ${number}`,
    `not (${number} or ${tensor})`,
    `${number} and not ${other}`,
    `(${number} or ${other}) and ${tensor}`,
  ];
});
const CONDITIONS = [...NUMBER, ...TENSOR, ...joined];

/** What stands for a condition is C, and D for another. */
const PLACES = [
  'sum(if C then prediction else 2 * prediction, class)',
  'sum(if C then gamma else prediction^2, class)',
  'sum((if C then 1 else 2) * prediction, class)',
  'sum(prediction + (if C then delta else gamma), class)',
  'sum(if C then (if D then gamma * prediction else 1) else if D then target * prediction else delta, class)',
  'sum(prediction^2, class where C)',
  'mean(gamma * prediction, class where C)',
  'max(prediction, class where C) + gamma * sum(prediction, class)',
  'min(gamma * prediction, class where C)',
  'prod(prediction + delta, class where C)',
  'logsumexp(gamma * prediction, class where C)',
  'sum(if C then max(prediction, class where D) else prediction, class)',
  'sum(gamma + 0 * mask, class where C) * sum(prediction, class)',
];

const INPUTS = {
  target: [
    [1, 0, -1],
    [0, 0, 0],
  ],
  mask: [
    [1, 0.25, 0.75],
    [0, 1, 0.5],
  ],
  prediction: [
    [0.5, 1.25, 0.3125],
    [-0.75, 2, 0.25],
  ],
};

const trialOf = (body: string): Trial => {
  const text = `loss f(target: real[class], data mask: unit[class], prediction: real[class]; gamma: positive = 1.5, delta: real = 3) = ${body}`;
  const { file, diagnostics } = parse({ name: 'conditions.loss', text });
  assert.equal(diagnostics, [], text);
  const inputs = new Map(Object.entries(INPUTS).map(([name, value]) => [name, arrayOf(value)] as const));
  const given = { inputs, parameters: new Map(), labels: new Set<string>(), logits: new Set<string>() };
  return { file, given, reduction: 'sum', weights: undefined };
};

/** Every place with every other condition, and every condition in every other place. */
const BODIES = PLACES.flatMap((place, i) =>
  CONDITIONS.map((condition, k) =>
    place.replace(/\bC\b/g, condition).replace(/\bD\b/g, CONDITIONS[(k + 7 * i + 11) % CONDITIONS.length]!),
  ).filter((_, k) => (i + k) % 2 === 0),
);

const TARGETS: readonly (readonly [string, Target | undefined])[] = [
  ['reference', REFERENCE],
  ['cpu', tensorflow('cpu', 1)],
  ['wasm', tensorflow('wasm', 1)],
  ['pytorch', pytorch(1)],
  ['jax', standIn('jax', 1)],
  ['keras', standIn('keras', 1)],
  ['onnx', await onnx(1)],
];
for (const [name, target] of TARGETS) {
  if (target === undefined) console.log(`SKIPPED ${name}: what runs it is not there`);
  const test = target === undefined ? conditions.skip : conditions;
  test(`${BODIES.length} losses with conditions are by definition in ${name}`, async () => {
    const jobs = BODIES.map((body) => {
      const trial = trialOf(body);
      return { body, trial, compiled: compileTrial(trial) };
    }).filter((job) => target!.takes(job));
    const answers = await target!.run(jobs);
    const tally = emptyTally();
    const faults = jobs.flatMap(({ body, trial }, i) => {
      const answer = answers[i]!;
      if (answer instanceof Error) return [`${body}: ${answer.message.split('\n')[0]}`];
      const fault = compareAnswer(name, expected(trial, target!.precision), answer, target!.floor, tally);
      return fault === undefined ? [] : [`${body}: ${fault.what} ${fault.detail}`];
    });
    await target!.close();
    assert.is(faults.join('\n'), '');
    // Every value and nearly every derivative is beyond doubt here, but for infinities and conditions at a tie.
    assert.ok(tally.compared > 5 * jobs.length, `${tally.compared} numbers compared`);
  });
}

conditions.run();
