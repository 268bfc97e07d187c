/** Formulas found again from samples, each within seconds; what the parts of the search promise. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printExpr } from '../../grammar/print/print.js';
import { parseExpression } from '../../grammar/read/parse.js';
import { filled, withFitted } from '../../src/distil/coefficients.js';
import { distil } from '../../src/distil/distil.js';
import { isLevel } from '../../src/distil/front.js';
import { looksLikeNoise, nearestRows } from '../../src/distil/neighbours.js';
import { partsOf } from '../../src/distil/parts.js';
import { QuickRows } from '../../src/distil/quick.js';
import { rowFunction } from '../../src/distil/row-function.js';
import { sizeOf } from '../../src/distil/size.js';
import { startingTrees } from '../../src/distil/start.js';
import { fillSketch } from '../../src/evolve/gp/genome.js';
import { searchSpace } from '../../src/evolve/gp/space.js';
import { spaceContext } from '../../src/evolve/losses/compiler.js';
import { readSketch, type SketchSubject } from '../../src/evolve/losses/subject.js';
import { createRandom } from '../../src/random.js';
import { distance, gradientOf, samplesFor, TARGETS } from '../bench/loss-samples.js';
import { assertClose } from '../helpers/close.js';

const distils = suite('distil');

const gce = samplesFor(TARGETS['gce']!, { count: 300, noise: 0.02, seed: 'test' });

distils('generalized cross-entropy from 300 noisy gradients, with its name', async () => {
  const found = await distil(gce.samples, gce.subject, { seed: '1', evaluations: 1500 });
  const gradient = gradientOf(found!.text, 'prediction', gce.samples.columns);
  assert.ok(distance(gce.clean, gradient) < 0.01, found!.text);
  const named = found!.standard!.find(({ name }) => name === 'std/gce')!;
  assertClose(named.parameters['q']!, 0.7, 0.02);
});

distils('a standard loss whose parameters were fitted to the noise still fits', async () => {
  const focal = samplesFor(TARGETS['focal']!, { count: 300, noise: 0.02, seed: 'test' });
  const found = await distil(focal.samples, focal.subject, { seed: '1', evaluations: 1500 });
  const named = found!.standard!.find(({ name }) => name === 'std/focal')!;
  assertClose(named.parameters['gamma']!, 2, 0.05);
  assertClose(named.parameters['alpha']! * named.factor, 0.25, 0.01);
});

distils('the same seed finds the same', async () => {
  const run = () => distil(gce.samples, gce.subject, { seed: '3', evaluations: 100 });
  assert.equal(await run(), await run());
});

distils('an aborted search gives what it has', async () => {
  const controller = new AbortController();
  const found = await distil(gce.samples, gce.subject, {
    seed: '1',
    evaluations: 100_000,
    signal: controller.signal,
    onProgress: ({ evaluations }) => evaluations > 50 && controller.abort(),
  });
  assert.is(found!.ending, 'interrupted');
  assert.ok(found!.evaluations < 200);
  assert.match(found!.text, /^loss distilled\(/m);
});

const TREES: readonly string[] = [
  'target * log(prediction)',
  'log(prediction) - target / prediction',
  'target * rest^2.5 * log(prediction)',
  'square(prediction) + 0.3 * exp(prediction * target)',
  '(target - prediction)^2',
];
for (const kind of ['gradient', 'value'] as const)
  for (const text of TREES)
    distils(`${kind} of ${text}: the quick loops give what the compiled formula gives`, () => {
      const { subject, samples } = gce;
      const space = searchSpace(subject.sketch, spaceContext(subject));
      const quantity = kind === 'value' ? { kind } : { kind, by: 'prediction' };
      const fitted = withFitted([parseExpression(text)], space);
      const quick = new QuickRows(subject, space, samples, quantity).rowsOf(fitted)!;
      const loss = fillSketch(subject.sketch, fitted.trees, 'whole');
      const whole = rowFunction({ loss, library: [], coefficients: fitted.names }, quantity)!;
      const count = samples.wanted.length;
      const results = [quick, whole].map(({ width, run }) => {
        const result = new Float64Array(count * width);
        run(samples.columns, fitted.starts, count, result);
        return result;
      });
      // Derivatives by coefficients are difference quotients there.
      for (const [i, x] of results[0]!.entries()) assertClose(x, results[1]![i]!, 1e-4);
    });

distils('a factor for each term, and constants once', () => {
  const { subject } = gce;
  const space = searchSpace(subject.sketch, spaceContext(subject));
  const key = (text: string) => withFitted([parseExpression(text)], space).key;
  assert.is(
    key('target * prediction^0.5 - log(prediction)'),
    key('log(prediction) + prediction^3.25 * target'),
  );
  assert.is.not(key('target / prediction'), key('prediction / target'));
  const fitted = withFitted([parseExpression('target * prediction^0.5 - 3 * log(prediction)')], space);
  assert.equal([...fitted.starts], [1, 0.5, 3]);
  assert.equal(filled(fitted, Float64Array.of(1, 0.7, 2)).map(printExpr), [
    'target * prediction^0.7 - 2 * log(prediction)',
  ]);
  assert.equal(filled(fitted, Float64Array.of(1, 0.7, -2)).map(printExpr), [
    'target * prediction^0.7 + 2 * log(prediction)',
  ]);
  assert.equal(filled(fitted, Float64Array.of(1, 0.7, 0)).map(printExpr), ['target * prediction^0.7']);
});

distils('functions within functions are large', () => {
  assert.is(sizeOf(parseExpression('target * prediction^2')), 6);
  assert.is(sizeOf(parseExpression('exp(log(target))')), 6);
});

distils('an error is level with a lower one where chance makes such a difference', () => {
  const random = createRandom('level');
  const least = Float64Array.from({ length: 400 }, () => random.normal() ** 2);
  assert.ok(
    isLevel(
      least.map((x) => x + 0.1 * random.normal()),
      least,
      0,
    ),
  );
  assert.not.ok(
    isLevel(
      least.map((x) => x + 0.1 + 0.1 * random.normal()),
      least,
      0,
    ),
  );
});

distils('noise is told from a curve that is left', () => {
  const random = createRandom('noise');
  const x = Float64Array.from({ length: 300 }, () => random.next());
  const noise = x.map(() => random.normal());
  const nearest = nearestRows({ columns: [x], wanted: noise });
  assert.ok(looksLikeNoise(noise, nearest));
  assert.not.ok(
    looksLikeNoise(
      noise.map((e, i) => e + 3 * (x[i]! - 0.5)),
      nearest,
    ),
  );
});

const drift = samplesFor(TARGETS['drift of discovered policy optimisation']!, {
  count: 600,
  noise: 0.01,
  seed: 'test',
});

distils('the drift of Discovered Policy Optimisation: each branch by the rows where it matters', async () => {
  const { samples, subject, clean } = drift;
  const found = await distil(samples, subject, { seed: '1', evaluations: 600 });
  assert.match(found!.text, /if advantage >= 0/);
  const gradient = gradientOf(found!.text, 'ratio', samples.columns);
  assert.ok(distance(clean, gradient) < 0.01, found!.text);
  const sizes = found!.front.map(({ size }) => size);
  assert.is(new Set(sizes).size, sizes.length);
  assert.is(found!.pick.formula.match(/tanh/g)?.length, 2, found!.text);
});

distils('branches are parts, each with its rows; holes that meet are not', () => {
  const sketchOf = (text: string): SketchSubject =>
    readSketch({ source: { name: 'parts', text }, imports: [] });
  const { samples, subject } = drift;
  const judge = { train: samples, heldOut: samples, quantity: samples.quantity, negligible: 1e-10 };
  const parts = partsOf(subject, judge, createRandom('parts'));
  const advantages = parts.map((part) => [...part.judge.train.columns[0]!]);
  assert.is(parts.length, 2);
  assert.ok(advantages[0]!.length > 100 && advantages[0]!.every((x) => x >= 0));
  assert.ok(advantages[1]!.length > 100 && advantages[1]!.every((x) => x < 0));
  const meeting = sketchOf(`sketch parts(data advantage: real, ratio: positive) =
  (if advantage >= 0 then ? else 0) + ?
  with operators + * leaves ratio, real`);
  assert.is(partsOf(meeting, judge, createRandom('parts')).length, 1);
});

distils('breeding begins with the sum of terms that fits', () => {
  const { subject } = gce;
  const space = searchSpace(subject.sketch, spaceContext(subject));
  const quick = new QuickRows(subject, space, gce.samples, gce.samples.quantity);
  const wanted = quick.quantityOf([parseExpression('target / prediction - 3 * log(prediction)')])!;
  const texts = startingTrees(space, quick, wanted).map(([tree]) => printExpr(tree!));
  assert.ok(texts.includes('log(prediction) + target / prediction'), texts.slice(0, 20).join('\n'));
});

distils('time is for all of it: where there is next to none, one formula without names', async () => {
  const found = await distil(gce.samples, gce.subject, {
    seed: '1',
    evaluations: 100_000,
    milliseconds: 1e-3,
  });
  assert.is(found!.ending, 'minutes');
  assert.is(found!.evaluations, 1);
  assert.is(found!.standard, undefined);
});

distils('a sketch whose items depend on each other has no formula', async () => {
  const coupled = readSketch({
    source: {
      name: 'coupled',
      text: `sketch coupled(target: real, prediction: real) = ? + mean(prediction, batch)
  with operators + * leaves target, prediction`,
    },
    imports: [],
  });
  assert.is(await distil(gce.samples, coupled, { seed: '1', evaluations: 20 }), undefined);
});

distils.run();
