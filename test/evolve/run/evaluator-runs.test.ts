/** Runs whose trainings a script makes: the same whoever is killed or interrupted, and gone through again without the script. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunningOptions } from '../../../src/evolve/run/run-context.js';
import { resumeSearch, runSearch, type SearchOptions } from '../../../src/evolve/run/run-search.js';
import { resumeTuning, tuneLoss } from '../../../src/evolve/run/run-tuning.js';
import { storedFinals } from '../../../src/evolve/run/stored-finals.js';
import { readLedger } from '../../../src/evolve/store/ledger.js';
import { CLI, ROOT, scratch } from '../../helpers/command-line.js';
import { tinyRun } from './tiny-run.js';

const runs = suite('runs with a script');
const root = scratch();
const SCRIPT = fileURLToPath(new URL('../executors/evaluator/faulty-script.mjs', import.meta.url));

const fileOf = (starts: string): string => join(root, `starts of ${starts}`);

/** A script that writes a line for each time that it is started. */
const commandFor = (starts: string, ...args: readonly string[]): string =>
  `echo started >> '${fileOf(starts)}' && exec '${process.execPath}' '${SCRIPT}' ${args.map((arg) => `'${arg}'`).join(' ')}`;

const startsIn = (starts: string): number =>
  existsSync(fileOf(starts)) ? readFileSync(fileOf(starts), 'utf8').split('\n').length - 1 : 0;

const search = (name: string, command = commandFor(name), lag = 0): SearchOptions => {
  const tiny = tinyRun(join(root, name));
  return {
    ...tiny,
    task: { cases: [], steps: 30 },
    evaluator: { command },
    asked: { evaluator: command },
    settings: { ...tiny.settings, lag },
    tuning: { losses: 1, evaluations: 4, mostEvaluations: 1 },
    finals: { losses: 2, replicates: 1 },
  };
};

/** All of a ledger but the times, and the order in which trainings came in. */
function contents(name: string) {
  const ledger = readLedger(join(root, name, 'ledger.sqlite'));
  try {
    const trainings = ledger.trainings().map(({ milliseconds: _, ...row }) => JSON.stringify(row));
    return {
      trainings: trainings.toSorted(),
      evaluations: ledger.evaluations().map(({ milliseconds: _, ...row }) => row),
      state: ledger.lastState(),
      finals: ledger.result('finals', storedFinals),
    };
  } finally {
    ledger.close();
  }
}

function stopAfter(trainings: number): RunningOptions {
  const controller = new AbortController();
  let count = 0;
  return {
    workers: 1,
    signal: controller.signal,
    onProgress: () => {
      if (++count === trainings) controller.abort();
    },
  };
}

let whole: ReturnType<typeof contents>;
runs('one process and three make the same run', async () => {
  const outcome = await runSearch(search('whole'));
  assert.is(outcome.stopped, 'finished');
  whole = contents('whole');
  assert.ok(whole.trainings.length > 20);
  assert.is(startsIn('whole'), 1);
  await runSearch({ ...search('three'), running: { workers: 3 } });
  assert.equal(contents('three'), whole);
});

runs('a finished run is gone through again without its script, and says the same', async () => {
  const outcome = await resumeSearch({ directory: join(root, 'whole'), running: { workers: 1 } });
  assert.is(outcome.stopped, 'finished');
  assert.is(startsIn('whole'), 1);
  assert.equal(contents('whole'), whole);
});

runs('a run in parts starts its script only where there is something to train', async () => {
  const directory = join(root, 'parts');
  let { stopped } = await runSearch({ ...search('parts'), running: stopAfter(9) });
  assert.is(stopped, 'interrupted');
  assert.is(startsIn('parts'), 1);
  const before = contents('parts').trainings;
  ({ stopped } = await resumeSearch({ directory, running: stopAfter(11) }));
  assert.is(stopped, 'interrupted');
  assert.is(startsIn('parts'), 2);
  assert.ok(before.every((row) => contents('parts').trainings.includes(row)));
  ({ stopped } = await resumeSearch({ directory, running: { workers: 2 } }));
  assert.is(stopped, 'finished');
  assert.equal(contents('parts'), whole);
  const made = startsIn('parts');
  await resumeSearch({ directory, running: { workers: 2 } });
  assert.is(startsIn('parts'), made);
});

