/** Trains the jobs of a queue in processes of this machine, or says why it cannot. */
import { invariant } from '../../../grammar/invariant.js';
import { messageOf } from '../../errors.js';
import { createComparisonPool } from '../executors/comparison-pool.js';
import { createPoolExecutor } from '../executors/pool-executor.js';
import { missingFile } from '../executors/queue/local-files.js';
import type { QueueJob } from '../executors/queue/messages.js';
import type { TrainingReport } from '../model/evaluator.js';
import type { TrainerDescription } from '../training/protocol.js';
import { environmentOf } from './environment.js';

/** Why a job cannot be done here, or its report. */
type Trained = TrainingReport | string;

export interface Trainers {
  train(job: QueueJob): Promise<Trained>;
  close(): Promise<void>;
}

/** Processes that have loaded one task. */
interface TrainerPool {
  describe(): Promise<TrainerDescription>;
  train(job: QueueJob): Promise<TrainingReport>;
  close(): Promise<void>;
}

interface TrainerEntry {
  readonly pool: TrainerPool;
  /** Why it cannot do this task's jobs. */
  readonly problem: Promise<string | undefined>;
  busy: number;
}

/** What this machine has, and what it may load. */
export interface LocalFiles {
  /** Folder of the data files of this machine. */
  readonly data?: string;
  /** Paths of modules for data and models that may be loaded, as the jobs write them. */
  readonly trusted?: readonly string[];
}

/** A pool of processes for each task that jobs are of. Only the latest keeps its processes while it has nothing to do. */
export function createTrainers(workers: number, { data, trusted = [] }: LocalFiles): Trainers {
  const pools = new Map<string, TrainerEntry>();
  const allowed = new Set(trusted);

  function trainerFor(job: QueueJob): TrainerEntry {
    const { environment, limits, task, files } = job;
    const shared = 'subject' in job ? job.subject : 'comparison';
    const key = JSON.stringify([environment, limits, task, shared, files]);
    const known = pools.get(key);
    if (known !== undefined) return known;
    for (const [other, { busy, pool }] of pools) {
      if (busy > 0) continue;
      pools.delete(other);
      void pool.close();
    }
    const pool = openPool(job);
    const entry = { pool, problem: problemOf(pool, job), busy: 0 };
    pools.set(key, entry);
    return entry;
  }

  function openPool({ environment: { backend }, limits, ...job }: QueueJob): TrainerPool {
    const cases = job.task.cases.map((one) => ({ ...one, ...(data !== undefined && { data }) }));
    const task = { ...job.task, cases };
    if ('comparison' in job) {
      const pool = createComparisonPool({ task, backend }, { ...limits, workers });
      return {
        ...pool,
        train(asked) {
          invariant('comparison' in asked, 'a pool of comparisons was asked for a training of a search');
          return pool.train(asked.comparison);
        },
      };
    }
    const setup = { work: { kind: 'train' as const, task }, subject: job.subject, backend };
    const pool = createPoolExecutor(setup, { ...limits, workers });
    return {
      describe: pool.describe,
      async train(asked) {
        invariant('job' in asked, 'a pool of a search was asked for a training of a comparison');
        const [report] = await pool.train([asked.job], () => {});
        return report!;
      },
      close: pool.close,
    };
  }

  async function problemOf(pool: TrainerPool, job: QueueJob): Promise<string | undefined> {
    const missing = missingFile(job.task, job.files, allowed);
    if (missing !== undefined) return missing;
    try {
      const here = environmentOf(await pool.describe());
      const names = Object.keys(job.environment) as (keyof typeof here)[];
      const different = names.filter((name) => here[name] !== job.environment[name]);
      if (different.length === 0) return undefined;
      return `its jobs are for ${different.map((name) => `${name} ${job.environment[name]}, and here it is ${here[name]}`).join('; for ')}`;
    } catch (thrown) {
      return messageOf(thrown);
    }
  }

  return {
    async train(job) {
      const entry = trainerFor(job);
      entry.busy++;
      try {
        const problem = await entry.problem;
        if (problem !== undefined) return problem;
        return await entry.pool.train(job);
      } catch (thrown) {
        return messageOf(thrown);
      } finally {
        entry.busy--;
      }
    },
    async close() {
      await Promise.all([...pools.values()].map(({ pool }) => pool.close()));
    },
  };
}
