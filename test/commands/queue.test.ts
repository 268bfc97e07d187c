/** `--queue` and wrong input: one sentence each, and an exit that says so. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recordedCommand } from '../../src/commands/queue-options.js';
import { lossc, scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';
import { onPath } from '../helpers/programs.js';
import { redisProgram, startRedis } from '../helpers/redis.js';
import { FILES } from './option-cases.js';

const queues = suite('--queue');
const root = scratch({ file: '', 'hide.mjs': HIDE() });
const program = redisProgram();
if (program === undefined) console.log('SKIPPED answers of Redis: there is no redis-server on the PATH');
const onRedis = program === undefined ? queues.skip : queues;

/** As though packages were not installed. */
function HIDE(): string {
  const hooks = `export async function resolve(name, context, next) {
  if (name === 'bullmq' || name === 'ioredis') throw Object.assign(new Error('Cannot find package ' + name), { code: 'ERR_MODULE_NOT_FOUND' });
  return next(name, context);
}`;
  return `import { register } from 'node:module';\nregister('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}));\n`;
}

async function refused(
  command: string,
  queue: string,
  reason: RegExp,
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const saved = { ...process.env };
  Object.assign(process.env, env);
  try {
    const losses = command === 'tune' || command === 'compare' ? ['std/gce'] : [];
    const args = [...losses, '--queue', queue];
    const { code, stderr } = await call(command, args, { cwd: root });
    assert.ok(code === 1 || code === 2, `exit ${code}`);
    assert.match(stderr, reason);
    assert.is(stderr.match(/^error/gm)?.length, 1, stderr);
    assert.not.match(stderr, /secret| {4}at /);
  } finally {
    process.env = saved;
  }
}

