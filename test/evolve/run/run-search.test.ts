import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from '../../../grammar/read/parse.js';
import { lineage, pareto, show } from '../../../src/evolve/run/inspect.js';
import { resumeSearch, runSearch } from '../../../src/evolve/run/run-search.js';
import { resumeTuning, tuneLoss } from '../../../src/evolve/run/run-tuning.js';
import { storedFinals } from '../../../src/evolve/run/stored-finals.js';
import { readLedger } from '../../../src/evolve/store/ledger.js';
import { tinyRun } from './tiny-run.js';

const runs = suite('runs');
const root = mkdtempSync(join(tmpdir(), 'lossc-runs-'));
runs.after(() => rmSync(root, { recursive: true }));
const folder = (name: string): string => join(root, name);

/** All that a run has found, without times. */
function contents(directory: string) {
  const ledger = readLedger(join(directory, 'ledger.sqlite'));
  try {
    const evaluations = ledger.evaluations().map(({ milliseconds: _, ...row }) => row);
    return { state: ledger.lastState(), evaluations, finals: ledger.result('finals', storedFinals) };
  } finally {
    ledger.close();
  }
}

runs('a search runs from random trees to a winner whose file reads back, with two workers', async () => {
  const seen: number[] = [];
  const outcome = await runSearch({
    ...tinyRun(folder('two')),
    running: { workers: 2, onProgress: ({ evaluations }) => seen.push(evaluations) },
  });
  assert.is(outcome.stopped, 'finished');
  assert.ok(seen.length > 8);
  assert.ok(outcome.finals.length >= 2);
  assert.ok(outcome.finals[0]!.score > 0.15, `score ${outcome.finals[0]!.score}`);
  const text = readFileSync(outcome.bestFile!, 'utf8');
  assert.equal(parse({ name: 'winner', text }).diagnostics, []);
  assert.match(text, /\/\/ Evolved by lossc: lossc evolve/);
  assert.equal(readdirSync(folder('two')).sort(), ['ledger.sqlite', 'losses', 'settings.json']);
  const { evaluations } = contents(folder('two'));
  // What the tests below say of exact repetition, they say of this stage too.
  assert.ok(
    evaluations.some(({ stage }) => stage === 'neighbours'),
    'neighbours were asked',
  );
});

runs('one worker gives the same result as two, bit for bit', async () => {
  await runSearch(tinyRun(folder('one')));
  assert.equal(contents(folder('one')), contents(folder('two')));
});

runs('interrupted again and again and resumed, the result is the same', async () => {
  const directory = folder('resumed');
  let outcome = await runSearch({ ...tinyRun(directory), running: { workers: 2, ...stopAfter(5) } });
  assert.is(outcome.stopped, 'interrupted');
  for (let i = 0; i < 2; i++)
    outcome = await resumeSearch({ directory, running: { workers: 2, ...stopAfter(9) } });
  if (outcome.stopped === 'interrupted') outcome = await resumeSearch({ directory, running: { workers: 1 } });
  assert.is(outcome.stopped, 'finished');
  assert.equal(contents(directory), contents(folder('two')));
});

runs('with generations in flight one worker, two, and a run in parts find the same', async () => {
  const lagging = (name: string) => {
    const tiny = tinyRun(folder(name));
    return { ...tiny, settings: { ...tiny.settings, lag: 2 }, budget: { generations: 4 } };
  };
  await runSearch(lagging('lag one'));
  await runSearch({ ...lagging('lag two'), running: { workers: 2 } });
  assert.equal(contents(folder('lag two')), contents(folder('lag one')));
  const directory = folder('lag parts');
  let { stopped } = await runSearch({ ...lagging('lag parts'), running: { workers: 2, ...stopAfter(7) } });
  assert.is(stopped, 'interrupted');
  ({ stopped } = await resumeSearch({ directory, running: { workers: 1, ...stopAfter(9) } }));
  if (stopped === 'interrupted') ({ stopped } = await resumeSearch({ directory, running: { workers: 2 } }));
  assert.is(stopped, 'finished');
  assert.equal(contents(directory), contents(folder('lag one')));
});

/** Aborts after so many trainings. */
function stopAfter(trainings: number) {
  const controller = new AbortController();
  let count = 0;
  return {
    signal: controller.signal,
    onProgress: () => {
      if (++count === trainings) controller.abort();
    },
  };
}

runs('a finished run that is resumed trains nothing and says the same', async () => {
  const before = contents(folder('two'));
  let trainings = 0;
  const outcome = await resumeSearch({
    directory: folder('two'),
    running: { workers: 1, onProgress: () => trainings++ },
  });
  assert.is(outcome.stopped, 'finished');
  assert.is(trainings, 0);
  assert.equal(contents(folder('two')), before);
});

async function refusal(action: () => Promise<unknown>): Promise<string> {
  try {
    await action();
  } catch (thrown) {
    return `${(thrown as Error).name}: ${(thrown as Error).message}`;
  }
  throw new Error('it was not refused');
}

