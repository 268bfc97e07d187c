import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadProgram, lossesOf } from '../../../compiler/resolve/program.js';
import type { Side } from '../../../src/diff/signatures.js';
import { standardLossesLike } from '../../../src/evolve/naming/candidates.js';
import { nameLoss } from '../../../src/evolve/naming/name-loss.js';
import { nameSentences } from '../../../src/evolve/naming/sentences.js';
import { importResolver, readLossFile } from '../../../src/stdlib.js';

const LABELS = 'target: onehot[class], prediction: probability[class]';
const NUMBERS = 'target: real, prediction: real';

function loss(body: string, inputs: string): Side {
  const program = loadProgram({ name: 'found.loss', text: `loss found(${inputs}) = ${body}` });
  return { program, decl: lossesOf(program)[0]! };
}
const sentencesOf = (body: string, inputs: string): readonly string[] =>
  nameSentences('found', nameLoss(loss(body, inputs)));

const names = suite('names of losses');

const MIXED = '0.7 * -sum(target * log(prediction), class) + 0.3 * 2 * sum(target * (1 - prediction), class)';

/** Losses whose names are known, since they are made of standard ones. */
const KNOWN: readonly (readonly [body: string, inputs: string, sentences: readonly string[]])[] = [
  ['-sum(target * log(prediction), class)', LABELS, ['found is std/cross_entropy']],
  [
    '-sum(target * (1 - prediction)^2 * log(prediction), class)',
    LABELS,
    ['found is std/focal up to a positive factor'],
  ],
  [
    '-sum(target * (1 - prediction)^1.5 * log(prediction), class)',
    LABELS,
    ['found is within 0.01 % of std/focal at gamma = 1.5'],
  ],
  [
    'sum(target * (1 - prediction^0.64) / 0.64, class)',
    LABELS,
    ['found is within 0.01 % of std/gce at q = 0.64'],
  ],
  [
    'sum(t * (1 - p^0.64), k)',
    't: onehot[..., k], p: probability[..., k]',
    ['found is within 0.01 % of std/gce at q = 0.64'],
  ],
  ['mean(target * (1 - prediction^0.64), class)', LABELS, ['found is within 0.01 % of std/gce at q = 0.64']],
  [
    MIXED,
    LABELS,
    [
      'found is within 0.01 % of std/poly1 at epsilon = 0.857',
      'found is within 0.01 % of the mixture 0.70 * std/cross_entropy + 0.30 * std/probability_mae',
    ],
  ],
  [
    'let e = abs(prediction - target)  if e <= 0.3 then e^2 else 0.6 * e - 0.09',
    NUMBERS,
    ['found is within 0.01 % of std/huber at delta = 0.3'],
  ],
  [
    '-(target * (1 - prediction)^1.5 * log(prediction)) - (1 - target) * prediction^1.5 * log(1 - prediction)',
    'target: binary, prediction: unit',
    ['found is within 0.01 % of std/quality_focal at beta = 1.5'],
  ],
];
for (const [body, inputs, sentences] of KNOWN)
  names(`${body}: ${sentences.join('; ')}`, () => {
    assert.equal(sentencesOf(body.replace('  ', '\n  '), inputs), sentences);
  });

names('a loss unlike any other is new, with the nearest and how far that is', () => {
  const odd = 'sum(target * sin(9 * prediction) - 2 * target * prediction, class)';
  const { isNew, nearest } = nameLoss(loss(odd, LABELS));
  assert.ok(isNew);
  assert.ok(nearest[0]!.distance > 0.5, String(nearest[0]!.distance));
  assert.match(sentencesOf(odd, LABELS)[0]!, /^found is new: the nearest is std\/\w+.*, \d\d % off$/);
});

const UPHILL = 'sum(target * log(prediction), class)';
names('a loss that pulls the wrong way is not the one that pulls the right way', () => {
  const { isNew, nearest } = nameLoss(loss(UPHILL, LABELS));
  assert.ok(isNew);
  assert.not.ok(nearest.some((one) => one.loss === 'std/cross_entropy' && one.distance < 0.99));
});

for (const [body, inputs] of [
  [MIXED, LABELS],
  ['sum(target * (1 - prediction^0.64), class) + 0.2 * sum(prediction^2, class)', LABELS],
  [UPHILL, LABELS],
  ['log1p((prediction - target)^2) + 0.3 * (prediction - target)^2', NUMBERS],
] as const)
  names(`3.7 times ${body} has the same name`, () => {
    assert.equal(sentencesOf(`3.7 * (${body})`, inputs), sentencesOf(body, inputs));
  });

names('the same loss has the same name again, digit by digit', () => {
  const first = nameLoss(loss(MIXED, LABELS));
  nameLoss(loss(UPHILL, LABELS));
  assert.equal(nameLoss(loss(MIXED, LABELS)), first);
});

names('a loss without a gradient, and one of inputs that no standard loss takes, are told of', () => {
  assert.equal(sentencesOf('round(prediction) - target', NUMBERS), [
    'found could not be compared with the standard losses: its gradient at everyday inputs is 0 or not a number',
  ]);
  assert.equal(
    sentencesOf(
      'a * b * c * d * (prediction - target)^2',
      'data a: sign, data b: sign, data c: sign, data d: sign, target: real, prediction: real',
    ),
    ['found could not be compared with the standard losses: none of them takes its inputs'],
  );
});

const STANDARD =
  'mse huber bce hinge cross_entropy gaussian_nll triplet quantiles ciou poisson info_nce dice ppo';
for (const name of STANDARD.split(' '))
  names(`std/${name} is among the losses of its signature`, () => {
    const entry = `std/${name}`;
    const program = loadProgram(readLossFile(entry), importResolver(entry));
    const decl = lossesOf(program).find((one) => one.name.name === name)!;
    const found = standardLossesLike({ program, decl });
    assert.ok(found.some((one) => one.name === entry));
    for (const one of found) assert.is(one.lowered.inputs.length, decl.inputs.length, one.name);
  });

names.run();
