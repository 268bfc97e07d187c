import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lockRun } from '../../../src/evolve/store/run-lock.js';

const locks = suite('the lock of a run');
const root = mkdtempSync(join(tmpdir(), 'lossc-lock-'));
locks.after(() => rmSync(root, { recursive: true }));
const linux = existsSync('/proc/self/stat');

const HOLDER = fileURLToPath(new URL('./lock-holder.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');

function folder(name: string): string {
  const directory = join(root, name);
  mkdirSync(directory);
  return directory;
}

/** Resolves when the process has said that it has the lock. */
function locked(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout!.on('data', (chunk: Buffer) => chunk.toString().includes('locked') && resolve());
    child.on('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
}

const ended = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));

function hold(directory: string, how = 'keep'): ChildProcess {
  return spawn(process.execPath, ['--import', TSX, HOLDER, directory, how], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  locks(`${signal} gives the lock back`, async () => {
    const directory = folder(signal);
    const child = hold(directory);
    await locked(child);
    assert.throws(() => lockRun(directory), /is in use by process \d+/);
    const end = ended(child);
    child.kill(signal);
    assert.is(await end, 0);
    assert.not.ok(existsSync(join(directory, 'lock')));
  });
}

locks('a process that fails in the middle gives the lock back', async () => {
  const directory = folder('failing');
  const child = hold(directory, 'throw');
  await locked(child);
  const end = ended(child);
  child.kill('SIGTERM');
  assert.is(await end, 1);
  assert.not.ok(existsSync(join(directory, 'lock')));
});

if (linux) {
  locks('the lock of a zombie is free', async () => {
    const directory = folder('zombie');
    // `sleep` takes the place of the shell and never asks how the child of the shell has ended.
    const script = '"$@" & exec sleep 60';
    const parent = spawn(
      'sh',
      ['-c', script, 'sh', process.execPath, '--import', TSX, HOLDER, directory, 'vanish'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    try {
      await locked(parent);
      const { pid } = JSON.parse(readFileSync(join(directory, 'lock'), 'utf8'));
      for (let i = 0; i < 200 && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')); i++)
        await new Promise((resolve) => setTimeout(resolve, 20));
      assert.match(readFileSync(`/proc/${pid}/status`, 'utf8'), /^State:\s+Z/m);
      lockRun(directory)();
      assert.not.ok(existsSync(join(directory, 'lock')));
    } finally {
      parent.kill('SIGKILL');
    }
  });

  locks('a process that got the number of the holder later is not the holder', () => {
    const directory = folder('reused');
    const lock = join(directory, 'lock');
    writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname(), started: '1' }));
    lockRun(directory)();
    assert.not.ok(existsSync(lock));
  });
}

for (const text of ['', '{', 'null', '[]', '{"pid":"1"}', '{"pid":-1,"host":"","started":null}']) {
  locks(`a lock that holds ${JSON.stringify(text)} is held by nobody`, () => {
    const directory = folder(`text-${text.length}-${text.charCodeAt(0)}`);
    writeFileSync(join(directory, 'lock'), text);
    lockRun(directory)();
  });
}

locks('a lock is given back by its holder alone', () => {
  const directory = folder('taken');
  const release = lockRun(directory);
  const lock = join(directory, 'lock');
  writeFileSync(lock, 'of somebody else');
  release();
  assert.ok(existsSync(lock));
});

locks('a lock on another machine counts as held, and the message says what to do', () => {
  const directory = folder('elsewhere');
  writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: 1, host: 'elsewhere', started: null }));
  assert.throws(() => lockRun(directory), /by process 1 on elsewhere/);
});

locks.run();
