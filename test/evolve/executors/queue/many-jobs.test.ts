/** Ten thousand jobs on a queue whose workers are killed again and again, and a worker whose network is gone for a while. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openQueue } from '../../../../src/evolve/executors/queue/open-queue.js';
import { type JoinedQueue, joinQueue, overQueue } from '../../../../src/evolve/executors/queue-executor.js';
import type { TrainingJob } from '../../../../src/evolve/model/evaluator.js';
import { readTask } from '../../../../src/evolve/model/task.js';
import { createLedger } from '../../../../src/evolve/store/ledger.js';
import { recordingEvaluators } from '../../../../src/evolve/store/recording-evaluator.js';
import { createRandom, hash32 } from '../../../../src/random.js';
import { ROOT, scratch } from '../../../helpers/command-line.js';
import { redisProgram, startRedis } from '../../../helpers/redis.js';
import { bundle, bundleFolder } from '../../../runner/bundle.js';
import { fakeEvaluator } from '../../search/fake-evaluator.js';
import { sleep, slowExecutor } from '../../search/slow-executor.js';

const many = suite('many jobs');
const program = redisProgram();
if (program === undefined) console.log('SKIPPED ten thousand jobs: there is no redis-server on the PATH');
const redis = program === undefined ? undefined : await startRedis(program);
const onRedis = redis === undefined ? many.skip : many;
const ANSWERER = await bundle(ROOT, 'test/evolve/executors/queue/answerer.ts', bundleFolder(ROOT));

const crew = new Set<ChildProcess>();
many.after(async () => {
  for (const child of crew) child.kill('SIGKILL');
  await redis?.stop();
});

function startAnswerer(queue: string): ChildProcess {
  const child = spawn(process.execPath, [ANSWERER, queue], { cwd: ROOT, stdio: 'ignore' });
  crew.add(child);
  child.once('exit', () => crew.delete(child));
  return child;
}

/** What all jobs have in common. */
const QUESTIONS: Parameters<typeof overQueue>[2] = {
  environment: { lossc: '0', node: '0', tensorflow: '0', backend: 'none', trainer: '0' },
  limits: { taskSeconds: 1, memoryMiB: 1 },
  task: readTask({ cases: [{ dataset: 'digits' }], steps: 1 }),
  subject: { kind: 'sketch', sources: { source: { name: 'a', text: '' }, imports: [] } },
};

const JOBS = 10_000;
const KILLS = 20;

