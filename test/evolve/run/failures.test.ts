import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Evaluator, failedReport, type TrainingReport } from '../../../src/evolve/model/evaluator.js';
import { finalRound } from '../../../src/evolve/run/finals.js';
import { createMemory } from '../../../src/evolve/search/memory.js';
import { failureWatch, MOST_ALIKE } from '../../../src/evolve/store/failure-watch.js';
import { readLedger } from '../../../src/evolve/store/ledger.js';
import { tune } from '../../../src/evolve/tuning/tune.js';
import { fakeRun, type Spoil } from '../store/fake-run.js';

/** A training that fails says nothing about its loss: it has no score, and if all do, the run says why and ends. */
const failing = suite('trainings that fail');
const root = mkdtempSync(join(tmpdir(), 'lossc-failures-'));
failing.after(() => rmSync(root, { recursive: true }));

const broken = failedReport('failed', 'the model broke at step 12');
const fine: TrainingReport = { end: 'finished', score: 0.5, steps: 1, curve: [], milliseconds: 1 };

function contents(directory: string) {
  const ledger = readLedger(join(directory, 'ledger.sqlite'));
  try {
    return {
      state: ledger.lastState(),
      evaluations: ledger.evaluations(),
      trainings: ledger.trainings(),
    };
  } finally {
    ledger.close();
  }
}

async function thrownBy(action: () => Promise<unknown>): Promise<string> {
  try {
    await action();
  } catch (thrown) {
    return String(thrown);
  }
  throw new Error('nothing was thrown');
}

failing('several in a row that fail alike end a run, whatever numbers their reasons hold', () => {
  const watch = failureWatch();
  for (let i = 1; i < MOST_ALIKE; i++) watch(failedReport('failed', `it broke at step ${i}`));
  assert.throws(
    () => watch(failedReport('failed', 'it broke at step 99')),
    /the last 4 trainings failed in the same way: it broke at step 99/,
  );
});

failing('failures between trainings that take place, or for different reasons, do not', () => {
  const watch = failureWatch();
  for (let i = 0; i < 20; i++) watch(i % MOST_ALIKE === 0 ? fine : broken);
  for (let i = 0; i < 20; i++) watch(failedReport('failed', i % 2 === 0 ? 'one way' : 'another way'));
});

/** Everything fails from the training with this number on. */
const from = (number: number): Spoil => {
  let count = 0;
  return (report) => (++count >= number ? broken : report);
};

failing('a model that is broken from the start: no score of 0, and once mended the same result', async () => {
  const directory = join(root, 'broken');
  const message = await thrownBy(() => fakeRun(directory, 0, undefined, from(1)));
  assert.match(message, /RunError: the last 4 trainings failed in the same way: the model broke at step 12/);
  const before = contents(directory);
  assert.equal(
    before.trainings.map(({ end, score }) => [end, score]),
    Array.from({ length: MOST_ALIKE }, () => ['failed', null]),
  );
  assert.equal([before.state, before.evaluations], [undefined, []]);

  const whole = join(root, 'whole');
  await Promise.all([fakeRun(directory, 0), fakeRun(whole, 0)]);
  assert.equal(contents(directory).state, contents(whole).state);
  assert.equal(contents(directory).evaluations, contents(whole).evaluations);
});

failing('a model that breaks in the middle ends the run there, with no score of 0', async () => {
  const directory = join(root, 'middle');
  assert.match(await thrownBy(() => fakeRun(directory, 0, undefined, from(30))), /failed in the same way/);
  const { trainings, evaluations } = contents(directory);
  assert.is(trainings.length, 29 + MOST_ALIKE);
  assert.ok(trainings.every(({ score }) => score !== 0));
  assert.ok(
    evaluations.filter(({ outcome }) => outcome === 'failed').every(({ scores }) => scores.length === 0),
  );
  assert.is((await fakeRun(directory, 0)).stopped, 'budget');
});

failing('a loss whose worker is lost has no score, is no parent, and may come again', async () => {
  const directory = join(root, 'lost');
  let count = 0;
  const lost = failedReport('killed', 'ended by SIGKILL');
  await fakeRun(directory, 0, undefined, (report) => (++count % 3 === 0 ? lost : report));
  const { evaluations, state } = contents(directory);
  const failed = evaluations.filter(({ outcome }) => outcome === 'failed');
  assert.ok(failed.length > 3);
  assert.ok(
    failed.every(({ scores, reason }) => scores.length === 0 && reason === 'killed: ended by SIGKILL'),
  );
  const ids = new Set(failed.map(({ id }) => id));
  assert.ok(evaluations.every(({ parents }) => !parents.some((id) => ids.has(id))));
  assert.is(createMemory(failed).match(failed[0]!), undefined);
  assert.ok(state!.archive.every(({ scores }) => scores.every((score) => score > 0)));
});

/** Answers `spoil` of a score that depends on the first parameter alone. */
const evaluator = (spoil: (parameters: { a: number }) => TrainingReport): Evaluator => ({
  analyse: async () => [],
  probe: async () => [],
  train: async (jobs) => jobs.map(({ parameters }) => spoil(parameters as { a: number })),
});

const tuning = (answers: Evaluator) =>
  tune({
    label: 'test',
    seed: 's',
    variables: [{ parameter: 'a', start: 1, lower: -Infinity, upper: Infinity, scale: 1 }],
    settings: { losses: 1, evaluations: 120, sigma: 0.5, mostEvaluations: 1 },
    job: (parameters, seed, replicate) => ({ genome: [], parameters, seed, replicate, steps: 1, gates: [] }),
    evaluator: answers,
    saved: undefined,
    save: () => {},
  });

failing('tuning goes round the values with which nothing can be trained', async () => {
  const result = await tuning(
    evaluator(({ a }) => (a > 2.2 ? broken : { ...fine, score: 1 / (1 + (a - 2) ** 2) })),
  );
  assert.ok(result!.best.score > 0.99, JSON.stringify(result!.best));
});

failing('tuning ends with the reason when none of its trainings takes place', async () => {
  assert.match(
    await thrownBy(() => tuning(evaluator(() => broken))),
    /all \d+ trainings failed: the model broke/,
  );
});

failing('a finalist is judged by the trainings that took place, and one without any is none', async () => {
  const finalists = ['half', 'none', 'all'].map((name, id) => ({ name, id, genome: [name], tuned: false }));
  const results = await finalRound(finalists, { losses: 3, replicates: 2, steps: 10 }, 's', {
    ...evaluator(() => fine),
    train: async (jobs) =>
      jobs.map(({ genome, replicate }) =>
        genome[0] === 'none' || (genome[0] === 'half' && replicate === 1) ? broken : fine,
      ),
  });
  assert.equal(
    results.map(({ name, score, scores }) => [name, score, scores.length]),
    [
      ['half', 0.5, 1],
      ['all', 0.5, 2],
    ],
  );
});

failing.run();