runs('a finished run goes on with a larger budget and holds new finals', async () => {
  const directory = folder('longer');
  await runSearch({ ...tinyRun(directory), budget: { generations: 1 } });
  const outcome = await resumeSearch({ directory, budget: { generations: 2 }, running: { workers: 1 } });
  assert.is(outcome.state.generation, 1);
  assert.equal(contents(directory), contents(folder('two')));
});

runs('nothing overwrites a run', async () => {
  const before = contents(folder('two'));
  assert.match(await refusal(() => runSearch(tinyRun(folder('two')))), /RunError: .*two is not empty/);
  assert.equal(contents(folder('two')), before);
});

runs('a resume that could not be exact is refused with the reason', async () => {
  const directory = folder('other');
  await runSearch({
    ...tinyRun(directory),
    budget: { generations: 1 },
    running: { workers: 1, ...stopAfter(2) },
  });
  const file = join(directory, 'settings.json');
  const settings = JSON.parse(readFileSync(file, 'utf8'));
  settings.environment.tensorflow = '3.0.0';
  writeFileSync(file, JSON.stringify(settings));
  assert.match(
    await refusal(() => resumeSearch({ directory })),
    /cannot be continued exactly: tensorflow was 3\.0\.0 and is 4/,
  );
  assert.match(
    await refusal(() => resumeSearch({ directory: folder('nowhere') })),
    /cannot read .*settings\.json/,
  );
});

runs('mistakes are told before a folder is made', async () => {
  const tiny = tinyRun(folder('never'));
  const withTask = (task: object) => ({ ...tiny, task: { ...tiny.task, ...task } }) as typeof tiny;
  assert.match(
    await refusal(() => runSearch(withTask({ steps: -1, over: 'best' }))),
    /"over".*"steps"|"steps".*"over"/,
  );
  assert.match(
    await refusal(() => runSearch(withTask({ cases: [{ dataset: 'nothing' }] }))),
    /no data set "nothing"/,
  );
  assert.match(await refusal(() => runSearch({ ...tiny, backend: 'abacus' })), /unknown backend "abacus"/);
  const seedLosses = [
    {
      sources: {
        source: {
          name: 's',
          text: 'loss s(target: onehot[class], prediction: probability[class]) = max(prediction, class)',
        },
        imports: [],
      },
    },
  ];
  assert.match(await refusal(() => runSearch({ ...tiny, seedLosses })), /cannot start from s/);
  assert.not.ok(existsSync(folder('never')));
});

runs('a second run of the same task knows what the first one trained', async () => {
  const directory = folder('second');
  const tiny = tinyRun(directory);
  const outcome = await runSearch({
    ...tiny,
    seed: 'second',
    knownRuns: [folder('two')],
    seedLosses: [
      {
        sources: {
          source: { name: 'ce', text: show(folder('two'), pareto(folder('two'))[0]!.id).text },
          imports: [],
        },
      },
    ],
    budget: { generations: 1 },
    tuning: { losses: 0 },
    finals: { losses: 0 },
  });
  const known = contents(directory).evaluations.filter((row) => (row.sameAs ?? 0) < 0);
  assert.ok(known.length > 0);
  assert.is(known[0]!.steps, 0);
  assert.ok(outcome.state.spent.evaluations < contents(directory).evaluations.length);
});

runs('pareto, lineage and show agree', () => {
  const front = pareto(folder('two'));
  assert.ok(front.some((entry) => entry.picked));
  const steps = lineage(folder('two'));
  assert.is(steps[0]!.depth, 0);
  assert.ok(steps.every((step) => step.parents.every((parent) => parent < step.id)));
  const shown = show(folder('two'), front.at(-1)!.id);
  assert.equal(shown.row.genome, front.at(-1)!.genome);
  assert.ok(shown.trainings.length >= 1);
  assert.equal(parse({ name: 'shown', text: shown.text }).diagnostics, []);
  assert.throws(() => show(folder('two'), 99_999), /no candidate 99999/);
});

runs('tuning a loss of a file: the parameters end up in a file, interrupted and resumed alike', async () => {
  const text = `loss l(target: onehot[class], prediction: probability[class]; a: positive = 1, b = 0) =
  -sum(target * log(prediction) * a + b * prediction^2, class)`;
  const options = (directory: string) => ({
    directory,
    command: 'lossc tune l.loss',
    loss: { sources: { source: { name: 'l.loss', text }, imports: [] } },
    task: tinyRun('').task,
    seed: '1',
    tuning: { evaluations: 14 },
    backend: 'wasm',
  });
  const whole = await tuneLoss({ ...options(folder('tuned')), running: { workers: 2 } });
  assert.is(whole.stopped, 'finished');
  assert.match(readFileSync(whole.file!, 'utf8'), /a: positive = \d/);
  const parts = await tuneLoss({ ...options(folder('tuned2')), running: { workers: 1, ...stopAfter(8) } });
  assert.is(parts.stopped, 'interrupted');
  const rest = await resumeTuning({ directory: folder('tuned2'), running: { workers: 1 } });
  assert.equal(rest.result, whole.result);
});

runs.run();
