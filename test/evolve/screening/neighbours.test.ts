import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { numericLoss } from '../../../compiler/loss/numeric.js';
import { readLoss } from '../../../src/evolve/losses/subject.js';
import { fitnessOf } from '../../../src/evolve/model/individual.js';
import { INITIAL_STATE } from '../../../src/evolve/model/search-state.js';
import { BETTER, type SearchSettings } from '../../../src/evolve/model/settings.js';
import { gradientFeatures } from '../../../src/evolve/screening/gradient-features.js';
import { alike, expectedScore, neighboursOf, twinOf } from '../../../src/evolve/screening/neighbours.js';
import { createMemory } from '../../../src/evolve/search/memory.js';
import { classification } from '../../../src/runtime/tasks/learning.js';
import { tree } from '../gp/helpers.js';
import { fakeWorld, nextGeneration } from '../search/fake-world.js';

const neighbours = suite('neighbours');

const CLASSES = 10;

function featuresOf(body: string, { classes = CLASSES, scaleMatters = false } = {}): number[] {
  const text = `loss f(target: onehot[class], prediction: probability[class]) = ${body}`;
  const { loss, library } = readLoss({ source: { name: 'case.loss', text }, imports: [] });
  return gradientFeatures(numericLoss(loss, library), classification(classes), scaleMatters);
}

const CROSS_ENTROPY = '-sum(target * log(prediction), class)';
const focal = (gamma: number): string =>
  `-sum(target * (1 - prediction) ^ ${gamma} * log(prediction), class)`;

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((entry, i) => entry - b[i]!)) / Math.hypot(...a);

neighbours('a positive factor and a term without the prediction change nothing, unless scale matters', () => {
  const once = featuresOf(CROSS_ENTROPY);
  assert.equal(featuresOf(`3 * ${CROSS_ENTROPY} + sum(target, class)`), once);
  const raw = featuresOf(CROSS_ENTROPY, { scaleMatters: true });
  assert.ok(distance(raw, featuresOf(`3 * ${CROSS_ENTROPY}`, { scaleMatters: true })) > 0.1);
});

neighbours('losses that are nearly the same lie close together, others far apart', () => {
  const point = featuresOf(focal(2));
  assert.ok(distance(point, featuresOf(focal(2.01))) < 0.01);
  assert.ok(distance(point, featuresOf(focal(3))) > 0.03);
  assert.ok(
    distance(point, featuresOf(focal(3))) <
      distance(point, featuresOf('sum((target - prediction)^2, class)')),
  );
});

neighbours('a thousand classes need no more numbers than ten, and two classes are enough', () => {
  const of = (classes: number): number => featuresOf(CROSS_ENTROPY, { classes }).length;
  assert.is(of(1000), of(10));
  assert.ok(of(2) > 0 && of(2) < of(10));
});

neighbours('a loss without a gradient at the uniform prediction has no place', () => {
  assert.equal(featuresOf('sum((target - target) * prediction, class)'), []);
});

const ROWS = fc.array(
  fc.record({
    features: fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 3 }),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 40 },
);
const rowsOf = (drawn: readonly { features: number[]; score: number }[]) =>
  drawn.map(({ features, score }, id) => ({ id, features, scores: [score], complete: true }));

neighbours('the five nearest are found, nearest first, and only among enough', () => {
  fc.assert(
    fc.property(
      ROWS,
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 3, maxLength: 3 }),
      (drawn, point) => {
        const rows = rowsOf(drawn);
        const found = neighboursOf(point, rows);
        if (rows.length < 8) return found.length === 0;
        const all = rows.map(({ features }) => distance(point, features)).toSorted((a, b) => a - b);
        return (
          found.every((neighbour, i) => Math.abs(neighbour.distance - all[i]!) < 1e-12) && found.length === 5
        );
      },
    ),
  );
});

neighbours('the score to expect lies between those of the neighbours, nearer to that of the nearest', () => {
  const row = (at: number, score: number) => ({
    id: at,
    features: [100 + at],
    scores: [score],
    complete: true,
  });
  const near = neighboursOf(
    [100],
    [0, 40, 50, 60, 70, 80, 90, 95].map((at) => row(at, at === 0 ? 0.9 : 0.1)),
  );
  const expected = expectedScore(near)!;
  assert.ok(expected > 0.5 && expected < 0.9, String(expected));
  assert.is(expectedScore([]), undefined);
});

