import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printExpr } from '../../../grammar/print/print.js';
import { simplifierFor } from '../../../src/evolve/gp/simplify-tree.js';
import { searchSpace } from '../../../src/evolve/gp/space.js';
import { arityOf, numericCandidate } from '../../../src/evolve/losses/compiler.js';
import { readLoss } from '../../../src/evolve/losses/subject.js';
import {
  analyseGenome,
  type CascadeContext,
  candidateOf,
  probeGenome,
} from '../../../src/evolve/screening/cascade.js';
import { fingerprint } from '../../../src/evolve/screening/fingerprint.js';
import { nullEpoch, shapeProblem } from '../../../src/evolve/screening/shape.js';
import { classification } from '../../../src/runtime/tasks/learning.js';
import { sketch, tree } from '../gp/helpers.js';

const cascade = suite('screening');

const SKETCH = sketch(`
sketch s(target: onehot[class], prediction: probability[class]) = -mean(?, class)
  with operators + - * / ^ log square sqrt exp abs sin
       leaves target, prediction, 1, -1, real
`);
const context: CascadeContext = {
  sketch: SKETCH,
  library: [],
  space: searchSpace(SKETCH, { arity: arityOf, weights: {} }),
  learning: classification(10),
  scaleMatters: false,
  repairSign: true,
};
const raw: CascadeContext = { ...context, scaleMatters: true };
const analyse = (text: string, using = context) => analyseGenome([text], using);
const stages = (text: string): string[] => analyse(text).rejections.map(({ stage }) => stage);

// Each as the summand of -mean(?, class): what is subtracted from zero.
const GOOD = {
  'cross-entropy': 'target * log(prediction)',
  'focal loss': 'target * square(1 - prediction) * log(prediction)',
  'generalized cross-entropy': 'target * (prediction^0.7 - 1) / 0.7',
  'mean absolute error': 'target * prediction',
  'Brier score': '-1 * square(target - prediction)',
  Baikal: 'log(prediction) - target / prediction',
  BaikalCMA:
    '2.7279 * (0.9863 * log(1.5352 * prediction) + 1.1135 * (1.3716 * target) / (-0.8411 * prediction))',
  'poly loss': 'target * (log(prediction) + prediction)',
};
for (const [name, text] of Object.entries(GOOD)) {
  cascade(`${name} passes every stage`, () => {
    assert.equal(analyse(text).rejections, []);
    assert.is(probeGenome([text], context).rejection, undefined);
  });
}

cascade('a thousand classes are screened like ten', () => {
  const many: CascadeContext = { ...context, learning: classification(1000) };
  for (const text of [GOOD['cross-entropy'], GOOD['focal loss'], GOOD.Baikal])
    assert.equal(analyse(text, many).rejections, [], text);
  assert.equal(
    analyse('prediction / (target + 0.01)', many).rejections.map(({ stage }) => stage),
    analyse('prediction / (target + 0.01)').rejections.map(({ stage }) => stage),
  );
});

const BAD: readonly { readonly text: string; readonly stage: string; readonly reason: RegExp }[] = [
  { text: 'exp(target) + 1', stage: 'static', reason: /prediction/ },
  { text: 'prediction - prediction + target', stage: 'static', reason: /gradient is zero/ },
  { text: 'square(prediction) + target', stage: 'static', reason: /target does not reach the gradient/ },
  { text: 'log(-1 - square(prediction * target))', stage: 'static', reason: /never finite/ },
  { text: 'target + prediction', stage: 'static', reason: /gradient is zero/ },
  { text: 'prediction * (target - target)', stage: 'static', reason: /gradient is zero/ },
  {
    text: 'square(target - 0.1) * square(prediction - 0.1)',
    stage: 'null-epoch',
    reason: /does not go towards the targets/,
  },
  { text: 'target * sin(60 * prediction) / 60', stage: 'shape', reason: /turns/ },
];
for (const { text, stage, reason } of BAD) {
  cascade(`${text} is rejected: ${stage}`, () => {
    const found = analyse(text).rejections.find((rejection) => rejection.stage === stage);
    assert.ok(found !== undefined, JSON.stringify(analyse(text).rejections));
    assert.match(found.reason, reason);
  });
}

cascade('a genome that does not compile is rejected with the message of the checker, and has no keys', () => {
  const { rejections, canonical, fingerprint: key } = analyse('unheard(target)');
  assert.is(rejections[0]!.stage, 'static');
  assert.match(rejections[0]!.reason, /unheard/);
  assert.is(canonical + key, '');
});

cascade('a loss that is upside down is turned round', () => {
  const { genome, flipped, rejections } = analyse('-1 * target * log(prediction)');
  assert.equal(genome, ['target * log(prediction)']);
  assert.ok(flipped);
  assert.equal(rejections, []);
  assert.not.ok(analyse('target * log(prediction)').flipped);
  const kept = analyse('-1 * target * log(prediction)', { ...context, repairSign: false });
  assert.is(kept.flipped, false);
  assert.ok(
    kept.rejections.some(
      ({ stage, reason }) => stage === 'null-epoch' && /goes away from the targets/.test(reason),
    ),
  );
  assert.equal(analyse('square(target - prediction)').genome, ['-1 * square(target - prediction)']);
});

const SAME_FORM = [
  ['target * log(prediction)', 'log(prediction) * target'],
  ['target + prediction * target', 'target * prediction + target * 1'],
  ['square(prediction) * target', 'target * prediction * prediction'],
] as const;
for (const [a, b] of SAME_FORM) {
  cascade(`${a} and ${b} have one canonical form`, () =>
    assert.is(analyse(a).canonical, analyse(b).canonical),
  );
}

