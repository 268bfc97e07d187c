import { existsSync, statSync } from 'node:fs';
import { RunError, UsageError } from '../errors.js';
import { serveQueue } from '../evolve/run/queue-worker.js';
import { requireTensorFlow } from '../packages.js';
import { createProgress } from '../terminal.js';
import { type Define, positiveNumber, wholeNumber } from './command.js';
import { addOptions, type Rows } from './option-table.js';
import { QUEUE_ROW, type QueueOptions } from './queue-options.js';
import { interruptible } from './run-options.js';

interface WorkerOptions extends QueueOptions {
  readonly workers?: number;
  readonly data?: string;
  readonly dataset: readonly string[];
  readonly model: readonly string[];
  readonly lease?: number;
  readonly idle?: number;
}

const ROWS: Rows<WorkerOptions> = {
  ...QUEUE_ROW,
  workers: {
    flags: '--workers <n>',
    says: 'number of trainings at a time, each in its own process (default: one per core)',
    read: wholeNumber(1),
  },
  data: {
    flags: '--data <dir>',
    says: 'folder with the data files on this machine (default: LOSSC_DATA, then the download cache)',
  },
  dataset: {
    flags: '--dataset <file>',
    says: 'allow this data module: it is loaded if a job names the same path and the file is identical (repeat for each)',
    repeats: true,
  },
  model: {
    flags: '--model <file>',
    says: 'allow this model module, likewise (repeat for each)',
    repeats: true,
  },
  lease: {
    flags: '--lease <seconds>',
    says: 'how long other workers wait for a sign of life before they take over the jobs of this one (default: 60)',
    read: positiveNumber,
  },
  idle: {
    flags: '--idle <minutes>',
    says: 'exit after this long without a job (default: never)',
    read: positiveNumber,
  },
};

/** `lossc worker --queue …`: trains for searches, tunings and comparisons that were started with the same `--queue`, on any machine. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .addHelpText(
      'after',
      '\nA job contains the text of a loss and settings, never code. The machine needs the same version of lossc and the same\n' +
        'major version of Node, the same backend, and the data. Stop it at any time: its trainings go to other workers.\n' +
        'It fails if it cannot reach the queue at the start; if the connection is lost later, it waits for it.',
    )
    .action(work);
};

async function work(options: WorkerOptions): Promise<void> {
  const { queue, workers, lease, idle } = options;
  if (queue === undefined)
    throw new UsageError('--queue is missing', 'lossc worker --queue redis://HOST:PORT/NAME');
  const data = options.data ?? process.env['LOSSC_DATA'];
  if (data !== undefined && statSync(data, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new RunError(`the data folder ${data} ${existsSync(data) ? 'is a file' : 'does not exist'}`);
  const trusted = [...options.dataset, ...options.model];
  for (const path of trusted) if (!existsSync(path)) throw new RunError(`there is no module ${path}`);
  requireTensorFlow();
  const interrupt = interruptible();
  const progress = createProgress();
  try {
    const { done } = await serveQueue({
      queue,
      trusted,
      ...(workers !== undefined && { workers }),
      ...(lease !== undefined && { leaseSeconds: lease }),
      ...(idle !== undefined && { idleMinutes: idle }),
      ...(data !== undefined && { data }),
      signal: interrupt.signal,
      notice: progress.log,
      onReady: (worker, shown) => progress.log(`${worker} waits for jobs from ${shown}`),
      onProgress: (at) => progress.update(`${at.done} trained, ${at.running} in training`),
    });
    progress.log(`${done} trained`);
  } finally {
    progress.end();
    interrupt.done();
  }
}
