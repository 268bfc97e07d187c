/** `--queue`: where jobs for workers on other machines are put. */
import type { QueueRunning } from '../evolve/executors/queue-executor.js';
import type { Rows } from './option-table.js';

export interface QueueOptions {
  readonly queue?: string;
}

export const QUEUE_ROW: Rows<QueueOptions> = {
  queue: {
    flags: '--queue <where>',
    says: 'redis://HOST:PORT/NAME, rediss:// for TLS (password: LOSSC_QUEUE_PASSWORD), or a folder that all machines share',
    resumed: 'this sitting',
  },
};

/** For `evolve` and `tune`. */
export const TRAINING_QUEUE_ROW: Rows<QueueOptions> = {
  queue: {
    ...QUEUE_ROW.queue,
    says: 'have the trainings made by "lossc worker" on any machines: redis://HOST:PORT/NAME, rediss:// for TLS, or a shared folder',
    unusable: ({ given }) =>
      given.has('evaluator')
        ? 'cannot take --evaluator: its script is on this machine alone'
        : given.has('ask')
          ? 'cannot take --ask: whoever answers is asked in the folder of the run'
          : undefined,
  },
};

/** For `compare`. */
export const COMPARING_QUEUE_ROW: Rows<QueueOptions> = {
  queue: {
    ...TRAINING_QUEUE_ROW.queue,
    unusable: ({ given }) =>
      given.has('evaluator')
        ? 'cannot take --evaluator: its script is on this machine alone'
        : given.has('normalise')
          ? 'cannot take --normalise: a job does not say it'
          : undefined,
  },
};

/** What a run is told of it. */
export const queueRunning = (
  { queue }: QueueOptions,
  notice: (text: string) => void,
): { readonly queue?: QueueRunning } => (queue === undefined ? {} : { queue: { queue, notice } });

/** The command line for the record, without passwords: a run folder may be given to others. */
export const recordedCommand = (): string =>
  `lossc ${process.argv.slice(2).join(' ')}`.replace(/(\brediss?:\/\/[^\s:/@]*):[^\s/]*@/gi, '$1:***@');
