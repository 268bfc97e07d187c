/** Searches and tunings over real workers, which are killed, and a queue that is lost: the ledger is that of one machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunOutcome } from '../../../../src/evolve/run/run-phases.js';
import { resumeSearch, runSearch, type SearchOptions } from '../../../../src/evolve/run/run-search.js';
import { storedFinals } from '../../../../src/evolve/run/stored-finals.js';
import { readLedger } from '../../../../src/evolve/store/ledger.js';
import { CLI, scratch } from '../../../helpers/command-line.js';
import { redisProgram, startRedis } from '../../../helpers/redis.js';
import { TINY_DATA, tinyRun } from '../../run/tiny-run.js';

const ledgers = suite('ledgers over a queue');
const root = scratch();
const program = redisProgram();
if (program === undefined) console.log('SKIPPED searches over Redis: there is no redis-server on the PATH');
const redis = program === undefined ? undefined : await startRedis(program);
const onRedis = redis === undefined ? ledgers.skip : ledgers;

const crew = new Set<ChildProcess>();
ledgers.after(async () => {
  for (const child of crew) child.kill('SIGKILL');
  await redis?.stop();
});

/** A worker, with one process unless told, which may load the data module. What it says is kept. */
function startWorker(queue: string, processes = 1): ChildProcess & { said: string } {
  const options = ['--queue', queue, '--workers', `${processes}`, '--lease', '2', '--dataset', TINY_DATA];
  const child = spawn(process.execPath, [...CLI, 'worker', ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const worker = Object.assign(child, { said: '' });
  child.stderr.on('data', (chunk: Buffer) => {
    worker.said += chunk.toString('utf8');
  });
  crew.add(child);
  child.once('exit', () => crew.delete(child));
  return worker as ChildProcess & { said: string };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

const search = (name: string, lag = 0): SearchOptions => ({
  ...tinyRun(join(root, name)),
  settings: { ...tinyRun('').settings, lag },
  budget: { generations: 1 + lag },
  tuning: { losses: 1, evaluations: 4, mostEvaluations: 1 },
  task: { cases: [{ dataset: TINY_DATA, trainExamples: 200, hidden: [8] }], steps: 20 },
});

/** All of a ledger but the times: trainings in the order in which they were written, too. */
function contents(name: string) {
  const ledger = readLedger(join(root, name, 'ledger.sqlite'));
  try {
    return {
      trainings: ledger.trainings().map(({ milliseconds: _, ...row }) => row),
      evaluations: ledger.evaluations().map(({ milliseconds: _, ...row }) => row),
      state: ledger.lastState(),
      finals: ledger.result('finals', storedFinals),
    };
  } finally {
    ledger.close();
  }
}

const LAG = 2;

/** The ledger of a search without a queue: made by the first test that needs it. */
function ledgerHere(name: string, lag = 0): () => Promise<ReturnType<typeof contents>> {
  let run: Promise<unknown> | undefined;
  return async () => {
    run ??= runSearch(search(name, lag));
    await run;
    return contents(name);
  };
}
const local = ledgerHere('local');
const lagging = ledgerHere('lagging', LAG);

/** Runs the search over a queue, and does something at its trainings. */
async function over(
  queue: string,
  name: string,
  at: (training: number) => void = () => {},
  { signal, lag }: { readonly signal?: AbortSignal; readonly lag?: number } = {},
): Promise<{ readonly outcome: RunOutcome; readonly notices: string[] }> {
  const notices: string[] = [];
  let count = 0;
  const outcome = await runSearch({
    ...search(name, lag),
    running: {
      workers: 1,
      queue: { queue, notice: (text) => notices.push(text) },
      onProgress: () => at(++count),
      ...(signal && { signal }),
    },
  });
  return { outcome, notices };
}

ledgers('here: the ledger that all others are held to', async () => {
  const { trainings, evaluations } = await local();
  assert.ok(trainings.length > 20);
  assert.not.equal((await lagging()).evaluations, evaluations);
});

ledgers('one worker and a folder: the same ledger', async () => {
  const queue = join(root, 'queue-one');
  const worker = startWorker(queue);
  const { notices } = await over(queue, 'one');
  assert.equal(notices, []);
  assert.equal(contents('one'), await local());
  await kill(worker, 'SIGTERM');
  assert.is(worker.exitCode, 0, worker.said);
  assert.match(worker.said, new RegExp(`${(await local()).trainings.length} trained`));
});

/** Long enough to be noticed. */
async function outage(): Promise<void> {
  await redis!.stop();
  await new Promise((done) => setTimeout(done, 2500));
  await redis!.start();
}

/**
 * Kills one of the workers at every so many trainings and starts another. One that ends by itself, since it began while Redis was away,
 * is started again, as whoever watches over services does.
 */
function murders(queue: string, every: number) {
  const living: ChildProcess[] = [];
  let killed = 0;
  let ended = false;
  function hire(place: number): void {
    const child = startWorker(queue);
    living[place] = child;
    child.once('exit', (code) => {
      if (code !== null && code !== 0 && !ended) setTimeout(() => !ended && hire(place), 500);
    });
  }
  hire(0);
  hire(1);
  return {
    killed: () => killed,
    at(training: number): void {
      if (training % every !== 0) return;
      const place = killed++ % 2;
      const victim = living[place]!;
      hire(place);
      victim.kill('SIGKILL');
    },
    end: () => {
      ended = true;
      return Promise.all(living.map((child) => kill(child, 'SIGTERM')));
    },
  };
}

ledgers('two workers and a folder, one of them killed at every sixth training: the same ledger', async () => {
  const queue = join(root, 'queue-killed');
  const two = murders(queue, 6);
  await over(queue, 'killed', two.at);
  await two.end();
  assert.ok(two.killed() > 2);
  assert.equal(contents('killed'), await local());
});

onRedis(
  'two workers and Redis, killed again and again, and Redis lost in the middle: the same ledger',
  async () => {
    const queue = `redis://127.0.0.1:${redis!.port}/killed`;
    const two = murders(queue, 6);
    let restarted: Promise<void> | undefined;
    const { notices } = await over(queue, 'redis', (training) => {
      two.at(training);
      if (training === 13) restarted = outage();
    });
    await restarted;
    await two.end();
    assert.ok(two.killed() > 2);
    assert.ok(notices.some((text) => /is lost/.test(text)) && notices.some((text) => /is back/.test(text)));
    assert.not.ok(notices.some((text) => /disagree/.test(text)));
    assert.equal(contents('redis'), await local());
  },
);

ledgers('three generations in flight, eight processes and a folder: the same ledger', async () => {
  const queue = join(root, 'queue-eight');
  const worker = startWorker(queue, 8);
  const { notices } = await over(queue, 'eight', () => {}, { lag: LAG });
  assert.equal(notices, []);
  assert.equal(contents('eight'), await lagging());
  await kill(worker, 'SIGTERM');
});

onRedis(
  'three generations in flight, two workers that are killed, and Redis restarted once: the same ledger',
  async () => {
    const queue = `redis://127.0.0.1:${redis!.port}/lagging`;
    const two = murders(queue, 8);
    let restarted: Promise<void> | undefined;
    const { notices } = await over(
      queue,
      'lagging-redis',
      (training) => {
        two.at(training);
        if (training === 12) restarted = outage();
      },
      { lag: LAG },
    );
    await restarted;
    await two.end();
    assert.ok(two.killed() > 2);
    assert.ok(notices.some((text) => /is lost/.test(text)) && notices.some((text) => /is back/.test(text)));
    assert.not.ok(notices.some((text) => /disagree/.test(text)));
    assert.equal(contents('lagging-redis'), await lagging());
  },
);

onRedis(
  'a coordinator that is interrupted and resumed, the second time without a queue: the same ledger',
  async () => {
    const queue = `redis://127.0.0.1:${redis!.port}/resumed`;
    const worker = startWorker(queue);
    const stop = new AbortController();
    const { outcome } = await over(
      queue,
      'resumed',
      (training) => {
        if (training === 11) stop.abort();
      },
      { signal: stop.signal },
    );
    assert.is(outcome.stopped, 'interrupted');
    const again = new AbortController();
    let count = 0;
    const directory = join(root, 'resumed');
    await resumeSearch({
      directory,
      running: {
        workers: 1,
        signal: again.signal,
        queue: { queue, notice: () => {} },
        onProgress: () => ++count === 9 && again.abort(),
      },
    });
    await kill(worker, 'SIGTERM');
    await resumeSearch({ directory, running: { workers: 1 } });
    assert.equal(contents('resumed'), await local());
  },
);

ledgers.run();