neighbours('within one hundredth two losses count as one', () => {
  const rows = [1010, 1009, 2000, 3000, 4000, 5000, 6000, 7000].map((at, id) => ({
    id,
    features: [at],
    scores: [0.5],
    complete: true,
  }));
  assert.is(twinOf(neighboursOf([1000], rows))?.id, 1);
  assert.is(twinOf(neighboursOf([1100], rows)), undefined);
  assert.ok(alike([1000], [1009]) && !alike([1000], [1020]));
  assert.not.ok(alike([1000], [1000, 0]), 'losses of different tasks are never alike');
});

const ALL_TRAINED = { ...BETTER.stages, neighbours: false };

/** Trainings until the fake function is found as well as `fitness` says, over several seeds. */
async function trainingsUntil(fitness: number, settings: SearchSettings): Promise<number> {
  let total = 0;
  for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const world = fakeWorld(settings, seed, { noise: 0.01 });
    let state = INITIAL_STATE;
    for (let i = 0; i < 60 && !state.archive.some((best) => fitnessOf(best) >= fitness); i++)
      state = (await nextGeneration(world, state)).state;
    total += state.spent.trainings;
  }
  return total;
}

neighbours('a search that asks neighbours gets as far with half of the trainings', async () => {
  const settings: SearchSettings = { ...BETTER, gates: [], racing: { most: 1, best: 1 }, audit: 0 };
  const without = { ...settings, stages: { ...settings.stages, neighbours: false } };
  const [asked, all] = [await trainingsUntil(0.8, settings), await trainingsUntil(0.8, without)];
  assert.ok(asked < all / 2, `${asked} against ${all}`);
});

neighbours('seeds are trained however many they are, and whatever their neighbours promise', async () => {
  const seeds = Array.from({ length: 40 }, (_, i) => [tree(`log(prediction) - ${i + 1} * target`)]);
  const world = { ...fakeWorld({ ...BETTER, gates: [], racing: { most: 1, best: 1 } }, 'seeds'), seeds };
  const { report } = await nextGeneration(world, INITIAL_STATE);
  const trained = report.rows.filter(({ operator, outcome }) => operator === 'seed' && outcome === 'trained');
  assert.is(trained.length, 40);
});

neighbours('each place takes one candidate, also where an earlier run has trained many of them', async () => {
  const settings: SearchSettings = { ...BETTER, gates: [], racing: { most: 1, best: 1 }, audit: 0 };
  const first = await nextGeneration(
    fakeWorld({ ...settings, stages: ALL_TRAINED }, 'earlier'),
    INITIAL_STATE,
  );
  const known = first.report.rows
    .filter(({ outcome, complete }) => outcome === 'trained' && complete)
    .map((row) => ({ ...row, score: row.scores[0]! }));
  const world = { ...fakeWorld(settings, 'earlier'), memory: createMemory([], known) };
  const { state, report } = await nextGeneration(world, INITIAL_STATE);
  assert.ok(report.rows.filter(({ sameAs }) => (sameAs ?? 0) < 0).length > 30, 'many are known');
  const members = state.islands.flatMap((island) => island.members);
  const places = Math.ceil(settings.islands * settings.population * settings.selectivity.places);
  assert.ok(members.length > 0 && members.length <= places, `${members.length} members in ${places} places`);
});

neighbours('one that was passed over for its place may come again, and be trained', async () => {
  const world = fakeWorld({ ...BETTER, gates: [] }, 'again');
  let state = INITIAL_STATE;
  const passed = new Set<string>();
  let again = 0;
  for (let i = 0; i < 12; i++) {
    const next = await nextGeneration(world, state);
    for (const { outcome, stage, canonical } of next.report.rows) {
      if (outcome === 'trained' && passed.has(canonical)) again++;
      if (outcome === 'rejected' && stage === 'neighbours') passed.add(canonical);
    }
    state = next.state;
  }
  assert.ok(passed.size > 50, `${passed.size} passed over`);
  assert.ok(again > 0, `${again} came again`);
});

neighbours.run();
