import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Executor } from '../../../src/evolve/executors/executor.js';
import { INITIAL_STATE, type SearchState } from '../../../src/evolve/model/search-state.js';
import { BETTER } from '../../../src/evolve/model/settings.js';
import {
  bestOf,
  bestScore,
  budgetUsed,
  rejectedShares,
  type SearchProgress,
} from '../../../src/evolve/search/progress.js';
import { searchLoop } from '../../../src/evolve/search/search-loop.js';
import { createLedger, openLedger } from '../../../src/evolve/store/ledger.js';
import { assertClose } from '../../helpers/close.js';
import { fakeEvaluator } from './fake-evaluator.js';
import { fakeWorld } from './fake-world.js';

/** What a person is told while a search runs. */
const progress = suite('progress of a search');
const root = mkdtempSync(join(tmpdir(), 'lossc-progress-'));
progress.after(() => rmSync(root, { recursive: true }));

const STATE: SearchState = {
  ...INITIAL_STATE,
  generation: 3,
  spent: { candidates: 40, evaluations: 12, trainings: 20, steps: 600, auditSteps: 50 },
  rejected: { static: 10, shape: 4, canonical: 1 },
};

progress('shares of the stages are of all candidates', () => {
  const shares = rejectedShares(STATE);
  assert.is(shares.static, 0.25);
  assert.is(shares.shape, 0.1);
  assert.is(shares.canonical, 0.025);
  assert.is(shares.gradient, 0);
  assert.ok(Object.values(rejectedShares(INITIAL_STATE)).every((share) => share === 0));
});

progress('of a budget the part that is used up most counts', () => {
  // Generations 0 to 3 are four.
  assert.is(budgetUsed({ generations: 8 }, STATE, 0), 0.5);
  assert.is(budgetUsed({ evaluations: 48 }, STATE, 0), 0.25);
  assert.is(budgetUsed({ steps: 800 }, STATE, 0), 0.75);
  assert.is(budgetUsed({ seconds: 10 }, STATE, 9), 0.9);
  assert.is(budgetUsed({ generations: 8, evaluations: 48, steps: 800, seconds: 100 }, STATE, 9), 0.75);
  assert.is(budgetUsed({}, STATE, 9), 0);
  assert.is(budgetUsed({ generations: 4 }, INITIAL_STATE, 9), 0);
  assert.ok(budgetUsed({ seconds: 0 }, STATE, 1) >= 1, 'nothing to spend is spent');
});

progress('the best is the mean of its scores, and 0 as long as there is none', () => {
  assert.is(bestOf(INITIAL_STATE), undefined);
  assert.is(bestScore(INITIAL_STATE), 0);
  const member = {
    ...{ genome: ['x'], born: 0, island: 0, parents: [], operator: 'random', canonical: 'c', complete: true },
  };
  const archive = [
    { ...member, id: 1, size: 3, scores: [0.5, 0.75] },
    { ...member, id: 2, size: 5, scores: [0.75, 0.75, 0.9] },
    { ...member, id: 3, size: 9, scores: [0.7] },
  ];
  assert.is(bestOf({ ...STATE, archive })!.id, 2);
  assertClose(bestScore({ ...STATE, archive }), 0.8, 1e-12);
});

/** Two generations, then two more in a second sitting: what was told after each training and each generation. */
async function sitting(generations: number): Promise<{ told: SearchProgress[]; states: SearchState[] }> {
  const file = join(root, 'ledger.sqlite');
  const ledger = generations === 2 ? createLedger(file, { purpose: 'test' }) : openLedger(file);
  const { analyse, probe, train } = fakeEvaluator({ noise: 0.02 });
  const executor: Executor = {
    describe: async () => ({ backend: 'fake', device: 'none', tensorflow: 'none', liveTensors: 0 }),
    analyse,
    probe,
    async train(jobs, record) {
      const reports = await train(jobs);
      for (const [i, report] of reports.entries()) record(i, report);
      return reports;
    },
    close: async () => {},
  };
  const settings = { ...BETTER, islands: 2, population: 6, audit: 0.2 };
  const { evaluator: _, memory: __, ...world } = fakeWorld(settings, 'progress');
  const told: SearchProgress[] = [];
  const states: SearchState[] = [];
  try {
    await searchLoop({
      ...{ world, ledger, executor, budget: { generations } },
      onProgress: (now) => told.push(now),
      onGeneration: (state) => states.push(state),
    });
    const past = ledger.generations();
    assert.is(past.length, generations);
    assert.is(told.at(-1)!.median, past.at(-1)!.median);
    return { told, states };
  } finally {
    ledger.close();
  }
}

function assertTold(told: readonly SearchProgress[], states: readonly SearchState[], last: number): void {
  let state = states[0]!;
  let since = 0;
  let generation = state.generation - 1;
  for (const now of told) {
    if (now.generation > generation) {
      // A generation has ended.
      generation++;
      state = states.find((other) => other.generation === generation)!;
      assert.is(now.trainingsRunning, 0);
      assert.is(now.evaluations, state.spent.evaluations);
      assert.is(now.best, bestScore(state));
      assert.is(now.bestIndividual, bestOf(state));
      assert.equal(now.rejected, rejectedShares(state));
      since = 0;
    } else {
      assert.is(now.trainingsRunning, ++since);
    }
    assert.is(now.phase, 'search');
    const used = (now.generation + 1) / last;
    if (used === 0) assert.is(now.secondsLeft, undefined);
    // At the same pace what is left takes as long as it is of what has been done.
    else assertClose(now.secondsLeft!, (now.seconds / used) * (1 - used), 1e-9);
  }
  assert.is(generation, last - 1);
  assert.is(told.at(-1)!.secondsLeft, 0);
}

progress('of every training and every generation, and what is left', async () => {
  const { told, states } = await sitting(2);
  assertTold(told, states, 2);
  const { evaluationsPerMinute, evaluations, seconds } = told.at(-1)!;
  // Within the first second what a second would be is not known.
  assertClose(evaluationsPerMinute, (60 * evaluations) / Math.max(1, seconds), 1e-9);

  const second = await sitting(4);
  assertTold(second.told, second.states, 4);
  const end = second.told.at(-1)!;
  assert.ok(end.seconds > 0 && end.evaluations > evaluations);
  // The pace is that of this sitting; what it takes is less than all seconds together.
  const made = end.evaluations - evaluations;
  assert.ok(end.evaluationsPerMinute <= 60 * made, 'at least a second');
  assert.ok(end.evaluationsPerMinute >= (60 * made) / Math.max(1, end.seconds));
});

progress.run();
