import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RunError } from '../../../src/errors.js';
import type { EvaluationRow } from '../../../src/evolve/model/evaluation.js';
import type { RunSettings } from '../../../src/evolve/model/run-settings.js';
import { INITIAL_STATE } from '../../../src/evolve/model/search-state.js';
import { knownLosses } from '../../../src/evolve/run/known-runs.js';
import { createLedger } from '../../../src/evolve/store/ledger.js';
import { readRunSettings } from '../../../src/evolve/store/read-settings.js';
import { writeSettings } from '../../../src/evolve/store/run-settings.js';
import { handMadeRun, ROWS } from '../../report/hand-made.js';

/** What a run takes over from earlier runs of the same task. */
const known = suite('known runs');
const root = mkdtempSync(join(tmpdir(), 'lossc-known-'));
known.after(() => rmSync(root, { recursive: true }));
handMadeRun(join(root, 'settings'));
const SETTINGS = readRunSettings(join(root, 'settings'));

/** A run of one generation with rows whose canonical form, scores and end are as told. */
function runOf(
  name: string,
  rows: readonly Partial<EvaluationRow>[],
  settings: RunSettings = SETTINGS,
): string {
  const directory = join(root, name);
  mkdirSync(directory);
  writeSettings(directory, settings);
  const ledger = createLedger(join(directory, 'ledger.sqlite'), { settings: JSON.stringify(settings) });
  const [trained] = ROWS;
  const full = rows.map((row, id): EvaluationRow => ({ ...trained!, id, gradient: `g${id}`, ...row }));
  const report = { generation: 0, best: 0, median: 0, rows: full };
  ledger.addGeneration({ ...INITIAL_STATE, generation: 0, nextId: rows.length }, report, 1);
  ledger.close();
  return directory;
}
const from = (...knownRuns: string[]) => knownLosses({ ...SETTINGS, knownRuns });

known('all that was fully trained, with its first score, the first of each canonical form', () => {
  const one = runOf('one', [
    { canonical: 'a', scores: [0.25, 0.75] },
    { canonical: 'b', scores: [0.5], complete: false, outcome: 'stopped', reason: 'hopeless' },
    { canonical: '', scores: [0.5] },
    { canonical: 'a', scores: [0.9] },
    { canonical: 'c', scores: [0.5], outcome: 'known', stage: 'gradient', sameAs: 0 },
  ]);
  const two = runOf('two', [
    { canonical: 'a', scores: [0.8] },
    { canonical: 'd', scores: [0.125] },
  ]);
  assert.equal(
    from(one, two).map(({ run, canonical, gradient, score }) => [run, canonical, gradient, score]),
    [
      [one, 'a', 'g0', 0.25],
      [two, 'd', 'g1', 0.125],
    ],
  );
  assert.equal(
    from(two, one).map(({ canonical, score }) => [canonical, score]),
    [
      ['a', 0.8],
      ['d', 0.125],
    ],
  );
  assert.equal(from(), []);
});

known('scores of another task, machine or sketch do not count', () => {
  const [row] = [{ canonical: 'a' }];
  const others = {
    task: { ...SETTINGS, task: { ...SETTINGS.task, steps: 999 } },
    environment: { ...SETTINGS, environment: { ...SETTINGS.environment, tensorflow: '5' } },
  };
  for (const [part, settings] of Object.entries(others)) {
    const directory = runOf(`other ${part}`, [row], settings);
    assert.throws(
      () => from(directory),
      (problem: unknown) =>
        problem instanceof RunError && problem.message.includes(`${directory} has a different ${part}`),
    );
  }
});

known('nothing of the copies that are read is left', () => {
  const before = process.env['TMPDIR'];
  const folder = join(root, 'temporary');
  mkdirSync(folder);
  process.env['TMPDIR'] = folder;
  try {
    assert.is(from(runOf('read', [{ canonical: 'a' }])).length, 1);
    assert.equal(readdirSync(folder), []);
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
});

known.run();
