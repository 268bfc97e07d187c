import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openLedger, readLedger } from '../../../src/evolve/store/ledger.js';
import { createRandom } from '../../../src/random.js';
import { ROOT } from '../../helpers/command-line.js';
import { bundle, bundleFolder } from '../../runner/bundle.js';
import { fakeRun, GENERATIONS } from './fake-run.js';

const faults = suite('faults');
const root = mkdtempSync(join(tmpdir(), 'lossc-faults-'));
faults.after(() => rmSync(root, { recursive: true }));

const VICTIM = await bundle(ROOT, 'test/evolve/store/victim.ts', bundleFolder(ROOT));

/** What a run has found: everything but times. */
function contents(directory: string) {
  const ledger = readLedger(join(directory, 'ledger.sqlite'));
  try {
    const evaluations = ledger.evaluations().map(({ milliseconds: _, ...row }) => row);
    const key = (row: object): string => JSON.stringify(row);
    const trainings = ledger.trainings().map(({ milliseconds: _, ...row }) => row);
    return {
      state: ledger.lastState(),
      evaluations,
      trainings: trainings.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)),
    };
  } finally {
    ledger.close();
  }
}

const reference = join(root, 'reference');
faults.before(async () => {
  const { stopped, state } = await fakeRun(reference, 0);
  assert.is(stopped, 'budget');
  assert.is(state.generation, GENERATIONS - 1);
});

/** Starts the victim and kills it after some milliseconds of work; false when it had finished before. */
function killAfter(directory: string, milliseconds: number, lag = 0): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [VICTIM, directory, '3', String(lag)], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output === 'ready\n') setTimeout(() => child.kill('SIGKILL'), milliseconds);
    });
    child.on('exit', (code, signal) => {
      if (code !== 0 && signal === null) reject(new Error(errors));
      else resolve(signal === 'SIGKILL');
    });
  });
}

faults('kill -9 at twenty moments, resumed each time: the result of an uninterrupted run', async () => {
  const random = createRandom('kill');
  let directory = join(root, 'killed-0');
  let kills = 0;
  for (let round = 1; kills < 20; round++) {
    const wasKilled = await killAfter(directory, 20 + random.int(250));
    if (wasKilled) {
      kills++;
      assert.is(countTrainings(directory), countTrainings(directory), 'reading changes nothing');
    } else {
      assert.equal(contents(directory), contents(reference));
      directory = join(root, `killed-${round}`);
    }
  }
  await fakeRun(directory, 0);
  assert.equal(contents(directory), contents(reference));
});

faults('kill -9 with several generations in flight: the result of an uninterrupted run', async () => {
  const whole = join(root, 'lagging');
  await fakeRun(whole, 0, undefined, undefined, 2);
  const directory = join(root, 'lagging-killed');
  let kills = 0;
  // Ever later, so that a slow machine gets to the end, too.
  while (await killAfter(directory, 60 + 60 * kills, 2)) kills++;
  assert.ok(kills > 0);
  assert.equal(contents(directory), contents(whole));
});

faults('a training that was recorded is never made again', async () => {
  const directory = join(root, 'counted');
  // On a busy machine the first training may take longer than the first wait.
  for (let wait = 120, made = 0; made === 0; wait *= 2) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), wait);
    await fakeRun(directory, 2, controller.signal);
    made = contents(directory).trainings.length;
  }
  await fakeRun(directory, 0);
  assert.equal(contents(directory).trainings.length, contents(reference).trainings.length);
});

faults('an interrupted run says so and goes on to the same result', async () => {
  const directory = join(root, 'interrupted');
  for (let i = 0; i < 3; i++) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 60);
    assert.is((await fakeRun(directory, 2, controller.signal)).stopped, 'interrupted');
  }
  assert.is((await fakeRun(directory, 0)).stopped, 'budget');
  assert.equal(contents(directory), contents(reference));
});

/** A run that was killed, with its log not yet in the main file. */
async function killedRun(name: string): Promise<string> {
  const directory = join(root, name);
  for (let i = 1; ; i++) {
    await killAfter(directory, 100 + 100 * i);
    const log = join(directory, 'ledger.sqlite-wal');
    if (existsSync(log) && statSync(log).size > 60_000) return directory;
    rmSync(directory, { recursive: true, force: true });
  }
}