const ADDRESSES: readonly (readonly [queue: string, reason: RegExp])[] = [
  ['ftp://host/queue', /--queue takes redis:\/\/HOST:PORT\/NAME, rediss:.* or a folder, not ftp:\/\//],
  ['redis://', /has no host|is not a URL/],
  ['redis://host:99999/x', /is not a URL/],
  ['redis://host/a:b', /"a:b" is not a valid name for a queue/],
  ['redis://host/a?db=1', /has "\?db=1" at its end/],
  [
    'redis://:secret@127.0.0.1:1/x',
    /cannot use the queue redis:\/\/127\.0\.0\.1:1\/x: no server is listening there/,
  ],
  ['redis://no-such-host.invalid/x', /cannot use the queue .*: there is no such host/],
  ['file', /file is a file, not a folder/],
  ['.', /\. is not a queue: it contains \S+/],
];

for (const [queue, reason] of ADDRESSES)
  for (const command of ['worker', 'doctor', 'evolve', 'tune', 'compare'])
    queues(`lossc ${command} --queue ${queue}`, () => refused(command, queue, reason));

for (const command of ['evolve', 'tune'] as const)
  queues(`lossc ${command}: whoever is asked for trainings takes none from a queue`, async () => {
    writeFileSync(join(root, 'hello.json'), FILES['hello.json']!);
    writeFileSync(join(root, 'sketches.loss'), FILES['sketches.loss']!);
    const begin =
      command === 'evolve'
        ? ['sketches.loss', '--sketch', 'mine', '--population', '4', '--generations', '1']
        : ['std/gce', '--evaluations', '4'];
    const out = `asking-${command}`;
    const asking = [...begin, '--ask', 'hello.json', '--steps', '3', '--out', out];
    const both = await call(command, [...asking, '--queue', 'jobs'], { cwd: root });
    assert.is(both.code, 2);
    assert.match(
      both.stderr,
      /^error: --queue cannot be combined with --ask, which lists the trainings in the folder/,
    );
    assert.is((await call(command, asking, { cwd: root })).code, 0);
    const later = await call(command, ['--resume', out, '--queue', 'jobs'], { cwd: root });
    assert.is(later.code, 2);
    assert.match(later.stderr, /^error: --queue cannot be given with --resume asking-/);
    assert.not.ok(existsSync(join(root, 'jobs')));
  });

queues('a worker needs a queue', async () => {
  const { code, stderr } = await call('worker', []);
  assert.is(code, 2);
  assert.match(stderr, /--queue is missing/);
});

queues('the packages are missing: one sentence says what to install', async () => {
  const { code, stderr } = await lossc(['worker', '--queue', 'redis://127.0.0.1:1/x'], {
    env: { NODE_OPTIONS: `--import ${join(root, 'hide.mjs')}` },
  });
  assert.is(code, 1);
  assert.match(
    stderr,
    /a queue on Redis needs the packages bullmq and ioredis, which are not installed\n.*npm install bullmq ioredis/,
  );
});

queues('passwords are not recorded', () => {
  const before = process.argv;
  process.argv = [
    'node',
    'lossc',
    'evolve',
    '--queue',
    'redis://me:sec@ret@host/x',
    '--queue=rediss://:secret@h:1/y',
  ];
  const command = recordedCommand();
  process.argv = before;
  assert.is(command, 'lossc evolve --queue redis://me:***@host/x --queue=rediss://:***@h:1/y');
});

onRedis('doctor tells of version, policy and round trip', async () => {
  const redis = await startRedis(program!, ['maxmemory 50mb', 'maxmemory-policy allkeys-lru']);
  const { code, stdout } = await call('doctor', [
    '--queue',
    `redis://127.0.0.1:${redis.port}/q`,
    '--backend',
    'cpu',
    '--json',
  ]);
  await redis.stop();
  assert.is(code, 0);
  const { queue } = JSON.parse(stdout);
  assert.match(queue.server, /^(?:Redis|Valkey) \d+\.\d+/);
  assert.is(queue.problems.length, 1);
  assert.match(queue.problems[0], /the eviction policy is allkeys-lru, which drops jobs .* noeviction/);
  assert.ok(queue.roundTrip > 0);
});

onRedis('a password: right in the address or the environment, missing, wrong', async () => {
  const redis = await startRedis(program!, ['requirepass secret']);
  const at = (password: string): string => `redis://${password}127.0.0.1:${redis.port}/q`;
  const ask = (queue: string) => call('doctor', ['--queue', queue, '--backend', 'cpu']);
  assert.is((await ask(at(':secret@'))).code, 0);
  process.env['LOSSC_QUEUE_PASSWORD'] = 'secret';
  assert.is((await ask(at(''))).code, 0);
  delete process.env['LOSSC_QUEUE_PASSWORD'];
  await refused('worker', at(''), /cannot use the queue .*: it requires a password/);
  await refused('worker', at(':secretly@'), /cannot use the queue .*: the password is wrong/);
  await refused('evolve', at('secret:nobody@'), /cannot use the queue .*: the password is wrong/);
  await redis.stop();
});

const openssl = onPath('openssl')[0];
if (openssl === undefined) console.log('SKIPPED Redis with TLS: there is no openssl on the PATH');
const onTls = openssl === undefined ? queues.skip : onRedis;

onTls('TLS: trusted, not trusted, and mistaken for a connection without', async () => {
  const [key, certificate] = [join(root, 'key.pem'), join(root, 'certificate.pem')];
  const made = spawnSync(
    openssl!,
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
    ],
    { encoding: 'utf8' },
  );
  assert.is(made.status, 0, made.stderr);
  const settings = [`tls-cert-file ${certificate}`, `tls-key-file ${key}`, `tls-ca-cert-file ${certificate}`];
  const redis = await startRedis(program!, [...settings, 'tls-auth-clients no', 'requirepass secret'], {
    ca: readFileSync(certificate, 'utf8'),
  });
  const queue = `rediss://localhost:${redis.port}/q`;
  const trusted = await lossc(['worker', '--queue', queue, '--workers', '1', '--idle', '0.01'], {
    env: { NODE_EXTRA_CA_CERTS: certificate, LOSSC_QUEUE_PASSWORD: 'secret' },
  });
  assert.is(trusted.code, 0, trusted.stderr);
  assert.match(trusted.stderr, /^\S+ waits for jobs from rediss:\/\/localhost:\d+\/q\n0 trained\n$/);
  await refused('worker', queue, /cannot use the queue .*: its certificate is not trusted/);
  await refused(
    'worker',
    queue.replace('rediss', 'redis'),
    /cannot use the queue .*: the connection was closed/,
  );
  await redis.stop();
});

queues('a folder is examined too, and nothing is left in it', async () => {
  mkdirSync(join(root, 'shared'));
  writeFileSync(join(root, 'shared', 'other.txt'), '');
  await refused('doctor', 'shared', /shared is not a queue: it contains other\.txt/);
  const { code, stdout } = await call('doctor', ['--queue', 'fresh', '--backend', 'cpu', '--json'], {
    cwd: root,
  });
  assert.is(code, 0);
  assert.ok(JSON.parse(stdout).queue.roundTrip > 0);
});

queues.run();
