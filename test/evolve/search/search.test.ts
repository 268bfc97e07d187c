import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EvaluationRow } from '../../../src/evolve/model/evaluation.js';
import type { Evaluator } from '../../../src/evolve/model/evaluator.js';
import { fitnessOf } from '../../../src/evolve/model/individual.js';
import { INITIAL_STATE, type SearchState } from '../../../src/evolve/model/search-state.js';
import { BETTER, GLO, type SearchSettings } from '../../../src/evolve/model/settings.js';
import { createMemory } from '../../../src/evolve/search/memory.js';
import { paretoFront } from '../../../src/evolve/search/pareto.js';
import type { SearchWorld } from '../../../src/evolve/search/search-world.js';
import { tree } from '../gp/helpers.js';
import { baikal, closeness, type FakeOptions } from './fake-evaluator.js';
import { fakeWorld, nextGeneration } from './fake-world.js';

const search = suite('search');

interface Run {
  readonly state: SearchState;
  readonly rows: readonly EvaluationRow[];
}

async function run(world: SearchWorld, generations: number, from: SearchState = INITIAL_STATE): Promise<Run> {
  let state = from;
  const rows: EvaluationRow[] = [];
  for (let i = 0; i < generations; i++) {
    const next = await nextGeneration(world, state);
    state = next.state;
    rows.push(...next.report.rows);
  }
  return { state, rows };
}

/** Small enough that everything that happens can be counted; neighbours have tests of their own. */
const small: SearchSettings = {
  ...BETTER,
  islands: 2,
  population: 8,
  stages: { ...BETTER.stages, neighbours: false },
};
const noisy: FakeOptions = { noise: 0.02 };
const best = (state: SearchState): number => Math.max(...state.archive.map(fitnessOf));

search('the default settings find a known loss from random trees', async () => {
  const { state } = await run(fakeWorld({ ...BETTER, gates: [] }, 'find'), 25);
  assert.ok(best(state) > 0.99, `best ${best(state)}`);
  const front = paretoFront(state.archive);
  assert.ok(front.every((individual, i) => i === 0 || fitnessOf(individual) > fitnessOf(front[i - 1]!)));
});

search('the settings of GLO improve, generation by generation, and never lose the best', async () => {
  const world = fakeWorld(GLO, 'glo');
  let { state } = await run(world, 1);
  const first = best(state);
  for (let i = 0; i < 15; i++) {
    const before = Math.max(...state.islands[0]!.members.map(fitnessOf));
    state = (await nextGeneration(world, state)).state;
    assert.ok(Math.max(...state.islands[0]!.members.map(fitnessOf)) >= before);
    assert.is(state.islands[0]!.members.length, 80);
  }
  assert.ok(best(state) > first);
});

search('the same seed gives the same run, another seed another', async () => {
  const [one, two, other] = [
    await run(fakeWorld(small, 'a', noisy), 5),
    await run(fakeWorld(small, 'a', noisy), 5),
    await run(fakeWorld(small, 'b', noisy), 5),
  ];
  assert.equal(two, one);
  assert.not.equal(other.state, one.state);
});

search('the order in which answers are computed does not matter', async () => {
  const backwards = (evaluator: Evaluator): Evaluator => {
    const turn = async <Q, A>(ask: (questions: readonly Q[]) => Promise<readonly A[]>, all: readonly Q[]) =>
      (await ask(all.toReversed())).toReversed();
    return {
      analyse: (genomes) => turn(evaluator.analyse, genomes),
      probe: (genomes) => turn(evaluator.probe, genomes),
      train: (jobs) => turn(evaluator.train, jobs),
    };
  };
  const world = fakeWorld(small, 'order', noisy);
  assert.equal(
    await run({ ...fakeWorld(small, 'order', noisy), evaluator: backwards(world.evaluator) }, 4),
    await run(world, 4),
  );
});

search('a state that went through JSON goes on exactly, with the memory built from the rows', async () => {
  const whole = await run(fakeWorld(small, 'resume', noisy), 6);
  const half = await run(fakeWorld(small, 'resume', noisy), 3);
  const resumed = {
    ...fakeWorld(small, 'resume', noisy),
    memory: createMemory(JSON.parse(JSON.stringify(half.rows)) as EvaluationRow[]),
  };
  const rest = await run(resumed, 3, JSON.parse(JSON.stringify(half.state)) as SearchState);
  assert.equal(rest.state, whole.state);
  assert.equal([...half.rows, ...rest.rows], whole.rows);
});

search('a known loss is never trained again', async () => {
  const trained: string[] = [];
  const world = fakeWorld({ ...small, racing: { most: 1, best: 1 }, audit: 0 }, 'once', {
    beforeTraining: (job) => trained.push(job.genome.join('|')),
  });
  const { rows } = await run(world, 8);
  assert.is(new Set(trained).size, trained.length);
  const known = rows.filter((row) => row.outcome === 'known');
  assert.ok(known.length > 0);
  for (const row of known) assert.ok(row.sameAs! < row.id);
  const prints = rows
    .filter((row) => row.outcome !== 'known' && row.fingerprint !== '')
    .map((row) => row.fingerprint);
  assert.is(new Set(prints).size, prints.length, 'equal functions are one candidate');
});

