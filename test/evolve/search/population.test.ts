import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Individual } from '../../../src/evolve/model/individual.js';
import { BETTER } from '../../../src/evolve/model/settings.js';
import { MUTATION_NAMES, type MutationName } from '../../../src/evolve/model/variation.js';
import { adaptedWeights, updateRecords } from '../../../src/evolve/search/adapt.js';
import { currentGates, updateGateScores } from '../../../src/evolve/search/gates.js';
import { paretoFront, pickFromFront, updateArchive } from '../../../src/evolve/search/pareto.js';
import { migrate, nextMembers } from '../../../src/evolve/search/population.js';
import { selectParent } from '../../../src/evolve/search/selection.js';
import { createRandom } from '../../../src/random.js';
import { assertClose } from '../../helpers/close.js';

const population = suite('population');

function member(id: number, score: number, more: Partial<Individual> = {}): Individual {
  const base = {
    genome: [`g${id}`],
    size: 5,
    born: 0,
    island: 0,
    parents: [],
    operator: 'random',
    complete: true,
  };
  return { id, canonical: `c${id}`, scores: [score], ...base, ...more };
}
const ids = (members: readonly Individual[]): number[] => members.map(({ id }) => id);

function shares(
  selection: Parameters<typeof selectParent>[1],
  members: readonly Individual[],
  parsimony = 0,
): number[] {
  const random = createRandom('select');
  const counts = new Map<number, number>();
  const draws = 20_000;
  for (let i = 0; i < draws; i++) {
    const { id } = selectParent(members, selection, parsimony, random);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return members.map(({ id }) => (counts.get(id) ?? 0) / draws);
}

population('roulette draws in proportion to fitness', () => {
  assertClose(
    shares({ kind: 'roulette' }, [member(1, 0.1), member(2, 0.3), member(3, 0)]),
    [0.25, 0.75, 0],
    0.02,
  );
});
population('roulette draws equally when nothing has fitness', () => {
  assertClose(shares({ kind: 'roulette' }, [member(1, 0), member(2, 0)]), [0.5, 0.5], 0.02);
});
population('a tournament of 2 draws the better of two', () => {
  const tournament = { kind: 'tournament', size: 2 } as const;
  assertClose(
    shares(tournament, [member(1, 0.9), member(2, 0.5), member(3, 0.1)]),
    [5 / 9, 3 / 9, 1 / 9],
    0.02,
  );
});
population('parsimony decides between nearly equal ones', () => {
  const tournament = { kind: 'tournament', size: 20 } as const;
  const [small, large] = [member(1, 0.9, { size: 5 }), member(2, 0.901, { size: 25 })];
  assert.ok(shares(tournament, [small, large], 0.0002)[0]! > 0.99);
  assert.ok(shares(tournament, [small, large], 0)[1]! > 0.99);
});

const settings = { ...BETTER, population: 4, elites: 1, parsimony: 0 };
const old = [member(1, 0.9), member(2, 0.2), member(3, 0.5), member(4, 0.4)];

population('generational: the elite stays, children replace the others, the best fill up', () => {
  assert.equal(ids(nextMembers(old, [member(5, 0.1), member(6, 0.3)], settings)), [1, 5, 6, 3]);
});
population('oldest: the youngest stay, and the elite', () => {
  const aged = { ...settings, replacement: 'oldest' } as const;
  assert.equal(ids(nextMembers(old, [member(5, 0.1), member(6, 0.3)], aged)), [1, 6, 5, 4]);
});
population('what was stopped at a gate is no elite', () => {
  assert.is(nextMembers(old, [member(5, 0.99, { complete: false })], settings)[0]!.id, 1);
});
population('two with one canonical form count once', () => {
  assert.equal(
    ids(nextMembers(old, [member(5, 0.1, { canonical: 'c1' }), member(6, 0.3)], settings)),
    [1, 6, 3, 4],
  );
});
population('migrants replace the worst of the next island and are not sent twice', () => {
  const islands = [{ members: old }, { members: [member(11, 0.8), member(12, 0.1), member(13, 0.3)] }];
  const [first, second] = migrate(islands, 1, 0);
  assert.equal(ids(first!.members), [1, 3, 4, 11]);
  assert.equal(ids(second!.members), [11, 13, 1]);
  const again = migrate([first!, second!], 1, 0);
  assert.equal(
    ids(again[1]!.members).sort((a, b) => a - b),
    [1, 11, 13],
  );
});

population('the archive keeps the best of each size, the front those that beat everything smaller', () => {
  const found = [
    member(1, 0.5, { size: 3 }),
    member(2, 0.6, { size: 3 }),
    member(3, 0.55, { size: 5 }),
    member(4, 0.9, { size: 7 }),
    member(5, 0.99, { size: 7, complete: false }),
  ];
  const archive = updateArchive([], found);
  assert.equal(ids(archive), [2, 3, 4]);
  assert.equal(ids(paretoFront(archive)), [2, 4]);
});
population('a tie in the archive goes to the first found; more trainings of the same one correct it', () => {
  const archive = updateArchive([member(1, 0.5)], [member(2, 0.5)]);
  assert.equal(ids(archive), [1]);
  assert.equal(updateArchive(archive, [member(1, 0.5, { scores: [0.5, 0.3] })])[0]!.scores, [0.5, 0.3]);
});
population('the pick of a front', () => {
  const front = [member(1, 0.5, { size: 3 }), member(2, 0.9, { size: 5 }), member(3, 0.905, { size: 20 })];
  assert.is(pickFromFront(front, 'highest')!.id, 3);
  assert.is(pickFromFront(front, 'steepest')!.id, 2);
  assert.is(pickFromFront(front, 'best')!.id, 2);
  assert.is(pickFromFront([], 'best'), undefined);
});

const equal = Object.fromEntries(MUTATION_NAMES.map((name) => [name, 1])) as Record<MutationName, number>;
const outcome = (operator: MutationName, better: boolean) => ({ operator, better });

population('mutation weights stay as set without experience, follow success, and keep a floor', () => {
  assert.equal(adaptedWeights(equal, {}), equal);
  const records = updateRecords({}, [
    ...Array.from({ length: 50 }, () => outcome('insert', true)),
    ...Array.from({ length: 500 }, () => outcome('hoist', false)),
  ]);
  const weights = adaptedWeights(equal, records);
  assert.ok(weights.insert > 2 && weights.insert <= 4, `insert ${weights.insert}`);
  assert.is(weights.hoist, 0.2);
  assertClose(weights.swap, 1, 1e-9);
});
population('experience fades', () => {
  let records = updateRecords({}, [outcome('insert', true)]);
  for (let i = 0; i < 200; i++) records = updateRecords(records, []);
  assertClose(adaptedWeights(equal, records).insert, 1, 1e-6);
});

population('gates stop nobody before there is experience, then all below the quantile', () => {
  const gates = [{ at: 0.5, keep: 0.25 }];
  assert.equal(currentGates(gates, 100, []), [{ step: 50, atLeast: 0 }]);
  const reports = Array.from({ length: 20 }, (_, i) => ({
    end: 'finished' as const,
    score: i,
    steps: 100,
    curve: [
      { step: 50, score: i, loss: 0 },
      { step: 100, score: 0, loss: 0 },
    ],
    milliseconds: 0,
  }));
  const scores = updateGateScores([], gates, 100, reports);
  assert.equal(currentGates(gates, 100, scores), [{ step: 50, atLeast: 15 }]);
});

population.run();
