import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EvaluationRow } from '../../../src/evolve/model/evaluation.js';
import { failedReport, type TrainingJob, type TrainingReport } from '../../../src/evolve/model/evaluator.js';
import type { Individual } from '../../../src/evolve/model/individual.js';
import type { Island } from '../../../src/evolve/model/search-state.js';
import { BETTER } from '../../../src/evolve/model/settings.js';
import { type Audited, audit as judged, sampleOf } from '../../../src/evolve/search/audit.js';
import type { Entry, SearchWorld } from '../../../src/evolve/search/search-world.js';
import { fakeWorld } from './fake-world.js';

/**
 * The published share of false rejections, counted by hand: which candidates are trained all the same, and which of them would have been
 * among the elites.
 */
const audits = suite('audits');

const ROW: EvaluationRow = {
  ...{ id: 0, generation: 0, island: 0, genome: ['a'], size: 1, parents: [], operator: 'random' },
  ...{ canonical: 'c', gradient: 'g', fingerprint: 'f', features: [], flipped: false },
  ...{ outcome: 'rejected', stage: 'shape', reason: 'flat', scores: [], complete: false, steps: 0 },
  milliseconds: {},
};
const rowOf = (id: number, more: Partial<EvaluationRow> = {}): EvaluationRow => ({
  ...ROW,
  id,
  genome: [`g${id}`],
  canonical: `c${id}`,
  ...more,
});
/** Stopped in training, which is no stage. */
function stoppedOf(id: number, reason: string): EvaluationRow {
  const { stage: _, ...row } = rowOf(id, { outcome: 'stopped', reason, scores: [0.2] });
  return row;
}
const memberOf = (id: number, score: number, complete = true): Individual => ({
  ...{ id, genome: [`m${id}`], size: 1, born: 0, island: 0, parents: [], operator: 'random' },
  ...{ canonical: `m${id}`, scores: [score], complete },
});

/** Two elites, so that the threshold is the second best of those that finished: 0.7. */
const ISLAND = {
  members: [memberOf(100, 0.8), memberOf(101, 0.7), memberOf(102, 0.6), memberOf(103, 0.99, false)],
};

/** A world that answers each training by its genome. Every training takes 10 steps. */
function worldOf(
  scores: Readonly<Record<string, number | null>>,
  share = 1,
): { world: SearchWorld; asked: string[] } {
  const asked: string[] = [];
  const world = fakeWorld({ ...BETTER, islands: 1, elites: 2, parsimony: 0, audit: share }, 'audits');
  const train = async (jobs: readonly TrainingJob[]): Promise<TrainingReport[]> =>
    jobs.map(({ genome, gates }) => {
      assert.equal(gates, [], 'nothing stops an audit early');
      asked.push(genome[0]!);
      const score = scores[genome[0]!]!;
      if (score === null) return failedReport('crashed', 'by chance');
      return { end: 'finished', score, steps: 10, curve: [], milliseconds: 1 };
    });
  return { world: { ...world, evaluator: { ...world.evaluator, train } }, asked };
}
async function audit(
  world: SearchWorld,
  entries: readonly Entry[],
  islands: readonly Island[],
  before: Audited['counts'],
): Promise<Audited> {
  const sample = [...sampleOf(world, entries)];
  const reports = await world.evaluator.train(sample.map(([, job]) => job));
  const byId = new Map(sample.map(([id], i) => [id, reports[i]]));
  return judged(
    world,
    entries,
    entries.map(({ row }) => byId.get(row.id)),
    islands,
    before,
  );
}
const entriesOf = (...rows: EvaluationRow[]) => rows.map((row) => ({ row, accepted: false }));

audits('the first of a stage counts as one of one, right or wrong', async () => {
  for (const [score, wrong] of [
    [0.75, 1],
    [0.65, 0],
    // Not better than the last elite.
    [0.7, 0],
  ] as const) {
    const { world } = worldOf({ g1: score });
    const { counts, rows } = await audit(world, entriesOf(rowOf(1)), [ISLAND], {});
    assert.equal(counts, { shape: { trained: 1, wrong } });
    assert.equal(rows, [{ ...rowOf(1), audited: true, auditScore: score }]);
  }
});