faults('torn writes: whatever is left of the log, the run goes on to the same result', async () => {
  const whole = await killedRun('torn');
  const log = 'ledger.sqlite-wal';
  const size = statSync(join(whole, log)).size;
  const random = createRandom('torn');
  for (let i = 0; i < 20; i++) {
    const directory = join(root, `torn-${i}`);
    cpSync(whole, directory, { recursive: true });
    const at = random.int(size);
    if (i % 2 === 0) truncateSync(join(directory, log), at);
    else {
      const bytes = readFileSync(join(directory, log));
      bytes.fill(0xa5, at, at + 512);
      writeFileSync(join(directory, log), bytes);
    }
    await fakeRun(directory, 0);
    const { state, evaluations } = contents(reference);
    assert.equal(contents(directory).state, state, `torn at ${at}`);
    assert.equal(contents(directory).evaluations, evaluations);
  }
});

/** The shell's limit on the size of a file, in blocks of 512 bytes, makes writes fail as a full disk does. */
function runWithFileLimit(directory: string, blocks: number) {
  return spawnSync(
    'sh',
    ['-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', process.execPath, VICTIM, directory, '0'],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  );
}

faults('a full disk is one clear error, twenty times, and nothing that was saved is lost', async () => {
  const directory = join(root, 'full');
  let saved = 0;
  for (let i = 0; i < 20; i++) {
    const { status, stderr } = runWithFileLimit(directory, 120 + 24 * i);
    if (status === 0) break;
    assert.match(stderr, /the ledger .* could not be written/, stderr);
    const now = countTrainings(directory);
    assert.ok(now >= saved, `${now} trainings, ${saved} before`);
    saved = now;
  }
  assert.ok(saved > 0);
  await fakeRun(directory, 0);
  assert.equal(contents(directory), contents(reference));
});

function countTrainings(directory: string): number {
  return existsSync(join(directory, 'ledger.sqlite')) ? contents(directory).trainings.length : 0;
}

faults('two processes cannot work on one run; the lock of a killed one is taken over', async () => {
  const directory = join(root, 'locked');
  const child = spawn(process.execPath, [VICTIM, directory, '30'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for (let i = 0; i < 200 && !existsSync(join(directory, 'lock')); i++)
    await new Promise((r) => setTimeout(r, 50));
  try {
    await fakeRun(directory, 0);
    assert.unreachable();
  } catch (thrown) {
    assert.match(String(thrown), new RegExp(`in use by process ${child.pid}`));
  }
  child.kill('SIGKILL');
  await new Promise((resolve) => child.on('exit', resolve));
  assert.is((await fakeRun(directory, 0)).stopped, 'budget');
  assert.not.ok(existsSync(join(directory, 'lock')));
});

faults('a run that is going on can be read', async () => {
  const directory = join(root, 'read');
  const running = fakeRun(directory, 5);
  let reads = 0;
  let most = 0;
  let finished = false;
  void running.then(() => {
    finished = true;
  });
  while (!finished) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    const count = countTrainings(directory);
    assert.ok(count >= most);
    most = count;
    reads++;
  }
  assert.ok(reads > 3 && most > 10, `${reads} reads, ${most} trainings`);
  await running;
  assert.equal(contents(directory), contents(reference));
  assert.not.ok(readdirSync(directory).some((name) => name.endsWith('.lock')));
});

faults('a run whose folder is deleted or replaced while it goes on ends with an error', async () => {
  for (const replaced of [false, true]) {
    const directory = join(root, `deleted-${replaced}`);
    const running = fakeRun(directory, 5);
    await new Promise((resolve) => setTimeout(resolve, 60));
    rmSync(directory, { recursive: true });
    if (replaced) cpSync(reference, directory, { recursive: true });
    try {
      await running;
      assert.unreachable();
    } catch (thrown) {
      assert.match(String(thrown), /ledger\.sqlite was deleted or replaced while the run was in progress/);
    }
    if (replaced) assert.equal(contents(directory), contents(reference));
    else assert.not.ok(existsSync(directory), 'nothing is made again');
  }
});

faults('a ledger of another version, or something else, is refused with the reason', () => {
  const directory = join(root, 'version');
  cpSync(reference, directory, { recursive: true });
  const file = join(directory, 'ledger.sqlite');
  writeFileSync(file, 'this is no database, but it is long enough to look like a page of one'.repeat(100));
  assert.throws(() => openLedger(file), /cannot be read/);
  assert.throws(() => openLedger(join(directory, 'nothing.sqlite')), /there is no ledger/);
});

faults.run();
