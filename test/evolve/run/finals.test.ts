import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { failedReport, type TrainingJob, type TrainingReport } from '../../../src/evolve/model/evaluator.js';
import { type Finalist, finalRound } from '../../../src/evolve/run/finals.js';
import { assertClose } from '../../helpers/close.js';
import { fakeEvaluator } from '../search/fake-evaluator.js';

/** Who wins, by which score, and what it took. */
const finals = suite('finals');

const finalistOf = (name: string, id: number, tuned = false): Finalist => ({
  name,
  id,
  genome: [name],
  tuned,
});
const LOOKED = [{ step: 10, score: 0.1, loss: 1 }];

/** Answers by name and replicate; null for a training that fails. */
function evaluatorOf(scores: Readonly<Record<string, readonly (number | null)[]>>) {
  const asked: TrainingJob[] = [];
  const train = async (jobs: readonly TrainingJob[]): Promise<TrainingReport[]> => {
    asked.push(...jobs);
    return jobs.map(({ genome, replicate, steps }) => {
      const score = scores[genome[0]!]![replicate]!;
      if (score === null) return failedReport('crashed', 'by chance');
      return { end: 'finished', score, steps: steps - replicate, curve: LOOKED, milliseconds: 1 };
    });
  };
  return { asked, evaluator: { ...fakeEvaluator(), train } };
}

finals('the score is the mean of the trainings, the best comes first, equal ones as they came', async () => {
  const { asked, evaluator } = evaluatorOf({ a: [0.5, 0.7], b: [0.9, 0.5], c: [0.6, 0.6], d: [0.1, 0.2] });
  const finalists = [finalistOf('a', 4), finalistOf('b', 7, true), finalistOf('c', 1), finalistOf('d', 2)];
  const results = await finalRound(finalists, { losses: 4, replicates: 2, steps: 100 }, 'seed', evaluator);
  assert.equal(
    results.map(({ name }) => name),
    ['b', 'a', 'c', 'd'],
  );
  assertClose(
    results.map(({ score }) => score),
    [0.7, 0.6, 0.6, 0.15],
    1e-12,
  );
  assert.equal(results[0]!.scores, [0.9, 0.5]);
  assert.is(results[0]!.id, 7);
  assert.is(results[0]!.tuned, true);
  // 100 and 99 steps.
  assert.ok(results.every(({ steps }) => steps === 199));
  assert.equal(results[0]!.curves, [LOOKED, LOOKED]);

  assert.is(asked.length, 8);
  assert.is(new Set(asked.map(({ seed }) => seed)).size, 8, 'no two trainings with one seed');
  assert.equal(
    asked.map(({ genome, replicate }) => `${genome[0]}${replicate}`),
    ['a0', 'a1', 'b0', 'b1', 'c0', 'c1', 'd0', 'd1'],
  );
  assert.ok(asked.every(({ steps, gates }) => steps === 100 && gates.length === 0));
});

finals('a curve has 40 points, or one for each step where there are fewer', async () => {
  for (const [steps, looks] of [
    [1200, 30],
    [1201, 31],
    [40, 1],
    [7, 1],
  ] as const) {
    const { asked, evaluator } = evaluatorOf({ a: [0.5] });
    await finalRound([finalistOf('a', 1)], { losses: 1, replicates: 1, steps }, 'seed', evaluator);
    assert.is(asked[0]!.looks, looks);
  }
});

finals('a training that failed has no part in the mean; one of which all failed is no finalist', async () => {
  const { evaluator } = evaluatorOf({ a: [0.2, null, 0.4], b: [null, null, null] });
  const finalists = [finalistOf('a', 1), finalistOf('b', 2)];
  const results = await finalRound(finalists, { losses: 2, replicates: 3, steps: 10 }, 'seed', evaluator);
  assert.is(results.length, 1);
  assertClose(results[0]!.score, 0.3, 1e-12);
  assert.equal(results[0]!.scores, [0.2, 0.4]);
  assert.is(results[0]!.curves.length, 2);
  // 10 and 8; the one that crashed has none.
  assert.is(results[0]!.steps, 18);
});

finals.run();
