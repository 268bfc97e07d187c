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
    says: 'let "lossc worker" processes on any machine run the trainings: redis://HOST:PORT/NAME, rediss:// for TLS, or a shared folder',
    unusable: ({ given }) =>
      given.has('evaluator')
        ? 'cannot be combined with --evaluator, whose script runs only on this machine'
        : given.has('ask')
          ? 'cannot be combined with --ask, which lists the trainings in the folder of the run'
          : undefined,
  },
};

/** For `compare`. */
export const COMPARING_QUEUE_ROW: Rows<QueueOptions> = {
  queue: {
    ...TRAINING_QUEUE_ROW.queue,
    unusable: ({ given }) =>
      given.has('evaluator')
        ? 'cannot be combined with --evaluator, whose script runs only on this machine'
        : given.has('normalise')
          ? 'cannot be combined with --normalise, which is not part of a job'
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