runs('generations in flight: one process, three, and a run in parts find the same', async () => {
  await runSearch(search('lag one', commandFor('lag one'), 2));
  await runSearch({ ...search('lag three', commandFor('lag three'), 2), running: { workers: 3 } });
  assert.equal(contents('lag three'), contents('lag one'));
  const directory = join(root, 'lag parts');
  await runSearch({ ...search('lag parts', commandFor('lag parts'), 2), running: stopAfter(7) });
  await resumeSearch({ directory, running: { workers: 2 } });
  assert.equal(contents('lag parts'), contents('lag one'));
});

runs('a script that is killed changes nothing', async () => {
  const mark = join(root, 'killed-once');
  await runSearch(search('killed', commandFor('killed', 'is killed once', '1', mark)));
  assert.ok(existsSync(mark));
  assert.is(startsIn('killed'), 2);
  assert.equal(contents('killed'), whole);
});

runs('a script that is another one when it is needed again ends the run, and changes nothing', async () => {
  const mark = join(root, 'another');
  await runSearch({
    ...search('other', commandFor('other', 'changes', '4294967291', mark)),
    running: stopAfter(9),
  });
  const before = contents('other');
  writeFileSync(mark, '');
  let thrown: unknown;
  await resumeSearch({ directory: join(root, 'other'), running: { workers: 1 } }).catch((error: unknown) => {
    thrown = error;
  });
  assert.match(
    String(thrown),
    /the evaluator is not the same as when the run started: script was one and is another/,
  );
  assert.equal(contents('other'), before);
});

/** Ends `lossc` with all that it started, at the moment when so many trainings are recorded; false where it has ended before. */
async function killAt(args: readonly string[], name: string, trainings: number): Promise<boolean> {
  const child = spawn(process.execPath, [...CLI, 'evolve', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const ended = once(child, 'exit');
  const file = join(root, name, 'ledger.sqlite');
  const look = setInterval(() => {
    if (!existsSync(file)) return;
    try {
      if (contents(name).trainings.length >= trainings) child.kill('SIGKILL');
    } catch {
      // It is just being made.
    }
  }, 20);
  await ended;
  clearInterval(look);
  return child.signalCode === 'SIGKILL';
}

runs('kill -9 of lossc, again and again: the result of an uninterrupted run', async () => {
  await runSearch({
    ...search('slow', commandFor('slow', 'none', '1', '', 'higher', '40')),
    running: stopAfter(3),
  });
  assert.equal(contents('slow').trainings.length, 3);
  const command = commandFor('slow', 'none', '1', '', 'higher', '40');
  const again = ['--resume', join(root, 'slow'), '--evaluator', command];
  for (const trainings of [8, 16]) assert.ok(await killAt(again, 'slow', trainings));
  await resumeSearch({ directory: join(root, 'slow'), running: { workers: 1 } });
  assert.equal(contents('slow'), whole);
});

runs('a finished tuning is gone through again without its script', async () => {
  const directory = join(root, 'tuned');
  const source = {
    name: 'a.loss',
    text: 'loss a(target: onehot[class], prediction: probability[class]; g: real = 2) = -sum(target * (1 - prediction)^g * log(prediction), class)',
  };
  const first = await tuneLoss({
    directory,
    command: 'lossc tune',
    loss: { sources: { source, imports: [] } },
    task: { cases: [], steps: 30 },
    evaluator: { command: commandFor('tuned') },
    seed: '1',
    tuning: { evaluations: 8 },
    running: { workers: 1 },
  });
  assert.is(startsIn('tuned'), 1);
  const again = await resumeTuning({ directory, running: { workers: 1 } });
  assert.equal(again.result, first.result);
  assert.is(startsIn('tuned'), 1);
});

runs.run();
