/**
 * A pool of worker processes. Tasks are plain data and their answers depend only on the task, so it does not matter
 * which worker does what, or when. A task whose process dies is tried again in a fresh process: a worker that was killed
 * from outside changes nothing, and a candidate that crashes does so twice and costs only itself.
 */
import { availableParallelism } from 'node:os';
import { type Child, type ChildLimits, StartLost, startChild, type TaskEnd } from './child.js';

export interface PoolOptions {
  /** URL of the module that answers tasks (see `TaskModule`). */
  readonly module: string;
  /** What every worker loads once. */
  readonly setup: unknown;
  /** Number of processes; one per core when absent. */
  readonly workers?: number;
  /** Wall-clock limit of one task. */
  readonly taskSeconds: number;
  readonly memoryMiB: number;
}

export interface Pool {
  readonly size: number;
  /**
   * Runs a task as soon as a worker is free, in the order of asking, but for those that are `short`: they go before all others.
   * `record` sees the answer before the worker gets another task. Rejects only when the pool cannot work at all, or when `record`
   * throws.
   */
  run(
    task: unknown,
    options?: { readonly record?: (end: TaskEnd) => void; readonly short?: boolean },
  ): Promise<TaskEnd>;
  /** Process numbers of the living workers. */
  pids(): number[];
  /** Processes that were replaced because their memory had grown. */
  recycled(): number;
  /** Ends all workers; tasks under way are given up and never settle. */
  close(): Promise<void>;
}

/** Processes in a row that may end while starting before the pool gives up. */
const MOST_LOST_STARTS = 4;
/** Processes that one task may lose, by how the last one ended. Who is killed five times is what a machine without memory kills. */
const MOST_TRIES: Readonly<Record<Extract<TaskEnd, { readonly kind: 'lost' }>['fate'], number>> = {
  killed: 5,
  crashed: 2,
  'out-of-memory': 2,
  'timed-out': 1,
};
/** A worker is replaced between tasks when it holds more than this share of its memory. */
const RECYCLE_SHARE = 0.7;

interface Waiting {
  readonly task: unknown;
  readonly record: ((end: TaskEnd) => void) | undefined;
  readonly short: boolean;
  readonly resolve: (end: TaskEnd) => void;
  readonly reject: (reason: unknown) => void;
  readonly tries: number;
}

export function createPool(options: PoolOptions): Pool {
  const size = Math.max(1, options.workers ?? availableParallelism());
  const limits: ChildLimits = {
    // Tensors live outside the heap; a quarter of the memory is ample for the rest.
    heapMiB: Math.max(64, Math.round(options.memoryMiB / 2)),
    residentMiB: options.memoryMiB,
  };
  const queue: Waiting[] = [];
  const children = new Map<number, Child>();
  const busy = new Set<number>();
  let recycled = 0;
  let closed = false;

  async function childAt(slot: number): Promise<Child> {
    const current = children.get(slot);
    if (current?.isAlive()) {
      if (current.resident() <= RECYCLE_SHARE * options.memoryMiB) return current;
      recycled++;
      await current.end();
    }
    for (let lost = 1; ; lost++) {
      const fresh = startChild(options.module, options.setup, limits);
      children.set(slot, fresh);
      try {
        await fresh.ready;
        return fresh;
      } catch (thrown) {
        if (closed || !(thrown instanceof StartLost) || lost === MOST_LOST_STARTS) throw thrown;
      }
    }
  }

  async function serve(slot: number): Promise<void> {
    busy.add(slot);
    for (let waiting = queue.shift(); waiting !== undefined && !closed; waiting = queue.shift()) {
      try {
        const child = await childAt(slot);
        const end = await child.run(waiting.task, options.taskSeconds * 1000);
        if (closed) return;
        if (end.kind === 'lost' && waiting.tries + 1 < MOST_TRIES[end.fate]) {
          queue.unshift({ ...waiting, tries: waiting.tries + 1 });
        } else {
          waiting.record?.(end);
          waiting.resolve(end);
        }
      } catch (thrown) {
        if (!closed) waiting.reject(thrown);
      }
    }
    busy.delete(slot);
  }

  return {
    size,
    run(task, { record, short = false } = {}) {
      return new Promise((resolve, reject) => {
        const after = short ? queue.findIndex((other) => !other.short) : -1;
        const waiting = { task, record, short, resolve, reject, tries: 0 };
        queue.splice(after < 0 ? queue.length : after, 0, waiting);
        const free = Array.from({ length: size }, (_, slot) => slot).find((slot) => !busy.has(slot));
        if (free !== undefined) void serve(free);
      });
    },
    pids: () => [...children.values()].filter((child) => child.isAlive()).map((child) => child.pid),
    recycled: () => recycled,
    async close() {
      closed = true;
      queue.length = 0;
      await Promise.all([...children.values()].map((child) => child.end()));
    },
  };
}
