import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EvaluationRow } from '../../../src/evolve/model/evaluation.js';
import type { TrainingJob, TrainingReport } from '../../../src/evolve/model/evaluator.js';
import { INITIAL_STATE } from '../../../src/evolve/model/search-state.js';
import { BETTER, type SearchSettings } from '../../../src/evolve/model/settings.js';
import type { SearchWorld } from '../../../src/evolve/search/search-world.js';
import { assertClose } from '../../helpers/close.js';
import { fakeWorld, nextGeneration } from './fake-world.js';

/** What a search says that it has spent and seen, against what its evaluator was asked and its rows hold. */
const counts = suite('counts of a search');

const SETTINGS: SearchSettings = {
  ...BETTER,
  islands: 2,
  population: 8,
  audit: 0.4,
  gates: [{ at: 0.3, keep: 0.5 }],
  racing: { most: 2, best: 4 },
};

interface Asked {
  readonly job: TrainingJob;
  readonly report: TrainingReport;
}

/** A world that writes down every training. Only a first training passes gates; only an audit repeats the first without them. */
function watched(settings: SearchSettings): { world: SearchWorld; asked: Asked[] } {
  const asked: Asked[] = [];
  const rejects = (genome: readonly string[]): boolean => genome[0]!.includes('sqrt');
  const world = fakeWorld(settings, 'counts', { noise: 0.05, rejects });
  const train = async (jobs: readonly TrainingJob[]): Promise<readonly TrainingReport[]> => {
    const reports = await world.evaluator.train(jobs);
    asked.push(...jobs.map((job, i) => ({ job, report: reports[i]! })));
    return reports;
  };
  return { world: { ...world, evaluator: { ...world.evaluator, train } }, asked };
}

const isFirst = ({ job }: Asked): boolean => job.gates.length > 0;
const isAudit = ({ job }: Asked): boolean => job.gates.length === 0 && job.replicate === 0;
const stepsOf = (asked: readonly Asked[]): number => {
  let steps = 0;
  for (const { report } of asked) steps += report.steps;
  return steps;
};

/** In the middle: of an even number the mean of the two. */
function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[half - 0.5]!;
}

counts('what is spent is what was asked, after each of five generations', async () => {
  const { world, asked } = watched(SETTINGS);
  let state = INITIAL_STATE;
  const rows: EvaluationRow[] = [];
  for (let generation = 0; generation < 5; generation++) {
    const next = await nextGeneration(world, state);
    state = next.state;
    rows.push(...next.report.rows);
    assert.is(state.generation, generation);
    assert.equal(state.spent, {
      candidates: rows.length,
      evaluations: asked.filter(isFirst).length,
      trainings: asked.length,
      steps: stepsOf(asked),
      auditSteps: stepsOf(asked.filter(isAudit)),
    });
    assert.is(state.nextId, rows.length);
    assert.equal(
      rows.map(({ id }) => id),
      rows.map((_, i) => i),
      'ids are the order of proposal',
    );
    assert.ok(next.report.rows.every((row) => row.generation === generation));
  }
  const kinds = [isFirst, isAudit, ({ job }: Asked) => job.replicate > 0].map(
    (is) => asked.filter(is).length,
  );
  assert.ok(Math.min(...kinds) > 0, `first trainings, audits, repetitions: ${kinds.join(', ')}`);
  assert.is(
    rows.filter(({ outcome }) => outcome === 'trained' || outcome === 'stopped').length,
    state.spent.evaluations,
  );
});

counts('every stage counts its own, and audits what was audited', async () => {
  const { world } = watched(SETTINGS);
  let state = INITIAL_STATE;
  const rejected: Record<string, number> = {};
  const audited: Record<string, number> = {};
  for (let generation = 0; generation < 5; generation++) {
    const next = await nextGeneration(world, state);
    state = next.state;
    for (const { stage, audited: isAudited, outcome } of next.report.rows) {
      if (stage !== undefined) rejected[stage] = (rejected[stage] ?? 0) + 1;
      const audit = outcome === 'stopped' ? 'gate' : stage!;
      if (isAudited) audited[audit] = (audited[audit] ?? 0) + 1;
    }
    assert.equal(state.rejected, rejected);
    assert.equal(Object.fromEntries(Object.entries(state.audits).map(([k, v]) => [k, v.trained])), audited);
  }
  assert.ok(Object.keys(rejected).length > 1 && Object.keys(audited).length > 1);
});

