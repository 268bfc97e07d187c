/** Trains the jobs of a queue in processes of this machine, or says why it cannot. */
import { messageOf } from '../../errors.js';
import { createPoolExecutor, type PoolExecutor } from '../executors/pool-executor.js';
import { missingFile } from '../executors/queue/local-files.js';
import type { QueueJob } from '../executors/queue/messages.js';
import type { TrainingReport } from '../model/evaluator.js';
import { environmentOf } from './environment.js';

/** Why a job cannot be done here, or its report. */
type Trained = TrainingReport | string;

export interface Trainers {
  train(job: QueueJob): Promise<Trained>;
  close(): Promise<void>;
}

interface TrainerEntry {
  readonly pool: PoolExecutor;
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
    const { environment, limits, task, subject, files } = job;
    const key = JSON.stringify([environment, limits, task, subject, files]);
    const known = pools.get(key);
    if (known !== undefined) return known;
    for (const [other, { busy, pool }] of pools) {
      if (busy > 0) continue;
      pools.delete(other);
      void pool.close();
    }
    const cases = task.cases.map((one) => ({ ...one, ...(data !== undefined && { data }) }));
    const work = { kind: 'train' as const, task: { ...task, cases } };
    const setup = { work, subject, backend: environment.backend };
    const pool = createPoolExecutor(setup, { ...limits, workers });
    const entry = { pool, problem: problemOf(pool, job), busy: 0 };
    pools.set(key, entry);
    return entry;
  }

  async function problemOf(pool: PoolExecutor, job: QueueJob): Promise<string | undefined> {
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
        const [report] = await entry.pool.train([job.job], () => {});
        return report!;
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
