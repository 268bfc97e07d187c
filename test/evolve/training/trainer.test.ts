import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readLoss } from '../../../src/evolve/losses/subject.js';
import type { Candidate } from '../../../src/evolve/model/candidate.js';
import type { TrainingJob } from '../../../src/evolve/model/evaluator.js';
import { readTask, type TaskInput } from '../../../src/evolve/model/task.js';
import { createTrainer, type Trainer } from '../../../src/evolve/training/trainer.js';
import { openBackend } from '../../../src/runtime/backend.js';
import { TINY_DATA } from '../run/tiny-run.js';

const training = suite('training of candidates');
training.before(async () => void (await openBackend({ name: 'wasm' })));

const CASE = { dataset: TINY_DATA, trainExamples: 300, hidden: [16] };
const trainers = new Map<string, Promise<Trainer>>();
/** One trainer for each task. */
function trainerFor(more: Partial<TaskInput> = {}): Promise<Trainer> {
  const key = JSON.stringify(more);
  const known = trainers.get(key);
  if (known !== undefined) return known;
  const made = createTrainer(readTask({ cases: [CASE], steps: 40, ...more }));
  trainers.set(key, made);
  return made;
}

function loss(body: string, parameters = ''): Candidate {
  const text = `loss l(target: onehot[class], prediction: probability[class]${parameters}) = ${body}`;
  return readLoss({ source: { name: 'l.loss', text }, imports: [] });
}
const CE = loss('-sum(target * log(prediction), class)');
const OTHERS = [
  'sum((target - prediction)^2, class)',
  '-mean(log(prediction) - target / prediction, class)',
  '-sum(target * prediction^0.5, class)',
].map((body) => loss(body));
const job = (more: Partial<TrainingJob> = {}): TrainingJob => ({
  genome: [],
  replicate: 0,
  seed: 's',
  steps: 40,
  gates: [],
  ...more,
});

/** A report without its time. */
async function train(trainer: Trainer, candidate: Candidate, more: Partial<TrainingJob> = {}) {
  const { milliseconds: _, ...report } = await trainer.train(candidate, job(more));
  return report;
}

training('the same job gives the same report, whatever was trained in between', async () => {
  const trainer = await trainerFor();
  const first = await train(trainer, CE);
  assert.is(first.end, 'finished');
  assert.ok(first.score > 0.3, `score ${first.score}`);
  for (const other of OTHERS) await train(trainer, other, { seed: 'other' });
  assert.equal(await train(trainer, CE), first);
  assert.not.equal(await train(trainer, CE, { seed: 't' }), first);
});

training('forty trainings leave no tensor behind, failed ones neither', async () => {
  const trainer = await trainerFor();
  await train(trainer, CE, { steps: 2 });
  const before = trainer.liveTensors();
  for (let i = 0; i < 40; i++)
    await train(trainer, OTHERS[i % OTHERS.length]!, { steps: 3, seed: `leak ${i}` });
  const needsValue = loss('-sum(target * log(prediction) * a, class)', '; a');
  for (let i = 0; i < 3; i++) {
    try {
      await train(trainer, needsValue);
      assert.unreachable();
    } catch (thrown) {
      assert.match(String(thrown), /a/);
    }
  }
  assert.is(trainer.liveTensors(), before);
});

training('a gate stops what is below it, and its step is in the curve', async () => {
  const trainer = await trainerFor();
  const stopped = await train(trainer, CE, { gates: [{ step: 10, atLeast: 2 }] });
  assert.is(stopped.end, 'hopeless');
  assert.is(stopped.steps, 10);
  assert.equal(
    stopped.curve.map((point) => point.step),
    [10],
  );
  assert.is(stopped.score, stopped.curve[0]!.score);
  const passed = await train(trainer, CE, { gates: [{ step: 10, atLeast: 0 }] });
  assert.equal([passed.end, passed.curve.length], ['finished', 2]);
  assert.is(passed.score, (await train(trainer, CE)).score, 'looking changes nothing');
});

training('a model worse than chance is hopeless at a late gate, not at an early one', async () => {
  const trainer = await trainerFor();
  const upsideDown = loss('sum(target * log(prediction), class)');
  const gates = [
    { step: 10, atLeast: 0 },
    { step: 20, atLeast: 0 },
  ];
  const report = await train(trainer, upsideDown, { gates });
  assert.equal([report.end, report.steps], ['hopeless', 20]);
});

training('a loss that explodes ends as not finite with score 0', async () => {
  const trainer = await trainerFor({ scale: 'raw' });
  const report = await train(trainer, loss('-sum(target * log(prediction), class) * 1e30'));
  assert.equal([report.end, report.score], ['not-finite', 0]);
  assert.ok(report.steps < 40);
});

training('matched losses do not feel their own scale, raw ones do', async () => {
  const large = loss('-50 * sum(target * log(prediction), class)');
  const matched = await trainerFor();
  const [a, b] = [await train(matched, CE), await train(matched, large)];
  assert.ok(Math.abs(a.score - b.score) < 0.03, `${a.score} and ${b.score}`);
  const raw = await trainerFor({ scale: 'raw' });
  assert.ok(Math.abs((await train(raw, CE)).score - (await train(raw, large)).score) > 0.03);
});

training('parameters of the job reach the loss', async () => {
  const trainer = await trainerFor({ scale: 'raw' });
  const scaled = loss('-a * sum(target * log(prediction), class)', '; a = 0');
  assert.ok(
    (await train(trainer, scaled, { parameters: { a: 1 } })).score > (await train(trainer, scaled)).score,
  );
});

training('several cases: the worst or the mean counts, and all their steps', async () => {
  const cases = [CASE, { ...CASE, labelNoise: 0.8 }];
  const mean = await train(await trainerFor({ cases }), CE);
  const worst = await train(await trainerFor({ cases, over: 'worst' }), CE);
  assert.is(mean.steps, 80);
  assert.ok(worst.score < mean.score);
});

training('steps to a score as fitness', async () => {
  const trainer = await trainerFor({ fitness: { kind: 'steps', score: 0.3 } });
  const report = await train(trainer, CE);
  assert.ok(report.score > 0.5, `score ${report.score}`);
  assert.is(report.curve.length, 40);
});

training('few examples and wrong labels make it harder', async () => {
  const clean = await train(await trainerFor(), CE, { steps: 80 });
  const noisy = await train(await trainerFor({ cases: [{ ...CASE, labelNoise: 0.6 }] }), CE, { steps: 80 });
  const few = await train(await trainerFor({ cases: [{ ...CASE, trainExamples: 20 }] }), CE, { steps: 80 });
  assert.ok(
    noisy.score < clean.score && few.score < clean.score,
    `${clean.score}, ${noisy.score}, ${few.score}`,
  );
});

training.run();
