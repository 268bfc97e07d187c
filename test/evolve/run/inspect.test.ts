import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RunError } from '../../../src/errors.js';
import { commonReason, lineage, pareto, show } from '../../../src/evolve/run/inspect.js';
import { handMadeRun } from '../../report/hand-made.js';

/** Questions about a run that was made by hand, small enough to be answered by hand. */
const inspect = suite('questions about a run');
const root = mkdtempSync(join(tmpdir(), 'lossc-inspect-'));
inspect.after(() => rmSync(root, { recursive: true }));
const directory = join(root, 'run');
handMadeRun(directory);
const nothing = join(root, 'nothing');
handMadeRun(nothing, { found: false });

inspect('the front: what beats everything smaller, and the pick of each rule', () => {
  const front = pareto(directory);
  // The one of size 5 has 0.6 and 0.7, less than the 0.8 of size 3; that of size 8 less than that of size 7.
  assert.equal(
    front.map(({ id, size, score }) => [id, size, score]),
    [
      [0, 3, 0.8],
      [9, 7, 0.9],
    ],
  );
  // Of errors 0.2 and 0.1 the first is too far away.
  assert.equal(
    front.map(({ picked }) => picked),
    [false, true],
  );
  assert.ok(pareto(directory, 'highest')[1]!.picked);
  assert.equal(pareto(nothing), []);
});

inspect('the lineage: every ancestor once, youngest first, with the births between', () => {
  const steps = lineage(directory);
  assert.equal(
    steps.map(({ id, depth, generation, operator }) => [id, depth, generation, operator]),
    [
      [9, 0, 2, 'crossover'],
      [1, 1, 0, 'random'],
      [0, 1, 0, 'random'],
    ],
  );
  // A mean, as everywhere.
  assert.ok(Math.abs(steps[1]!.score - 0.65) < 1e-12);
  assert.equal(
    lineage(directory, 10).map(({ id }) => id),
    [10],
  );
  assert.throws(() => lineage(directory, 99), /the run has no candidate 99/);
  assert.throws(
    () => lineage(nothing),
    (problem: unknown) => problem instanceof RunError && /has found nothing yet/.test(problem.message),
  );
});

inspect('the reason that most were not trained for, with its stage', () => {
  // Twice, and every other one once.
  assert.is(commonReason(directory), 'static: the gradient is zero');
  assert.is(commonReason(nothing), undefined);
});

inspect('all that is known of a candidate', () => {
  const best = show(directory);
  assert.is(best.row.id, 9);
  assert.is(best.final!.score, 0.5);
  assert.is(best.tuned, undefined);
  assert.equal(best.trainings, [], 'the trainings of this run are those of another genome');
  const other = show(directory, 5);
  assert.is(other.row.outcome, 'stopped');
  assert.is(other.final, undefined);
  assert.match(other.text, /evolved_5/);
});

inspect.run();
