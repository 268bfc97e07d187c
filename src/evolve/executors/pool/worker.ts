/**
 * The main module of a worker process: loads the setup once, then answers one task after another. It ends when the pool
 * says so or when the pool's process is gone, even if a task hangs in a loop at that moment.
 */
import { Worker } from 'node:worker_threads';
import { messageOf, RunError } from '../../../errors.js';
import { missingPackage } from '../../../packages.js';
import type { FromWorker, TaskModule, TaskRunner, ToWorker } from './protocol.js';

/** Milliseconds between two looks at whether the parent is alive. */
const WATCH = 1000;

/** A thread of its own, since a task may keep the main one busy for ever: a worker without a parent kills itself. */
const watchdog = new Worker(
  `const parent = ${process.ppid};
   setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, ${WATCH});`,
  { eval: true },
);
watchdog.unref();

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
    const told = missingPackage(thrown) ?? thrown;
    const hint = told instanceof RunError ? told.hint : undefined;
    send({ kind: 'unfit', message: messageOf(told), ...(hint !== undefined && { hint }) });
  }
}

async function answer(id: number, task: unknown): Promise<void> {
  try {
    send({ kind: 'done', id, result: await runner!.run(task) });
  } catch (thrown) {
    send({ kind: 'failed', id, message: messageOf(thrown) });
  }
}

process.on('message', (message: ToWorker) => {
  if (message.kind === 'start') void start(message.module, message.setup);
  else if (message.kind === 'task') void answer(message.id, message.task);
  else {
    runner?.dispose();
    process.exit(0);
  }
});
