/** `examples/cluster/`: the files are what their programs read, and the commands in them run. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI, ROOT, scratch } from './helpers/command-line.js';
import { pythonWith } from './helpers/programs.js';
import { type RedisServer, redisProgram, startRedis } from './helpers/redis.js';

const cluster = suite('examples of clusters');
const FOLDER = join(ROOT, 'examples', 'cluster');
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

const PASSWORD = 'not-a-secret';
const program = redisProgram();
if (program === undefined) console.log('SKIPPED workers on Redis: there is no redis-server on the PATH');
const yaml = pythonWith('yaml');
if (yaml === undefined) console.log('SKIPPED reading YAML: there is no Python with yaml on the PATH');
let redis: RedisServer | undefined;
cluster.after(async () => {
  await redis?.stop();
});

const parsed = (name: string): unknown => {
  const { status, stdout, stderr } = spawnSync(
    yaml!,
    ['-c', 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))'],
    { input: read(name), encoding: 'utf8' },
  );
  assert.is(status, 0, stderr);
  return JSON.parse(stdout);
};

/** Waits until a worker says that it is there, and stops it as a scheduler does. */
async function stopsWell(worker: ChildProcess): Promise<void> {
  let said = '';
  const ended = once(worker, 'exit');
  worker.stderr!.on('data', (chunk: Buffer) => {
    const before = /waits for jobs/.test(said);
    said += chunk.toString('utf8');
    if (!before && /waits for jobs/.test(said)) worker.kill('SIGTERM');
  });
  const [code] = await ended;
  assert.is(code, 0, said);
  assert.match(said, /0 trained/);
}

/** The arguments of `lossc` in a file, with the test's server in the place of the one that they name. */
async function runs(args: readonly string[]): Promise<void> {
  redis ??= await startRedis(program!, [`requirepass ${PASSWORD}`]);
  const local = args.map((arg) => arg.replace('redis://redis:6379', `redis://127.0.0.1:${redis!.port}`));
  assert.ok(local.some((arg) => arg.includes('127.0.0.1')));
  await stopsWell(
    spawn(process.execPath, [...CLI, ...local], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LOSSC_QUEUE_PASSWORD: PASSWORD },
    }),
  );
}

cluster('the page names every file', () => {
  const page = read('README.md');
  for (const name of readdirSync(FOLDER))
    if (name !== 'README.md') assert.ok(page.includes(`\`${name}\``), name);
});

cluster('slurm.sh is an array of workers on a folder', async () => {
  const folder = scratch();
  const shim = join(folder, 'lossc');
  const words = [process.execPath, ...CLI].map((word) => `'${word}'`).join(' ');
  writeFileSync(shim, `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(shim, 0o755);
  const directives = read('slurm.sh').match(/^#SBATCH --\w[\w-]*=\S+$/gm) ?? [];
  assert.is(directives.length, read('slurm.sh').match(/^#SBATCH/gm)?.length);
  assert.ok(directives.some((line) => line.includes('--array=')));
  const queue = join(folder, 'queue');
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env['PATH']}`,
    LOSSC_QUEUE: queue,
    SLURM_CPUS_PER_TASK: '2',
  };
  await stopsWell(spawn('sh', [join(FOLDER, 'slurm.sh')], { stdio: ['ignore', 'ignore', 'pipe'], env }));
  assert.ok(existsSync(join(queue, 'jobs')));
});

const onYaml = yaml === undefined || program === undefined ? cluster.skip : cluster;

onYaml('kubernetes.yaml is a job of workers', async () => {
  const job = parsed('kubernetes.yaml') as {
    kind: string;
    spec: { template: { spec: { containers: { args: string[]; env: { name: string }[] }[] } } };
  };
  assert.is(job.kind, 'Job');
  const [worker] = job.spec.template.spec.containers;
  assert.equal(
    worker!.env.map(({ name }) => name),
    ['LOSSC_QUEUE_PASSWORD'],
  );
  await runs(worker!.args);
});

onYaml('compose.yaml starts a server that the doctor has nothing to say about, and workers', async () => {
  const { services } = parsed('compose.yaml') as { services: Record<string, { command: string[] }> };
  await runs(services['worker']!.command);
  const settings: string[] = [];
  const [, ...words] = services['redis']!.command;
  for (let i = 0; i < words.length; i += 2)
    settings.push(`${words[i]!.slice(2)} ${words[i + 1]!.replace(/\$\{.*\}/, PASSWORD) || '""'}`);
  const own = await startRedis(program!, settings);
  const doctor = spawnSync(
    process.execPath,
    [
      ...CLI,
      'doctor',
      '--backend',
      'cpu',
      '--json',
      '--queue',
      `redis://:${PASSWORD}@127.0.0.1:${own.port}/q`,
    ],
    { encoding: 'utf8' },
  );
  await own.stop();
  assert.is(doctor.status, 0, doctor.stderr);
  assert.equal(JSON.parse(doctor.stdout).queue.problems, []);
});

cluster.run();