const SAME_GRADIENT = [
  ['target * log(prediction)', '3 * target * log(prediction)'],
  ['target * log(prediction)', 'target * log(prediction) + exp(target)'],
  ['target * log(prediction)', 'target * log(5 * prediction)'],
  // All of the summed predictions is 1, so the term without the target teaches nothing.
  ['target * prediction', 'target * prediction + prediction'],
] as const;
for (const [a, b] of SAME_GRADIENT) {
  cascade(`${a} and ${b} teach the same, but for their scale`, () => {
    assert.is.not(analyse(a).canonical, analyse(b).canonical);
    assert.is(analyse(a).fingerprint, analyse(b).fingerprint);
  });
}

cascade(
  'a multiple and an additive term without the prediction are known by the form of the gradient',
  () => {
    for (const [a, b] of SAME_GRADIENT.slice(0, 3)) assert.is(analyse(a).gradient, analyse(b).gradient);
  },
);

cascade('where scale matters, a multiple is another loss and a constant added is not', () => {
  const [one, three, shifted] = [
    'target * log(prediction)',
    '3 * target * log(prediction)',
    'target * log(prediction) + 1',
  ];
  assert.is.not(analyse(one!, raw).fingerprint, analyse(three!, raw).fingerprint);
  assert.is(analyse(one!, raw).fingerprint, analyse(shifted!, raw).fingerprint);
  assert.is(analyse(one!, raw).gradient, '');
});

cascade('keys do not depend on the process: these are stored in ledgers', () => {
  const { canonical, gradient, fingerprint: key } = analyse('target * log(prediction)');
  assert.match(canonical, /^[0-9a-f]{16,}$/);
  assert.match(gradient, /^[0-9a-f]{16,}$/);
  assert.match(key, /^[0-9a-f]{16}$/);
  const again = analyse('target * log(prediction)');
  assert.equal([again.canonical, again.gradient, again.fingerprint], [canonical, gradient, key]);
});

cascade('times are measured per stage', () => {
  const { milliseconds } = analyse('target * log(prediction)');
  for (const stage of ['static', 'gradient', 'null-epoch', 'shape'] as const)
    assert.ok(milliseconds[stage]! >= 0);
  assert.ok(probeGenome(['target * log(prediction)'], context).milliseconds > 0);
});

cascade('a loss that rewards the wrong class fails the free predictions', () => {
  const text = 'square(target - prediction)';
  const { score, rejection } = probeGenome([text], context);
  assert.ok(score < 0.2, `${score}`);
  assert.match(rejection!, /free predictions/);
});

cascade('the tests of the gradient work for two classes and for a hundred', () => {
  for (const classes of [2, 100]) {
    const loss = numericCandidate(candidateOf(context, [tree(GOOD.Baikal)]), 'classification');
    assert.is(nullEpoch(loss, classification(classes)), 'raises');
    assert.is(shapeProblem(loss, classification(classes)), undefined);
    assert.is.not(fingerprint(loss, classification(classes), false).key, '');
  }
});

cascade('the float64 gradient agrees with central differences', () => {
  const loss = numericCandidate(candidateOf(context, [tree(GOOD.BaikalCMA)]), 'classification');
  const target = Float64Array.of(0, 1, 0, 1, 0, 0);
  const output = Float64Array.of(0.3, -1, 2, 1.5, 0, -0.5);
  const total = (logits: Float64Array): number =>
    loss.evaluate(target, logits, 2, 3).values.reduce((sum, value) => sum + value, 0);
  const { gradient } = loss.evaluate(target, output, 2, 3);
  for (let i = 0; i < output.length; i++) {
    const moved = (by: number): number => total(output.with(i, output[i]! + by));
    const difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
    assert.ok(Math.abs(gradient[i]! - difference) < 1e-6 * Math.max(1, Math.abs(difference)), `entry ${i}`);
  }
});

cascade('parameters of a loss reach its numbers', () => {
  const text = `loss f(target: onehot[class], prediction: probability[class]; weight: positive = 1, offset: real[class] = 0) =
  -sum(weight * target * log(prediction) + offset * prediction, class)`;
  const candidate = readLoss({ source: { name: 'f.loss', text }, imports: [] });
  const target = Float64Array.of(1, 0);
  const output = Float64Array.of(0, 0);
  const value = (parameters: Record<string, number | number[]>): number =>
    numericCandidate(candidate, 'classification', parameters).evaluate(target, output, 1, 2).values[0]!;
  assert.ok(Math.abs(value({}) - Math.log(2)) < 1e-12);
  assert.ok(Math.abs(value({ weight: 2, offset: [1, 3] }) - (2 * Math.log(2) - 2)) < 1e-12);
});

cascade('simplifying a tree stays in the words of the sketch and gets smaller', () => {
  const simplify = simplifierFor({ sketch: SKETCH, library: [] }, context.space);
  assert.is(printExpr(simplify(tree('prediction + prediction - prediction'))), 'prediction');
  assert.is(printExpr(simplify(tree('log(exp(prediction)) * 1'))), 'prediction');
  assert.is(printExpr(simplify(tree('target / prediction'))), 'target / prediction');
});

cascade('stages reject by name in the order of their price', () => {
  assert.equal(stages('target * target').at(0), 'static');
});

cascade.run();