onRedis('8 workers and 20 kills: each of 10,000 jobs is committed once, with its own answer', async () => {
  const queue = `redis://127.0.0.1:${redis!.port}/many`;
  const notices: string[] = [];
  const joined = await joinQueue({ queue, notice: (text) => notices.push(text) });
  const local = slowExecutor(fakeEvaluator(), { slots: 1, lasts: () => sleep(0) });
  const executor = overQueue(local, joined, QUESTIONS);
  const random = createRandom('many jobs');
  const at = new Set(Array.from({ length: KILLS }, (_, i) => Math.floor((JOBS / (KILLS + 1)) * (i + 1))));
  const living = Array.from({ length: 8 }, () => startAnswerer(queue));
  let [made, killed] = [0, 0];
  const ledger = createLedger(join(scratch(), 'ledger.sqlite'), { purpose: 'test' });
  const { train } = recordingEvaluators(executor, ledger, () => {
    if (!at.has(++made)) return;
    const victim = random.int(living.length);
    living[victim]!.kill('SIGKILL');
    living[victim] = startAnswerer(queue);
    killed++;
  })(0);
  const jobs = Array.from({ length: JOBS }, (_, i): TrainingJob => {
    return { genome: ['prediction'], replicate: i, seed: `many/${i}`, steps: 1, gates: [] };
  });
  const reports = await train(jobs);
  assert.is(killed, KILLS);
  assert.is(made, JOBS);
  const rows = ledger.trainings();
  assert.equal(
    rows.map(({ replicate }) => replicate),
    [...jobs.keys()],
  );
  assert.equal(
    rows.map(({ score }) => score),
    reports.map(({ score }) => score),
  );
  assert.is(new Set(rows.map(({ score }) => score)).size > 0.99 * JOBS, true, 'every job has its own answer');
  assert.equal(notices, []);
  ledger.close();
  await executor.close();
  for (const child of living) {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
});

/** A way to a port that can be cut. */
async function bridge(port: number) {
  const ends = new Set<Socket>();
  let open = true;
  const server = createServer((near) => {
    if (!open) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        ends.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    cut() {
      open = false;
      for (const one of ends) one.destroy();
    },
    mend() {
      open = true;
    },
    close: () => server.close(),
  };
}

/**
 * Seconds of a lease, and of three of them without a network: what three minutes are to the lease that a worker has unless told. By hand:
 * LOSSC_OUTAGE=20,60.
 */
const [LEASE = 1, OUTAGE = 3] = process.env['LOSSC_OUTAGE']?.split(',').map(Number) ?? [];

onRedis('a worker that loses its network for longer than its lease loses nothing', async () => {
  const way = await bridge(redis!.port);
  const direct = `redis://127.0.0.1:${redis!.port}/network`;
  const heard: { readonly id: string; readonly worker: string }[] = [];
  const notices: string[] = [];
  const transport = openQueue(direct, (text) => notices.push(text));
  const coordinator = await transport.coordinate();
  const joined: JoinedQueue = {
    ...{ queue: direct, shown: transport.shown, notice: (text) => notices.push(text) },
    end: {
      ...coordinator,
      listen: (onAnswer) =>
        coordinator.listen((answer) => {
          heard.push({ id: answer.id, worker: JSON.parse(answer.text).worker });
          onAnswer(answer);
        }),
    },
  };
  const executor = overQueue(
    slowExecutor(fakeEvaluator(), { slots: 1, lasts: () => sleep(0) }),
    joined,
    QUESTIONS,
  );

  /** A worker that notes what it does; it may be kept waiting. */
  async function work(name: string, url: string, before: () => Promise<void> | undefined) {
    const said: string[] = [];
    const done: string[] = [];
    const end = await openQueue(url, (text) => said.push(text)).work(name);
    const stop = new AbortController();
    const serving = end.serve({
      slots: 2,
      leaseSeconds: LEASE,
      signal: stop.signal,
      async handle({ id }) {
        done.push(id);
        await before();
        const report = { end: 'finished', score: hash32(id) / 2 ** 32, steps: 1, curve: [], milliseconds: 0 };
        return { answer: JSON.stringify({ worker: name, kind: 'report', report }), giveBack: false };
      },
    });
    const leave = async (): Promise<void> => {
      stop.abort();
      await serving;
      await end.close();
    };
    return { said, done, leave };
  }

  let outage: Promise<void> | undefined;
  const cut = async (): Promise<void> => {
    way.cut();
    await sleep(1000 * OUTAGE);
    way.mend();
  };
  // In the middle of a job, whose answer cannot be told until others have done it.
  const far = await work('far', `redis://127.0.0.1:${way.port}/network`, () => {
    if (far.done.length < 3) return undefined;
    outage ??= cut();
    return outage;
  });
  const ledger = createLedger(join(scratch(), 'ledger.sqlite'), { purpose: 'test' });
  const { train } = recordingEvaluators(executor, ledger)(0);
  const jobs = Array.from({ length: 12 }, (_, i): TrainingJob => {
    return { genome: ['prediction'], replicate: i, seed: `network/${i}`, steps: 1, gates: [] };
  });
  const training = train(jobs);
  while (outage === undefined) await sleep(20);
  const near = await work('near', direct, () => undefined);
  const reports = await training;
  await outage;
  // Far's answers arrive when its network is back, and are compared with those of near.
  const twice = (): string[] => {
    const by = (name: string): Set<string> =>
      new Set(heard.filter(({ worker }) => worker === name).map(({ id }) => id));
    return [...by('far')].filter((id) => by('near').has(id));
  };
  while (twice().length === 0) await sleep(50);
  assert.ok(
    far.said.some((text) => /is lost/.test(text)),
    far.said.join('\n'),
  );
  assert.ok(twice().every((id) => far.done.includes(id) && near.done.includes(id)));
  const rows = ledger.trainings();
  assert.equal(
    rows.map(({ replicate }) => replicate),
    [...jobs.keys()],
    'each is committed once',
  );
  assert.equal(
    rows.map(({ score }) => score),
    reports.map(({ score }) => score),
  );
  assert.equal(notices, [], 'both have answered alike');
  await far.leave();
  await near.leave();
  ledger.close();
  await executor.close();
  way.close();
});

many.run();