counts(
  'the audited score is that of the training, and wrong are those that beat the last elite',
  async () => {
    const { world, asked } = watched({ ...SETTINGS, parsimony: 0, migration: { every: 0, count: 0 } });
    let state = INITIAL_STATE;
    for (let generation = 0; generation < 4; generation++) {
      const before = state.audits;
      asked.length = 0;
      const next = await nextGeneration(world, state);
      state = next.state;
      const scores = new Map(
        asked.filter(isAudit).map(({ job, report }) => [job.genome.join(), report.score]),
      );
      const wrong: Record<string, number> = {};
      for (const row of next.report.rows.filter((row) => row.audited)) {
        assert.is(row.auditScore, scores.get(row.genome.join()));
        const finished = state.islands[row.island]!.members.filter(({ complete }) => complete)
          .map(({ scores }) => scores.reduce((sum, score) => sum + score, 0) / scores.length)
          .sort((a, b) => b - a);
        const last = finished[Math.min(SETTINGS.elites, finished.length) - 1] ?? 0;
        const taken = row.outcome === 'known' ? row.scores[0]! : Number.NEGATIVE_INFINITY;
        const audit = row.outcome === 'stopped' ? 'gate' : row.stage!;
        wrong[audit] = (wrong[audit] ?? 0) + (row.auditScore! > last && taken <= last ? 1 : 0);
      }
      for (const [stage, { wrong: now }] of Object.entries(state.audits))
        assert.is(now - (before[stage as 'gate']?.wrong ?? 0), wrong[stage] ?? 0, stage);
    }
  },
);

counts('best and median of a generation are those of its members', async () => {
  const { world } = watched(SETTINGS);
  let state = INITIAL_STATE;
  for (let generation = 0; generation < 3; generation++) {
    const { state: next, report } = await nextGeneration(world, state);
    state = next;
    const fitness = state.islands.flatMap(({ members }) =>
      members.map(({ scores }) => scores.reduce((sum, score) => sum + score, 0) / scores.length),
    );
    assertClose(report.best, Math.max(...fitness), 1e-12);
    assertClose(report.median, middle(fitness), 1e-12);
  }
});

counts('what a mutation has tried and bettered: each child that was trained against its parent', async () => {
  const { world } = watched({ ...SETTINGS, population: 24, racing: { most: 1, best: 1 } });
  const first = await nextGeneration(world, INITIAL_STATE);
  assert.equal(first.state.records, {}, 'the first have no parents');
  const parents = new Map(
    first.state.islands.flatMap(({ members }) => members.map(({ id, scores }) => [id, scores[0]!])),
  );
  const second = await nextGeneration(world, first.state);
  const tried: Record<string, number> = {};
  const better: Record<string, number> = {};
  for (const { outcome, operator, parents: of, scores, complete } of second.report.rows) {
    const isChild = of.length > 0 && operator !== 'crossover';
    if (!isChild || (outcome !== 'trained' && outcome !== 'stopped')) continue;
    tried[operator] = (tried[operator] ?? 0) + 1;
    better[operator] = (better[operator] ?? 0) + (complete && scores[0]! > parents.get(of[0]!)! ? 1 : 0);
  }
  const records = Object.entries(second.state.records);
  assert.equal(Object.fromEntries(records.map(([name, record]) => [name, record.tried])), tried);
  assert.equal(Object.fromEntries(records.map(([name, record]) => [name, record.better])), better);
  assert.ok(Object.keys(tried).length > 1);
});

counts.run();
