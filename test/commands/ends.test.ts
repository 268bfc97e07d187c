import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI, lossc, scratch } from '../helpers/command-line.js';

/** What is at the other end of a command: nobody who reads, a full disk, no terminal. */
const ends = suite('the ends of a command');

const BAD = { 'bad.loss': 'loss f(target: real, prediction: real) = prd - target\n' };

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs `lossc` with standard output of its own kind, and does something as soon as it prints. */
function ended(
  args: readonly string[],
  { stdout, cwd }: { readonly stdout: number | 'pipe'; readonly cwd: string },
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...CLI, ...args], { cwd, stdio: ['ignore', stdout, 'pipe'] });
    let stderr = '';
    child.stderr!.on('data', (chunk) => {
      stderr += chunk;
    });
    // As `head -1` does: it goes away after the first line, or before.
    child.stdout?.destroy();
    child.on('close', (code) => resolve({ code, stderr }));
  });
}

for (const line of ['--help', 'explain std/focal', 'grad std/focal --json', 'test std/focal'])
  ends(`lossc ${line} | head: nothing is said`, async () => {
    const args = line.split(' ');
    assert.equal(await ended(args, { stdout: 'pipe', cwd: scratch() }), { code: 0, stderr: '' });
  });

// A device that takes nothing, where the system has it.
if (!existsSync('/dev/full')) console.log('SKIPPED a full disk: this system has no /dev/full');
(existsSync('/dev/full') ? ends : ends.skip)('a disk that is full is told of', async () => {
  const full = openSync('/dev/full', 'w');
  const { code, stderr } = await ended(['explain', 'std/focal'], { stdout: full, cwd: scratch() });
  closeSync(full);
  assert.is(stderr, 'error: cannot write to standard output: the disk is full\n');
  assert.is(code, 1);
});

ends('without a terminal, and with NO_COLOR, no colours and nothing that moves the cursor', async () => {
  for (const env of [{ NO_COLOR: undefined }, { NO_COLOR: '1' }, { TERM: 'dumb' }]) {
    const { stdout, stderr } = await lossc(['check', 'bad.loss'], { cwd: scratch(BAD), env });
    assert.match(stderr, 'error[L201]');
    assert.ok(!`${stdout}${stderr}`.includes('\u001b'), stderr);
  }
});

ends('help about a command that there is not is an error', async () => {
  const { code, stdout, stderr } = await lossc(['help', 'chek']);
  assert.is(code, 2);
  assert.is(stdout, '');
  assert.is(stderr, "error: unknown command 'chek'\n  = hint: did you mean check?\n");
});

ends('a place where no folder can be made is told of, and not tried for ever', async () => {
  if (process.platform !== 'linux') return;
  const cwd = scratch(BAD);
  const { code, stderr } = await lossc(['compile', 'std/mse', '--out', '/proc/lossc'], { cwd });
  assert.is(code, 1);
  assert.match(stderr, /^error: cannot write \/proc\/lossc\/mse\.ts: /);
});

ends.run();