audits('counts go on from those of the generations before, stage by stage', async () => {
  const { world, asked } = worldOf({ g1: 0.9, g2: 0.1, g3: 0.9, g4: 0.9, g5: 0.9 });
  const entries = entriesOf(
    rowOf(1),
    rowOf(2),
    rowOf(3, { stage: 'null-epoch' }),
    stoppedOf(4, 'hopeless'),
    rowOf(5, { stage: 'prediction' }),
  );
  const before = { shape: { trained: 3, wrong: 1 }, gate: { trained: 7, wrong: 0 } };
  const audited = await audit(world, entries, [ISLAND], before);
  assert.equal(audited.counts, {
    shape: { trained: 5, wrong: 2 },
    gate: { trained: 8, wrong: 1 },
    'null-epoch': { trained: 1, wrong: 1 },
    prediction: { trained: 1, wrong: 1 },
  });
  assert.equal(asked, ['g1', 'g2', 'g3', 'g4', 'g5']);
  assert.is(audited.trainings, 5);
  assert.is(audited.steps, 50);
  assert.equal(before, { shape: { trained: 3, wrong: 1 }, gate: { trained: 7, wrong: 0 } });
});

audits(
  'one that was taken for another with the same gradient is only wrong where that one is no elite',
  async () => {
    const { world } = worldOf({ g1: 0.9, g2: 0.9 });
    const known = { outcome: 'known', stage: 'gradient', complete: true } as const;
    const entries = entriesOf(rowOf(1, { ...known, scores: [0.75] }), rowOf(2, { ...known, scores: [0.65] }));
    const { counts } = await audit(world, entries, [ISLAND], {});
    assert.equal(counts, { gradient: { trained: 2, wrong: 1 } });
  },
);

audits(
  'the canonical form, what does not compile, what was trained and what broke have nothing to check',
  async () => {
    const { world, asked } = worldOf({});
    const { stage: _, reason: __, ...trained } = rowOf(4, { outcome: 'trained', scores: [0.5] });
    const entries = entriesOf(
      rowOf(1, { outcome: 'known', stage: 'canonical' }),
      rowOf(2, { canonical: '', stage: 'static' }),
      stoppedOf(3, 'not-finite'),
      trained,
    );
    const audited = await audit(world, entries, [ISLAND], {});
    assert.equal(asked, []);
    assert.equal(audited.counts, {});
    assert.equal(
      audited.rows,
      entries.map(({ row }) => row),
    );
  },
);

audits('a training that fails says nothing', async () => {
  const { world } = worldOf({ g1: null });
  const { counts, rows } = await audit(world, entriesOf(rowOf(1)), [ISLAND], {});
  assert.equal(counts, {});
  assert.equal(rows, [rowOf(1)]);
});

audits('an island of which none has finished takes anything above 0 for an elite', async () => {
  const { world } = worldOf({ g1: 0.01, g2: 0 });
  const { counts } = await audit(world, entriesOf(rowOf(1), rowOf(2)), [{ members: [] }], {});
  assert.equal(counts, { shape: { trained: 2, wrong: 1 } });
});

audits('about the share that the settings say is drawn, the same in every repetition', async () => {
  const rows = Array.from({ length: 2000 }, (_, id) => rowOf(id));
  const scores = Object.fromEntries(rows.map(({ genome }) => [genome[0]!, 0]));
  const [first, again, none] = [worldOf(scores, 0.1), worldOf(scores, 0.1), worldOf(scores, 0)];
  for (const { world } of [first, again, none]) await audit(world, entriesOf(...rows), [ISLAND], {});
  // Five standard deviations around 200.
  assert.ok(Math.abs(first.asked.length - 200) < 67, `${first.asked.length}`);
  assert.equal(again.asked, first.asked);
  assert.equal(none.asked, []);
});

audits.run();
