import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TaskEnd } from '../../../../src/evolve/executors/pool/child.js';
import { createPool, type Pool, type PoolOptions } from '../../../../src/evolve/executors/pool/pool.js';

const pools = suite('worker pool');

const module = new URL('./misbehaving.ts', import.meta.url).href;
const LIMITS = { taskSeconds: 20, memoryMiB: 400 };

async function withPool(options: Partial<PoolOptions>, use: (pool: Pool) => Promise<void>): Promise<void> {
  const pool = createPool({ module, setup: { offset: 100 }, ...LIMITS, ...options });
  try {
    await use(pool);
  } finally {
    await pool.close();
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function fateOf(end: TaskEnd | undefined): string {
  return end?.kind === 'lost' ? end.fate : JSON.stringify(end);
}

async function until(condition: () => boolean, seconds = 15): Promise<boolean> {
  for (let i = 0; i < seconds * 20 && !condition(); i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return condition();
}

pools('short tasks go before all others that wait, in their order', async () => {
  await withPool({ workers: 1 }, async (pool) => {
    const order: unknown[] = [];
    const run = (value: number, short: boolean) =>
      pool.run({ do: 'echo', value }, { short, record: (end) => order.push(end) });
    await Promise.all([run(0, false), run(1, false), run(2, false), run(3, true), run(4, true)]);
    assert.equal(
      order,
      [0, 3, 4, 1, 2].map((value) => ({ kind: 'answered', result: value + 100 })),
    );
  });
});

pools(
  'one and two workers give the same answers in the same order, recorded before they are given',
  async () => {
    const values = Array.from({ length: 12 }, (_, i) => i);
    for (const workers of [1, 2]) {
      await withPool({ workers }, async (pool) => {
        const recorded: unknown[] = [];
        const ends = await Promise.all(
          values.map((value) => pool.run({ do: 'echo', value }, { record: (end) => recorded.push(end) })),
        );
        assert.equal(
          ends,
          values.map((value) => ({ kind: 'answered', result: value + 100 })),
        );
        assert.is(recorded.length, values.length);
      });
    }
  },
);

pools(
  'a worker that dies while it starts is reported with its error, not with the last line it printed',
  async () => {
    await withPool({ workers: 1, setup: { offset: 0, dies: 'nothing to stand on' } }, async (pool) => {
      let message = '';
      try {
        await pool.run([{ do: 'pid' }]);
      } catch (thrown) {
        message = (thrown as Error).message;
      }
      assert.match(message, /ended while it was starting: .*TypeError: nothing to stand on/);
    });
  },
);

pools('a task that throws, crashes or eats memory costs only itself', async () => {
  await withPool({ workers: 2, taskSeconds: 60, memoryMiB: 250 }, async (pool) => {
    const [threw, crashed, heap, buffers, fine] = await Promise.all(
      [
        { do: 'throw' },
        { do: 'crash' },
        { do: 'eat', where: 'heap' },
        { do: 'eat', where: 'buffers' },
        { do: 'echo', value: 1 },
      ].map((task) => pool.run(task)),
    );
    assert.equal(threw, { kind: 'threw', message: 'as told' });
    assert.is(fateOf(crashed), 'crashed');
    assert.is(fateOf(heap), 'out-of-memory');
    assert.is(fateOf(buffers), 'out-of-memory');
    assert.equal(fine, { kind: 'answered', result: 101 });
  });
});

pools('a task that hangs costs only itself', async () => {
  await withPool({ workers: 1, taskSeconds: 1 }, async (pool) => {
    const [hung, fine] = await Promise.all([pool.run({ do: 'hang' }), pool.run({ do: 'echo', value: 1 })]);
    assert.is(fateOf(hung), 'timed-out');
    assert.equal(fine, { kind: 'answered', result: 101 });
  });
});

pools('a worker killed from outside does not change the answer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lossc-pool-'));
  try {
    await withPool({ workers: 1 }, async (pool) => {
      for (const times of [1, 2, 4]) {
        const marker = join(folder, `dead-${times}`);
        const end = await pool.run({ do: 'die', times, marker });
        assert.equal(end, { kind: 'answered', result: 'survived' });
      }
      assert.is(fateOf(await pool.run({ do: 'die', times: 9, marker: join(folder, 'always') })), 'killed');
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

pools('workers killed from outside twenty times: every answer comes, in order', async () => {
  await withPool({ workers: 2 }, async (pool) => {
    for (let kill = 0; kill < 20; kill++) {
      let answered = 0;
      const values = Array.from({ length: 12 }, (_, i) => 100 * kill + i);
      const ends = values.map((value) => pool.run({ do: 'echo', value }, { record: () => answered++ }));
      await until(() => answered >= 3);
      const pids = pool.pids();
      process.kill(pids[kill % pids.length]!, 'SIGKILL');
      assert.equal(
        await Promise.all(ends),
        values.map((value) => ({ kind: 'answered', result: value + 100 })),
      );
    }
  });
});

pools('a worker whose memory has grown is replaced between tasks', async () => {
  await withPool({ workers: 1, memoryMiB: 400 }, async (pool) => {
    for (let i = 0; i < 4; i++) await pool.run({ do: 'keep', mebibytes: 130 });
    assert.ok(pool.recycled() >= 1);
    assert.equal(await pool.run({ do: 'echo', value: 2 }), { kind: 'answered', result: 102 });
  });
});

pools('a setup that cannot be loaded is one clear error', async () => {
  await withPool({ workers: 1, setup: { offset: 0, bad: 'no such data set' } }, async (pool) => {
    try {
      await pool.run({ do: 'echo', value: 1 });
      assert.unreachable();
    } catch (thrown) {
      assert.is((thrown as Error).name, 'RunError');
      assert.is((thrown as Error).message, 'no such data set');
    }
  });
});

pools('closing ends every process, hung ones too', async () => {
  const pool = createPool({ module, setup: { offset: 0 }, workers: 2, ...LIMITS });
  await pool.run({ do: 'echo', value: 1 });
  void pool.run({ do: 'hang' });
  void pool.run({ do: 'echo', value: 2 });
  assert.ok(await until(() => pool.pids().length === 2));
  const pids = pool.pids();
  await pool.close();
  assert.ok(pids.every((pid) => !isRunning(pid)));
});

pools('workers end when the process of the pool is killed, hung ones too', async () => {
  const script = `
    import { createPool } from ${JSON.stringify(new URL('../../../../src/evolve/executors/pool/pool.ts', import.meta.url).href)};
    const pool = createPool({ module: ${JSON.stringify(module)}, setup: { offset: 0 }, workers: 2, taskSeconds: 60, memoryMiB: 400 });
    const pids = await Promise.all([1, 2].map(() => pool.run({ do: 'pid' })));
    pool.run({ do: 'hang' });
    console.log(pids.map((end) => end.result).join(' '));
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  parent.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  assert.ok(await until(() => printed.includes('\n')), 'the pool started');
  const pids = [...new Set(printed.trim().split(' ').map(Number))];
  assert.ok(pids.every(isRunning));
  parent.kill('SIGKILL');
  assert.ok(await until(() => !pids.some(isRunning)), 'all workers are gone');
});

pools.run();
