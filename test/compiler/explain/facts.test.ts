/** Known facts about losses, worked out by hand or in the papers named, against what explaining finds. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../../compiler/check/check.js';
import type { Explanation, Property, Status } from '../../../compiler/explain/explanation.js';
import { assertClose } from '../../helpers/close.js';
import { all, explained, one, SWAPPED, standard, written } from './helpers.js';

const known = new Map<string, Explanation>();
function of(name: string, classes = 10): Explanation {
  const key = `${name} ${classes}`;
  const found = known.get(key) ?? explained(standard(name), { classes });
  known.set(key, found);
  return found;
}

function figureOf(name: string, property: Property, classes = 10): number {
  const { value } = one(of(name, classes), property);
  if (value === undefined) throw new Error(`${name}: no figure for ${property}`);
  return value;
}

const minima = suite('where losses are lowest');

for (const classes of [2, 10, 100]) {
  // -log p - (n - 1) log((1 - p) / (n - 1)) + 1 / p has the slope (n p^2 - 1) / (p^2 (1 - p)): 0 at p = 1 / sqrt(n).
  minima(`Baikal with ${classes} classes: at 1 / sqrt(n)`, () => {
    assertClose(figureOf('baikal', 'minimum', classes), 1 / Math.sqrt(classes), 1e-7);
  });

  // With a = c0 c1 before the logs and b = c0 c3 c4 / c5 before the ratio: a n p^2 + (b - a) p - b = 0.
  minima(`BaikalCMA with ${classes} classes: at the root of its quadratic`, () => {
    const [c0, c1, c3, c4, c5] = [2.7279, 0.9863, -1.1135, 1.3716, -0.8411];
    const [a, b] = [c0 * c1, (c0 * c3 * c4) / c5];
    const root = (a - b + Math.sqrt((b - a) ** 2 + 4 * a * b * classes)) / (2 * a * classes);
    assertClose(figureOf('baikal_cma', 'minimum', classes), root, 1e-7);
  });
}

const LOWEST: readonly (readonly [name: string, place: number, tolerance: number])[] = [
  ['cross_entropy', 1, 1e-9],
  ['gce', 1, 1e-9],
  ['focal', 1, 1e-9],
  ['bce', 1, 1e-9],
  // As the papers of these losses have them, which `stdlib/` names: less exactly.
  ['ngl', 0.391, 5e-4],
  ['taylor_glo_early', 0.45, 5e-3],
  ['taylor_glo_mnist', 0.53, 5e-3],
  ['taylor_glo_cross_entropy', 1, 5e-3],
  // 1 - s + s / n for s = 0.1.
  ['label_smoothing', 0.91, 1e-7],
  ['sparse_lsr', 0.91, 1e-7],
  ['hinge', 1, 1e-7],
  ['categorical_hinge', 1, 1e-7],
];
for (const [name, place, tolerance] of LOWEST) {
  minima(`${name}: at ${place}`, () => assertClose(figureOf(name, 'minimum'), place, tolerance));
}

// The negative of cross-entropy falls without end as the label loses its probability.
minima('cross-entropy upside down: where the prediction is certainly wrong, at 0', () => {
  const text =
    'loss l(target: onehot[class], prediction: probability[class]) = sum(target * log(prediction), class)';
  const finding = one(explained(written(text), { classes: 10 }), 'minimum');
  assert.is(finding.value, 0);
  assert.match(finding.statement, /certainly wrong/);
});

minima('NGL with 2 and 100 classes', () => {
  assertClose(figureOf('ngl', 'minimum', 2), 0.566, 5e-4);
  assertClose(figureOf('ngl', 'minimum', 100), 0.362, 5e-4);
});

minima('label smoothing is found again in its own minimum', () => {
  assertClose(figureOf('label_smoothing', 'label smoothing'), 0.1, 1e-6);
});

minima('Baikal: convex, so no other shape of prediction is lower', () => {
  assert.is(one(of('baikal'), 'global minimum').status, 'proved');
});

minima('a lower prediction with unequal other classes is found', () => {
  // Any corner but the label's costs 0, and equal others are no corner.
  const alike = `loss corner(target: onehot[class], prediction: probability[class]) =
    sum(prediction * (1 - prediction), class) + sum(target * prediction, class)`;
  const lower = one(explained(written(alike), { classes: 4 }), 'global minimum');
  assert.is(lower.status, 'refuted');
  assert.ok((lower.witness!['value'] as number) < 0.01, 'a corner of another class costs 0');
});

minima('regression: the target itself, or where it is instead', () => {
  for (const name of ['mse', 'mae', 'huber', 'pinball', 'poisson', 'tukey', 'gamma_nll'])
    assert.is(one(of(name), 'minimum').holds, true, name);
  // exp(p) - t p is lowest at log t.
  const log = one(of('poisson_log'), 'minimum');
  assert.is(log.status, 'refuted');
  assertClose(log.value!, Math.log(2), 1e-6);
});

minima.run();

const learning = suite('how losses teach');

// The derivative of -log softmax by the label's logit at equal logits is 1 / n - 1.
learning('null epoch: cross-entropy and Baikal both have 1 / n - 1', () => {
  assertClose(figureOf('cross_entropy', 'null epoch'), -0.9, 1e-9);
  assertClose(figureOf('baikal', 'null epoch'), -0.9, 1e-9);
});

learning('null epoch: SibSAU B goes the wrong way, a loss of zeros cannot start', () => {
  assert.is(one(of('sibsau_b'), 'null epoch').status, 'refuted');
  const taylor = one(of('taylor3'), 'null epoch');
  assert.is(taylor.status, 'refuted');
  assert.match(taylor.statement, 'Training cannot start');
});

const SCALES: readonly (readonly [name: string, ratio: number])[] = [
  ['cross_entropy', 1],
  ['baikal', 1],
  // c0 c3 c4 / c5: the logs cancel at equal probabilities.
  ['baikal_cma', (2.7279 * -1.1135 * 1.3716) / -0.8411],
  // 2 p (1 - p) and p^q (1 - p) at p = 0.1, against 0.9.
  ['probability_mae', 0.2],
  ['brier', 0.2],
  ['gce', 0.1 ** 0.7],
  ['label_smoothing', 0.9],
  ['bce', 1],
  ['hinge', 2],
  ['mse', 1],
];
for (const [name, ratio] of SCALES) {
  learning(`gradient scale of ${name}: ${ratio}`, () =>
    assertClose(figureOf(name, 'gradient scale'), ratio, 1e-7),
  );
}

learning('monotone: proved for cross-entropy, turning at the minimum for Baikal', () => {
  assert.is(one(of('cross_entropy'), 'monotone').status, 'proved');
  const baikal = one(of('baikal'), 'monotone');
  assert.is(baikal.status, 'refuted');
  const turn = baikal.witness!['probability'] as number;
  assert.ok(turn > 1 / Math.sqrt(10) && turn < 0.35, `${turn}`);
});

learning('absolute error gives up on what is certainly wrong, cross-entropy does not', () => {
  assert.is(one(of('probability_mae'), 'wrong and certain').holds, false);
  assert.is(one(of('cross_entropy'), 'wrong and certain').holds, true);
});

learning('proper: cross-entropy, Brier, spherical, but not their robust relatives', () => {
  for (const name of ['cross_entropy', 'brier', 'spherical', 'kl', 'bce', 'emd2'])
    assert.is(one(of(name), 'proper').holds, true, name);
  for (const name of ['probability_mae', 'gce', 'focal', 'baikal', 'label_smoothing'])
    assert.is(one(of(name), 'proper').status, 'refuted', name);
});

learning('calibrated: hinge by theorem, not the multi-class hinge of Crammer and Singer', () => {
  assert.is(one(of('hinge'), 'calibrated').status, 'proved');
  assert.is(one(of('categorical_hinge'), 'calibrated').status, 'refuted');
  assert.is(one(of('cross_entropy'), 'calibrated').holds, true);
  assert.is(one(of('probability_mae'), 'calibrated').holds, true);
  assert.is(one(of('bce'), 'calibrated').holds, true);
});

learning.run();

const noise = suite('wrong labels');

const SUMS: readonly (readonly [name: string, sum: number, status: Status])[] = [
  // 2 (n - 1), (n - 1) log(1e4), 1: Ghosh et al. 2017, Wang et al. 2019, Ma et al. 2020.
  ['probability_mae', 18, 'proved'],
  ['rce', 9 * Math.log(1e4), 'proved'],
  ['nce', 1, 'proved'],
  ['ngce', 1, 'proved'],
  ['nce_rce', 1 + 9 * Math.log(1e4), 'measured'],
];
for (const [name, sum, status] of SUMS) {
  noise(`${name} is symmetric: its sum over the labels is ${sum}`, () => {
    const finding = one(of(name), 'symmetric');
    assert.is(finding.status, status);
    assertClose(finding.value!, sum, 1e-9);
  });
}

noise('gce: the sum lies between (n - n^(1 - q)) / q and (n - 1) / q (Zhang and Sabuncu 2018)', () => {
  const finding = one(of('gce'), 'symmetric');
  assert.is(finding.status, 'refuted');
  assertClose(finding.witness!['sumThere'] as number, (10 - 10 ** 0.3) / 0.7, 1e-9);
  assertClose(finding.witness!['sumHere'] as number, 9 / 0.7, 1e-4);
});

noise('cross-entropy: the sum is n log n at the uniform prediction, and grows without end', () => {
  const finding = one(of('cross_entropy'), 'symmetric');
  assert.match(finding.statement, 'without bound');
  assert.match(finding.statement, '23.03');
});

noise('a derivative that is undefined where the target is off shows nothing of the sum', () => {
  const text = `loss rooted(data target: onehot[class], prediction: probability[class]) =
  sum((target - prediction) * (prediction * target)^0.5, class)`;
  assert.is(one(explained(written(text)), 'symmetric').status, 'refuted');
});

noise.run();

const shape = suite('shape');

const CONSTANTS: readonly (readonly [name: string, constant: number])[] = [
  // p (1 - p) <= 1 / 4; the largest eigenvalue of diag(p) - p p' is 1 / 2.
  ['bce', 0.25],
  ['soft_margin', 0.25],
  ['cross_entropy', 0.5],
  ['squared_hinge', 2],
  ['smooth_hinge', 1],
];
for (const [name, constant] of CONSTANTS) {
  shape(`the gradient of ${name} has the Lipschitz constant ${constant}`, () => {
    const finding = one(of(name), 'smooth');
    assert.is(finding.status, 'measured');
    assertClose(finding.value!, constant, 1e-3);
  });
}

shape('hinge jumps at a margin of 1, Baikal bends without end', () => {
  const hinge = one(of('hinge'), 'smooth');
  assert.is(hinge.status, 'refuted');
  assertClose(hinge.witness!['gap'] as number, 1, 1e-6);
  assert.is(one(of('baikal'), 'smooth').status, 'refuted');
});

shape(
  'bounds: 1 / q for gce at its q, 2 for absolute error, log 2 for Jensen-Shannon, none for cross-entropy',
  () => {
    assertClose(figureOf('gce', 'bounded'), 1 / 0.7, 1e-9);
    assert.is(one(of('gce'), 'bounded').status, 'proved');
    assertClose(figureOf('probability_mae', 'bounded'), 2, 1e-9);
    assertClose(figureOf('js', 'bounded'), Math.LN2, 1e-6);
    assertClose(figureOf('tukey', 'bounded'), 4.685 ** 2 / 6, 1e-6);
    for (const name of ['cross_entropy', 'focal', 'baikal', 'mse', 'huber', 'cauchy', 'expectile', 'poisson'])
      assert.is(one(of(name), 'bounded').status, 'refuted', name);
    for (const name of ['nce', 'nfl', 'welsch', 'geman_mcclure'])
      assert.is(one(of(name), 'bounded').holds, true, name);
  },
);

shape('robust regression has a bounded gradient', () => {
  for (const name of ['mae', 'huber', 'cauchy', 'welsch', 'tukey', 'log_cosh', 'pinball'])
    assert.is(one(of(name), 'bounded gradient').holds, true, name);
  for (const name of ['mse', 'expectile', 'poisson', 'poisson_log', 'gamma_nll'])
    assert.is(one(of(name), 'bounded gradient').status, 'refuted', name);
});

const CONVEX: readonly (readonly [name: string, property: Property, status: Status])[] = [
  ['cross_entropy', 'convex', 'proved'],
  ['cross_entropy', 'convex in the logits', 'proved'],
  ['baikal', 'convex', 'proved'],
  ['baikal', 'convex in the logits', 'proved'],
  ['gce', 'convex', 'proved'],
  ['gce', 'convex in the logits', 'refuted'],
  ['brier', 'convex', 'proved'],
  ['brier', 'convex in the logits', 'refuted'],
  ['focal', 'convex in the logits', 'refuted'],
  ['binary_focal', 'convex in the logits', 'refuted'],
  ['mse', 'convex', 'proved'],
  ['charbonnier', 'convex', 'proved'],
  ['huber', 'convex', 'measured'],
  ['tukey', 'convex', 'refuted'],
  ['cauchy', 'convex', 'refuted'],
  ['hinge', 'convex', 'proved'],
];
for (const [name, property, status] of CONVEX) {
  shape(`${name} is ${property}: ${status}`, () => assert.is(one(of(name), property).status, status));
}

shape('errors: only their size counts, or their sign too', () => {
  for (const name of ['mse', 'mae', 'huber', 'log_cosh']) {
    assert.is(one(of(name), 'distance-based').status, 'proved', name);
    assert.is(one(of(name), 'even').status, 'proved', name);
  }
  assert.is(one(of('expectile'), 'even').status, 'refuted');
  assert.is(one(of('msle'), 'distance-based').status, 'refuted');
});

shape('a step in the target is no error: the proof looks at what is compared too', () => {
  const stepped = `loss stepped(target: real, prediction: real) =
    abs(prediction - target) + (if target > 0.1 then 1 else 0)`;
  assert.is(one(explained(written(stepped)), 'distance-based').status, 'refuted');
});

shape.run();

const effect = suite('without effect, the batch, and guards');

effect('swapped TaylorGLO: three terms of the target alone, and the question', () => {
  const explanation = explained(written(SWAPPED));
  assert.is(all(explanation, 'free term').length, 3);
  assert.match(one(explanation, 'swapped').statement, 'Were "target" and "prediction" swapped?');
  for (const name of ['taylor_glo_mnist', 'taylor_glo_early', 'kl', 'js', 'cross_entropy'])
    assert.is(all(of(name), 'swapped').length, 0, name);
});

effect('explain asks about a swap exactly where check does', () => {
  const signature = 'loss l(target: unit, prediction: unit) =\n ';
  for (const [text, asked] of [
    [SWAPPED, true],
    [`${signature} target + target^2 + target * prediction`, true],
    // Entropies of the target: logarithms belong to likelihoods.
    [`${signature} xlogy(target, target) + (1 - target) * log(1 - target) - target * log(prediction)`, false],
    // The target is no part of the gradient, which is a remark of its own.
    [`${signature} target + target^2 + prediction`, false],
  ] as const) {
    const subject = written(text);
    const warned = checkProgram(subject.program).some(({ code }) => code === 'L324');
    assert.is(warned, asked, text);
    assert.is(all(explained(subject), 'swapped').length > 0, asked, text);
  }
});

effect('a free term is named with its coefficients', () => {
  const penalty =
    written(`loss penalty(data reference: real, log_probability: real; beta: nonnegative = 0.04) =
    beta * (expm1(reference - log_probability) - (reference - log_probability))`);
  const { statement } = one(explained(penalty), 'free term');
  assert.match(statement, 'The term `-(beta * reference)` changes the value');
});

effect('the temperature inside a log is a constant: BaikalCMA does not feel c2', () => {
  assert.match(one(of('baikal_cma'), 'no effect').statement, 'The parameter "c2" changes the value');
});

effect('an input that nothing uses has no effect at all; a stopped prediction gets no gradient', () => {
  const text = `loss odd(target: real, data extra: real, prediction: real, other: real) =
    (prediction - target)^2 + stop_gradient(other) + 0 * extra`;
  const statements = all(explained(written(text)), 'no effect').map(({ statement }) => statement);
  assert.equal(statements, [
    'The prediction "other" gets no gradient: nothing trains it.',
    'The data "extra" has no effect at all.',
  ]);
});

effect('coupled, reducing, or neither', () => {
  assert.is(one(of('info_nce'), 'coupled').holds, true);
  assert.is(one(of('mse'), 'coupled').holds, false);
  assert.is(one(of('ccc'), 'reduces batch').holds, true);
});

effect('guards in words', () => {
  const statements = all(of('cross_entropy'), 'guard').map(({ statement }) => statement);
  assert.ok(
    statements.includes('The log of `prediction`, which may be 0: kept at least 1e-36.'),
    statements.join('\n'),
  );
});

effect('Baikal from logits saturates where 1 / p leaves float32', () => {
  // -log p = g + log(9 + exp(-g)) reaches 85 at g = 82.8; gaps are looked at in halves.
  const finding = one(of('baikal'), 'saturation');
  assert.is(finding.value, -83);
  assert.is(one(of('cross_entropy'), 'saturation').holds, false);
});

effect('what simplifying assumed is told', () => {
  const text =
    'loss cancel(target: real, prediction: real) = (prediction - target)^2 * prediction / prediction';
  assert.is(
    one(explained(written(text)), 'assumption').statement,
    '`prediction` was divided out, so it is assumed not to be 0.',
  );
});

effect('a distance against -1 and 1 is not taken for a margin', () => {
  assert.is(of('hinge_embedding').family, 'other');
  assert.is(of('hinge').family, 'margin');
});

effect('logits whose level counts are told of, and judged as logs of probabilities', () => {
  assert.is(one(of('z_loss'), 'shift-invariant').status, 'refuted');
  assertClose(figureOf('z_loss', 'minimum'), 1, 1e-9);
  assert.is(one(of('cross_entropy_logits'), 'shift-invariant').holds, true);
});

effect(
  'where float32 cannot hold the value, or loses it among large terms, that is told with an input',
  () => {
    // lgamma of 5e7 is 8e8, rounded to 32; the ratio of PPO saturates at exp(85) and an advantage of 1e3 comes on top.
    const naive = written(`loss naive(target: nonnegative, prediction: positive; r: positive = 1) =
      (target + r) * log(prediction + r) - target * log(prediction) - r * log(r) + lgamma(r) + lgamma(target + 1) - lgamma(target + r)`);
    const finding = one(explained(naive), 'float32');
    assert.is(finding.status, 'refuted');
    assert.match(finding.statement, 'large terms cancel');
    assert.ok(finding.witness !== undefined);
    assert.match(one(of('grpo'), 'float32').statement, 'becomes infinite');
    for (const name of ['cross_entropy', 'baikal', 'mse', 'triplet', 'evidential', 'negative_binomial'])
      assert.ok(!all(of(name), 'float32').some(({ status }) => status === 'refuted'), name);
  },
);

effect('the loss rises from its minimum on', () => {
  for (const name of ['baikal', 'baikal_cma']) {
    const place = figureOf(name, 'minimum');
    assert.match(one(of(name), 'monotone').statement, `from ${Number(place.toPrecision(4))} on`);
  }
});

effect('what several long expressions have in common is told once', () => {
  const statements = all(of('giou'), 'guard').map(({ statement }) => statement);
  assert.is(new Set(statements).size, statements.length);
});

effect.run();