search(
  'with `take` a known loss enters with the scores of the first, a rejected one with fitness 0',
  async () => {
    const settings = { ...GLO, population: 20, elites: 2 };
    const world = fakeWorld(settings, 'take', { rejects: (genome) => genome[0]!.includes('sqrt') });
    const { state, rows } = await run(
      { ...world, settings: { ...settings, stages: { ...settings.stages, 'null-epoch': true } } },
      5,
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    const known = rows.filter((row) => row.outcome === 'known');
    assert.ok(known.length > 0 && rows.some((row) => row.outcome === 'rejected'));
    for (const row of known) assert.equal(row.scores, byId.get(row.sameAs!)!.scores);
    assert.is(state.islands[0]!.members.length, 20);
    assert.ok(state.archive.every((individual) => !individual.genome[0]!.includes('sqrt')));
  },
);

search(
  'rejected candidates are counted by stage, and a sample is trained to see whether that was right',
  async () => {
    const settings = { ...small, audit: 0.5 };
    const { state, rows } = await run(
      fakeWorld(settings, 'audit', { rejects: (genome) => genome[0]!.includes('log') }),
      3,
    );
    const rejected = rows.filter((row) => row.stage === 'null-epoch');
    assert.is(state.rejected['null-epoch'], rejected.length);
    const audited = rejected.filter((row) => row.audited);
    assert.ok(audited.length > 0 && audited.length < rejected.length);
    assert.is(state.audits['null-epoch']!.trained, audited.length);
    assert.ok(state.audits['null-epoch']!.wrong > 0, 'losses with log are the good ones here');
    assert.ok(state.spent.auditSteps >= 100 * audited.length);
    assert.ok(
      state.islands.every(({ members }) => members.every((member) => !member.genome[0]!.includes('log'))),
    );
  },
);

search('gates stop trainings once there is experience, and what was stopped is never an elite', async () => {
  const { state, rows } = await run(fakeWorld({ ...small, audit: 0 }, 'gates'), 8);
  const stopped = rows.filter((row) => row.outcome === 'stopped');
  assert.ok(stopped.length > 10, `${stopped.length} stopped`);
  assert.ok(stopped.every((row) => row.reason === 'hopeless' && row.steps < 100));
  const ids = new Set(stopped.map((row) => row.id));
  assert.ok(state.archive.every((individual) => !ids.has(individual.id)));
  const full = (await run(fakeWorld({ ...small, audit: 0, gates: [] }, 'gates'), 8)).state.spent;
  assert.ok(state.spent.steps / state.spent.trainings < full.steps / full.trainings);
});

search('a sample of what gates stopped and of what shares a gradient is fully trained', async () => {
  const { state, rows } = await run(fakeWorld({ ...small, audit: 0.5 }, 'gates'), 8);
  const audited = rows.filter((row) => row.audited);
  assert.ok(audited.every(({ outcome, stage }) => outcome !== 'trained' && stage !== 'canonical'));
  const stopped = audited.filter(({ outcome }) => outcome === 'stopped');
  assert.ok(stopped.length > 5, `${stopped.length} stopped`);
  assert.is(state.audits.gate!.trained, stopped.length);
  assert.ok(
    stopped.every(({ auditScore, scores }) => auditScore! >= scores[0]!),
    'more steps are better here',
  );
});

search('racing gives more trainings to the elites and to those that were taken for elites', async () => {
  const settings = { ...small, gates: [], racing: { most: 3, best: 3 } };
  const { state } = await run(fakeWorld(settings, 'race', { noise: 0.02 }), 4);
  const members = state.islands.flatMap((island) => island.members);
  const counts = members.map((member) => member.scores.length);
  assert.ok(counts.every((count) => count <= 3));
  assert.ok(counts.includes(1) && counts.includes(3), counts.join());
  for (const { members } of state.islands) {
    const best = members.toSorted((a, b) => fitnessOf(b) - fitnessOf(a))[0]!;
    assert.is(best.scores.length, 3);
  }
});

search('seeds begin in generation 0', async () => {
  const world = {
    ...fakeWorld(small, 'seeds'),
    seeds: [tree('log(prediction) - target / prediction')].map((t) => [t]),
  };
  const { state, rows } = await run(world, 1);
  assert.is(rows[0]!.operator, 'seed');
  assert.ok(best(state) > 0.999);
});

search('migration carries the best to the next island', async () => {
  const settings = { ...small, migration: { every: 1, count: 1 }, gates: [], racing: { most: 1, best: 1 } };
  const { state } = await run(fakeWorld(settings, 'migrate'), 3);
  const [first, second] = state.islands.map(({ members }) => new Set(members.map((member) => member.id)));
  assert.ok([...first!].some((id) => second!.has(id)));
});

search('the best of all is trained again as long as it leads, so luck does not last', async () => {
  const excess = async (most: number): Promise<number> => {
    let sum = 0;
    for (const seed of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      const settings = { ...small, gates: [], racing: { most: 2, best: most } };
      const { state } = await run(fakeWorld(settings, seed, { noise: 0.1 }), 8);
      const leader = paretoFront(state.archive).at(-1)!;
      assert.ok(leader.scores.length <= most);
      const truth = closeness(tree(leader.genome[0]!), baikal);
      sum += fitnessOf(leader) - truth;
    }
    return sum / 8;
  };
  const [few, many] = [await excess(2), await excess(10)];
  assert.ok(many < few / 2, `${many} against ${few}`);
});

search('ageing drops the old, whatever their fitness, but for the elites', async () => {
  const settings: SearchSettings = { ...small, replacement: 'oldest', elites: 1, gates: [] };
  const { state } = await run(fakeWorld(settings, 'age'), 6);
  for (const { members } of state.islands) {
    const old = members.filter((member) => member.born < 4);
    assert.ok(old.length <= 2, `${old.length} old members`);
  }
});

search.run();
