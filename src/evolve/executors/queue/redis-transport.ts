/**
 * A queue on Redis or Valkey. BullMQ carries the jobs. Answers are a stream beside them, which every coordinator reads from its
 * beginning: so an answer outlives the lock of its job, the worker's connection, and the coordinator that asked.
 */
import type { Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { medianOf } from '../../cmaes/stop.js';
import { connected, judgeServer, type RedisAddress, redisPackages, tryServer } from './redis-connection.js';
import {
  type CoordinatorEnd,
  type Notice,
  once,
  type QueuedText,
  type Transport,
  type WorkerEnd,
} from './transport.js';

/** In front of all our keys. */
const PREFIX = 'lossc';
/** Answers that are kept for coordinators which are not there just now. */
const MOST_ANSWERS = 10_000;
/** Milliseconds that a question for new answers waits. */
const WAIT_MS = 5000;
/** Milliseconds after an error. */
const PAUSE_MS = 1000;

const answersKey = ({ name }: RedisAddress): string => `${PREFIX}-answers:${name}`;
const pause = (): Promise<void> => new Promise((done) => setTimeout(done, PAUSE_MS));

export function redisTransport(address: RedisAddress, notice: Notice): Transport {
  return {
    shown: address.shown,
    async coordinate() {
      await requireServer(address, notice);
      return coordinatorEnd(address, notice);
    },
    async work(worker) {
      await requireServer(address, notice);
      return workerEnd(address, worker, notice);
    },
    async examine() {
      const { info, trips } = await tryServer(address);
      return { ...judgeServer(info), roundTrip: medianOf(trips) };
    },
  };
}

/** Jobs that are dropped are offered again, so a policy that drops them is only told of. */
async function requireServer(address: RedisAddress, notice: Notice): Promise<void> {
  const { info } = await tryServer(address);
  for (const problem of judgeServer(info).problems) notice(`${address.shown}: ${problem}`);
}

async function coordinatorEnd(address: RedisAddress, notice: Notice): Promise<CoordinatorEnd> {
  const { Queue } = await redisPackages();
  const client = await connected(address, notice);
  const reader = await connected(address, () => {});
  const queue: Queue = new Queue(address.name, {
    connection: client,
    prefix: PREFIX,
    skipVersionCheck: true,
  });
  // Told of by the connection.
  queue.on('error', () => {});
  let closed = false;
  return {
    async offer(jobs) {
      await queue.addBulk(
        jobs.map(({ id, text }) => ({
          name: 'train',
          data: { text },
          opts: { jobId: id, removeOnComplete: true, removeOnFail: true },
        })),
      );
    },
    async look(ids) {
      const states = await Promise.all(ids.map((id) => queue.getJobState(id)));
      return {
        missing: ids.filter((_, i) => states[i] === 'unknown'),
        active: states.includes('active'),
      };
    },
    listen(onAnswer) {
      void readStream(reader, answersKey(address), onAnswer, () => closed);
    },
    committed: () => {},
    async withdraw(ids) {
      if (client.status !== 'ready') return;
      await Promise.all(ids.map((id) => queue.remove(id).catch(() => 0)));
    },
    async close() {
      closed = true;
      reader.disconnect();
      await queue.close().catch(() => {});
      client.disconnect();
    },
  };
}

/** Goes on for ever. A stream that was lost with its server begins anew, with larger numbers, for they are times. */
async function readStream(
  reader: Redis,
  key: string,
  onAnswer: (answer: QueuedText) => void,
  closed: () => boolean,
): Promise<void> {
  let last = '0';
  while (!closed()) {
    try {
      const found = await reader.xread('BLOCK', WAIT_MS, 'STREAMS', key, last);
      for (const [entry, fields] of found?.[0]?.[1] ?? []) {
        last = entry;
        const [, id = '', , text = ''] = fields;
        if (!closed()) onAnswer({ id, text });
      }
    } catch {
      if (!closed()) await pause();
    }
  }
}

async function workerEnd(address: RedisAddress, name: string, notice: Notice): Promise<WorkerEnd> {
  const { Worker, WaitingError } = await redisPackages();
  const client = await connected(address, notice);
  const told = once(notice);
  const publish = async (id: string, answer: string): Promise<void> => {
    for (;;) {
      try {
        await client.xadd(
          ...([answersKey(address), 'MAXLEN', '~', MOST_ANSWERS, '*'] as const),
          ...(['id', id, 'answer', answer] as const),
        );
        return;
      } catch (thrown) {
        // A server that was just started, is out of memory, or has another master.
        told(`${address.shown} does not accept answers: ${(thrown as Error).message}; trying again`);
        await pause();
      }
    }
  };
  return {
    async serve({ slots, leaseSeconds, handle, signal }) {
      const done = aborted(signal);
      const worker = new Worker(
        address.name,
        async (job: Job<{ readonly text?: unknown }>, token) => {
          const { text } = job.data;
          const { answer, giveBack } = await handle({
            id: job.id ?? '',
            text: typeof text === 'string' ? text : '',
          });
          if (answer !== undefined) await publish(job.id ?? '', answer);
          if (!giveBack) return;
          // It takes no other one first, which might be the same.
          await worker.pause(true);
          await job.moveToWait(token);
          throw new WaitingError();
        },
        {
          connection: client,
          prefix: PREFIX,
          name,
          concurrency: slots,
          lockDuration: leaseSeconds * 1000,
          stalledInterval: leaseSeconds * 1000,
          // A worker that is lost says nothing about its job.
          maxStalledCount: Number.MAX_SAFE_INTEGER,
          skipVersionCheck: true,
        },
      );
      // A lost connection is told of by the connection; a lost lock is another worker's gain.
      worker.on('error', () => {});
      await done;
      await worker.pause(true);
      await worker.close();
    },
    async close() {
      client.disconnect();
    },
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
