/** A worker of a queue: takes jobs, trains in processes of its own, answers. What it cannot do it gives back, says why, and ends. */
import { availableParallelism } from 'node:os';
import { messageOf, RunError } from '../../errors.js';
import { type Answer, readJob } from '../executors/queue/messages.js';
import { openQueue, workerName } from '../executors/queue/open-queue.js';
import type { Handled, Notice, QueuedText } from '../executors/queue/transport.js';
import { createTrainers, type LocalFiles } from './queue-trainers.js';

export interface QueueWorkerOptions extends LocalFiles {
  /** A URL of Redis, or a folder. */
  readonly queue: string;
  /** Trainings at a time; one per core when absent. */
  readonly workers?: number;
  /** Seconds of silence after which others take this worker's jobs. */
  readonly leaseSeconds?: number;
  /** Ends after so many minutes without a job; never when absent. */
  readonly idleMinutes?: number;
  readonly signal: AbortSignal;
  readonly notice: Notice;
  /** The queue could be reached; `worker` is the name that others know this one by. */
  readonly onReady?: (worker: string, shown: string) => void;
  readonly onProgress?: (progress: QueueWorkerProgress) => void;
}

export interface QueueWorkerProgress {
  readonly done: number;
  readonly running: number;
}

/** Long enough for a network that is gone for a moment, short enough to wait for. */
const LEASE_SECONDS = 60;

/** Ends when the signal is raised, or after the time without a job. Throws a RunError when it meets a job that it cannot do. */
export async function serveQueue(options: QueueWorkerOptions): Promise<QueueWorkerProgress> {
  const { queue, leaseSeconds = LEASE_SECONDS, idleMinutes, signal, notice } = options;
  const slots = options.workers ?? availableParallelism();
  const worker = workerName();
  const transport = openQueue(queue, notice);
  const { shown } = transport;
  const end = await transport.work(worker);
  options.onReady?.(worker, shown);
  const stop = new AbortController();
  /** Give up what is being trained. */
  const leave = new Set<() => void>();
  const onSignal = (): void => {
    stop.abort();
    for (const give of leave) give();
  };
  signal.addEventListener('abort', onSignal, { once: true });
  if (signal.aborted) stop.abort();
  const trainers = createTrainers(slots, options);
  let refusal: RunError | undefined;
  let [done, running] = [0, 0];
  let idle: NodeJS.Timeout | undefined;
  const rest = (): void => {
    clearTimeout(idle);
    if (running === 0 && idleMinutes !== undefined)
      idle = setTimeout(() => stop.abort(), idleMinutes * 60_000);
    options.onProgress?.({ done, running });
  };

  const answered = (answer: AnswerOf): string => JSON.stringify({ worker, ...answer } satisfies Answer);

  async function refuse(reason: string): Promise<Handled> {
    refusal ??= new RunError(`this worker cannot work for ${shown}: ${reason}`);
    onSignal();
    return { answer: answered({ kind: 'refused', reason }), giveBack: true };
  }

  /** Undefined where it is given up. */
  function unlessLeft<T>(work: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const give = (): void => resolve(undefined);
      leave.add(give);
      if (stop.signal.aborted) give();
      work.then(resolve, reject).finally(() => leave.delete(give));
    });
  }

  async function train({ id, text }: QueuedText): Promise<Handled> {
    let job: ReturnType<typeof readJob>;
    try {
      job = readJob(id, text);
    } catch (thrown) {
      const reason = messageOf(thrown);
      notice(`a job of ${shown} is wrong: ${reason}`);
      return { answer: answered({ kind: 'invalid', reason }), giveBack: false };
    }
    if (job === 'another format') return refuse('its jobs come from another version of lossc');
    const ended = await unlessLeft(trainers.train(job));
    if (ended === undefined) return { giveBack: true };
    if (typeof ended === 'string') return refuse(ended);
    done++;
    return { answer: answered({ kind: 'report', report: ended }), giveBack: false };
  }

  rest();
  try {
    await end.serve({
      slots,
      leaseSeconds,
      signal: stop.signal,
      async handle(given) {
        running++;
        rest();
        try {
          return await train(given);
        } finally {
          running--;
          rest();
        }
      },
    });
  } finally {
    clearTimeout(idle);
    signal.removeEventListener('abort', onSignal);
    await trainers.close();
    await end.close();
  }
  if (refusal !== undefined) throw refusal;
  return { done, running };
}

type AnswerOf = Answer extends infer A ? (A extends Answer ? Omit<A, 'worker'> : never) : never;
