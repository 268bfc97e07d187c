/**
 * The main module of a worker process: loads the setup once, then answers one task after another. It ends when the pool
 * says so or when the pool's process is gone, even if a task hangs in a loop at that moment.
 */
import { Worker } from 'node:worker_threads';
import { messageOf, RunError } from '../../../errors.js';
import {
  type FromWorker,
  MEMORY_LAST_WORDS,
  type TaskModule,
  type TaskRunner,
  type ToWorker,
} from './protocol.js';

/** Milliseconds between two looks at whether the parent is alive. */
const WATCH = 1000;

/** Milliseconds between two looks at the memory of the process, while there is a task. */
const MEMORY_WATCH = 250;
const MIB = 2 ** 20;

/**
 * A thread of its own, since a task may keep the main one busy for ever: a worker without a parent, or with more memory than it may hold,
 * kills itself. It is told how much that is. Node measures memory on every system; files of the kernel would do so on some.
 */
const watchdog = new Worker(
  `const { writeSync } = require('node:fs');
   const end = () => process.kill(process.pid, 'SIGKILL');
   let most = Infinity;
   require('node:worker_threads').parentPort.on('message', (bytes) => { most = bytes; });
   setInterval(() => { if (process.ppid !== ${process.ppid}) end(); }, ${WATCH});
   setInterval(() => {
     if (process.memoryUsage.rss() <= most) return;
     writeSync(2, ${JSON.stringify(`${MEMORY_LAST_WORDS}\n`)});
     end();
   }, ${MEMORY_WATCH});`,
  { eval: true },
);
watchdog.unref();

const residentMiB = (): number => process.memoryUsage.rss() / MIB;

// Ctrl-C and the end of a terminal reach the whole process group; the pool decides when its workers stop.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.on('disconnect', () => process.exit(0));

let runner: TaskRunner | undefined;

function send(message: FromWorker): void {
  process.send?.(message, undefined, {}, () => {
    // A pool that is gone cannot be told anything; the disconnect handler ends this process.
  });
}

async function start(module: string, setup: unknown): Promise<void> {
  try {
    const loaded = (await import(module)) as TaskModule;
    runner = await loaded.createTaskRunner(setup);
    send({ kind: 'ready' });
  } catch (thrown) {
    const hint = thrown instanceof RunError ? thrown.hint : undefined;
    send({ kind: 'unfit', message: messageOf(thrown), ...(hint !== undefined && { hint }) });
  }
}

async function answer(id: number, task: unknown, mostMiB: number): Promise<void> {
  watchdog.postMessage(mostMiB * MIB);
  try {
    const result = await runner!.run(task);
    send({ kind: 'done', id, result, residentMiB: residentMiB() });
  } catch (thrown) {
    send({ kind: 'failed', id, message: messageOf(thrown), residentMiB: residentMiB() });
  } finally {
    watchdog.postMessage(Number.POSITIVE_INFINITY);
  }
}

process.on('message', (message: ToWorker) => {
  if (message.kind === 'start') void start(message.module, message.setup);
  else if (message.kind === 'task') void answer(message.id, message.task, message.residentMiB);
  else {
    runner?.dispose();
    process.exit(0);
  }
});
