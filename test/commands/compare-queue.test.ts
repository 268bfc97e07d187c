/** `lossc compare --queue`: what workers on a queue have trained is what one process has. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI, scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';
import { redisProgram, startRedis } from '../helpers/redis.js';

const comparisons = suite('compare --queue');
// One of the losses has the name of another, and one leaves the numbers.
const root = scratch({
  'own.loss': `loss mse(target: real, prediction: real) = abs(prediction - target)^3
loss breaks(target: real, prediction: real) = -(prediction - target)^4
`,
});
const program = redisProgram();
if (program === undefined)
  console.log('SKIPPED a comparison over Redis: there is no redis-server on the PATH');

const crew = new Set<ChildProcess>();
comparisons.after(() => {
  for (const child of crew) child.kill('SIGKILL');
});

function startWorker(queue: string): ChildProcess {
  const child = spawn(
    process.execPath,
    [...CLI, 'worker', '--queue', queue, '--workers', '1', '--lease', '2'],
    { stdio: 'ignore' },
  );
  crew.add(child);
  child.once('exit', () => crew.delete(child));
  return child;
}

const LOSSES = ['std/mse', 'std/cross_entropy', 'own.loss'];
const TASK = ['--train-examples', '200', '--hidden', '4', '--steps', '40', '--backend', 'cpu', '--seed', '7'];
const RUNS = ['--seeds', '2', '--tune-lr', '--grid', '0.1,1', '--tune-runs', '1', '--label-noise', '0.2'];
const asked = (more: readonly string[]): string[] => [
  ...LOSSES.map((loss) => (loss === 'own.loss' ? join(root, loss) : loss)),
  ...[...TASK, ...RUNS, '--momentum', '0.8', '--optimizer', 'momentum', '--json', ...more],
];

/** None while there is no folder. */
const filesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** All of a report but how fast it was. */
async function report(more: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await call('compare', asked(more), { cwd: root });
  assert.is(code, 0, stderr);
  return stdout.replace(/"stepsPerSecond": [^,\n]+/g, '');
}

/** The report that all others are held to. */
let local: Promise<string> | undefined;
const here = (): Promise<string> => {
  local ??= report([]);
  return local;
};

comparisons('here: the report that all others are held to', async () => {
  assert.match(await here(), /"stoppedAt"/);
});

comparisons('a folder, and a worker that is killed before another one comes: the same report', async () => {
  const queue = join(root, 'queue');
  const expected = await here();
  const lost = startWorker(queue);
  let isOver = false;
  const work = report(['--queue', queue]).finally(() => {
    isOver = true;
  });
  // An answer is removed as soon as the comparison has it.
  const answered = new Set<string>();
  while (answered.size < 3 && !isOver) {
    for (const name of filesIn(join(queue, 'answers'))) answered.add(name);
    await new Promise((done) => setTimeout(done, 20));
  }
  assert.not.ok(isOver, 'the comparison was over before its worker was killed');
  lost.kill('SIGKILL');
  startWorker(queue);
  assert.is(await work, expected);
});

const onRedis = program === undefined ? comparisons.skip : comparisons;
onRedis('Redis and two workers: the same report', async () => {
  const redis = await startRedis(program!);
  const queue = `redis://127.0.0.1:${redis.port}/comparison`;
  const expected = await here();
  const workers = [startWorker(queue), startWorker(queue)];
  assert.is(await report(['--queue', queue]), expected);
  for (const child of workers) {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    assert.is(child.exitCode, 0);
  }
  await redis.stop();
});

comparisons('an interrupt takes back what no worker has begun', async () => {
  const queue = join(root, 'left');
  const child = spawn(process.execPath, [...CLI, 'compare', ...asked(['--queue', queue])], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  crew.add(child);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const jobs = (): number => filesIn(join(queue, 'jobs')).length;
  while (jobs() < 8) await new Promise((done) => setTimeout(done, 50));
  child.kill('SIGINT');
  await once(child, 'exit');
  assert.is(child.exitCode, 130);
  assert.is(JSON.parse(said).interrupted, true);
  assert.is(jobs(), 0);
});

comparisons('a loss that runs out of its time limit is named', async () => {
  const queue = join(root, 'slow');
  startWorker(queue);
  const { code, stderr } = await call(
    'compare',
    ['std/mse', '--backend', 'cpu', '--steps', '1000000', '--time-limit', '0.01', '--queue', queue],
    { cwd: root },
  );
  assert.is(code, 1);
  assert.match(stderr, /^error: a training of mse failed: timed-out/m);
});

comparisons.run();
