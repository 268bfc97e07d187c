import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { collectSources, readLoss, readSketch } from '../../../src/evolve/losses/subject.js';
import { BETTER, GLO, PRESETS, SCREENING_STAGES } from '../../../src/evolve/model/settings.js';
import { readTask } from '../../../src/evolve/model/task.js';
import { defaultSketch } from '../../../src/evolve/run/default-sketch.js';
import { combineScores, scoreOfCurve } from '../../../src/evolve/training/fitness.js';
import { assertClose } from '../../helpers/close.js';

const fitness = suite('fitness and tasks');

const curve = (...scores: readonly number[]) =>
  scores.map((score, i) => ({ step: 100 * (i + 1), score, loss: 1 }));

fitness('the score is the last one', () => {
  assert.is(scoreOfCurve({ kind: 'score' }, curve(0.5, 0.9, 0.8), 300), 0.8);
  assert.is(scoreOfCurve({ kind: 'score' }, [], 300), 0);
});
fitness('steps to a score: earlier is better, and reaching it is better than not', () => {
  const score = (...scores: readonly number[]): number =>
    scoreOfCurve({ kind: 'steps', score: 0.8 }, curve(...scores), 300);
  assertClose(score(0.5, 0.8, 0.9), 1 - 200 / 600, 1e-12);
  assert.ok(score(0.9, 0.1, 0.1) > score(0.5, 0.8, 0.9));
  assert.ok(score(0.5, 0.6, 0.8) > score(0.79, 0.79, 0.79));
  assertClose(score(0.4, 0.2, 0.2), 0.25, 1e-12);
  assert.is(score(), 0, 'one that was never looked at');
});
fitness('several cases count by their mean or by the worst', () => {
  assertClose(combineScores('mean', [0.9, 0.5]), 0.7, 1e-12);
  assert.is(combineScores('worst', [0.9, 0.5]), 0.5);
});

fitness('a task gets its defaults', () => {
  const task = readTask({ cases: [{ dataset: 'digits' }] });
  assert.is(task.scale, 'matched');
  assert.is(task.cases[0]!.model, 'mlp');
  assert.is(task.cases[0]!.batchSize, 100);
  assert.equal(readTask(JSON.parse(JSON.stringify(task))), task);
});
fitness('every mistake in a task is named by its place', () => {
  try {
    readTask({
      cases: [{ dataset: 'digits', labelNoise: 2, optimizer: { kind: 'sgd', learningRate: 0 } }],
      steps: 1.5,
      colour: 'red',
    });
    assert.unreachable();
  } catch (thrown) {
    const { message } = thrown as Error;
    for (const place of ['cases.0.labelNoise', 'cases.0.optimizer.learningRate', 'steps', 'colour']) {
      assert.ok(message.includes(place), `${place} in ${message}`);
    }
  }
});
fitness('what is no object is refused', () => {
  for (const document of [null, 3, [], 'task'])
    assert.throws(() => readTask(document), /the task description is wrong/);
});

for (const preset of Object.keys(PRESETS) as (keyof typeof PRESETS)[]) {
  fitness(`the sketch of the preset ${preset} checks`, () => {
    const { sketch } = readSketch(defaultSketch(preset, 'classification'));
    assert.ok(sketch.operators.length >= 7);
  });
}
fitness('the settings of GLO are those that we understand from the paper', () => {
  assert.is(GLO.population, 80);
  assert.is(GLO.elites, 6);
  assert.is(GLO.crossover, 0.8);
  assert.equal(GLO.selection, { kind: 'roulette' });
  assert.ok(GLO.mutation.kind === 'pass');
  assert.equal(Object.values(GLO.mutation.rates), [0.05, 0.05, 0.025, 0.025]);
  assert.equal(
    SCREENING_STAGES.filter((stage) => GLO.stages[stage]),
    ['static', 'canonical'],
  );
  assert.ok(SCREENING_STAGES.every((stage) => BETTER.stages[stage]));
});

fitness('imports are stored with a loss and need no files any more', () => {
  const files: Record<string, string> = {
    'a.loss':
      'import { middle } from "./b.loss"\nloss l(target: onehot[class], prediction: probability[class]) = -sum(middle(target) * log(prediction), class)',
    'b.loss': 'import { inner } from "./c.loss"\nfn middle(x) = inner(x) * 2',
    'c.loss': 'fn inner(x) = x / 2',
  };
  const sources = collectSources({ name: 'a.loss', text: files['a.loss']! }, (specifier) => {
    const name = specifier.slice(2);
    return { name, text: files[name]! };
  });
  const { library } = readLoss(JSON.parse(JSON.stringify(sources)));
  assert.equal(library.map((decl) => decl.kind === 'fn' && decl.name.name).sort(), ['inner', 'middle']);
});
fitness('a file with several losses needs a name, and a mistake in it is a diagnostic', () => {
  const text =
    'loss a(target: real, prediction: real) = target - prediction\nloss b(target: real, prediction: real) = prediction';
  const sources = { source: { name: 'x.loss', text }, imports: [] };
  assert.throws(() => readLoss(sources), /several: a, b/);
  assert.is(readLoss(sources, 'a').loss.name.name, 'a');
  assert.throws(() => readLoss(sources, 'c'), /no loss called c/);
  assert.throws(
    () => readLoss({ source: { name: 'y', text: 'loss a(prediction: real) = nothing' }, imports: [] }),
    /unknown name/,
  );
});

fitness.run();
