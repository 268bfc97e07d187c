/** An executor whose work is done by a pool of processes. */

import { RunError } from '../../errors.js';
import { type Schema, validated } from '../../read-json.js';
import { type Analysis, failedReport, type TrainingReport } from '../model/evaluator.js';
import {
  analyses,
  probes,
  type TrainerDescription,
  trainerDescription,
  trainingReport,
  type WorkerSetup,
  type WorkerTask,
} from '../training/protocol.js';
import type { Executor } from './executor.js';
import type { TaskEnd } from './pool/child.js';
import { createPool, type Pool, type PoolOptions } from './pool/pool.js';

export interface PoolExecutor extends Executor {
  readonly pool: Pool;
}

const MODULE = new URL(
  import.meta.url.endsWith('.ts') ? './search-worker.ts' : './search-worker.js',
  import.meta.url,
).href;

/** Genomes in one task: enough to make messages cheap, few enough to spread over the workers. */
const CHUNK = 8;

export function createPoolExecutor(
  setup: WorkerSetup,
  options: Omit<PoolOptions, 'module' | 'setup'>,
): PoolExecutor {
  const pool = createPool({ ...options, module: MODULE, setup });
  const ask = (task: WorkerTask, options?: Parameters<Pool['run']>[1]): Promise<TaskEnd> =>
    pool.run(task, options);

  /** Asks about genomes in chunks; a chunk that is the end of its worker is asked about one by one. */
  async function inChunks<A>(
    kind: 'analyse' | 'probe',
    schema: Schema<A[]>,
    genomes: readonly (readonly string[])[],
    failed: (genome: readonly string[], reason: string) => A,
  ): Promise<A[]> {
    const chunks = Array.from({ length: Math.ceil(genomes.length / CHUNK) }, (_, i) =>
      genomes.slice(i * CHUNK, (i + 1) * CHUNK),
    );
    const answers = await Promise.all(
      chunks.map(async (chunk): Promise<A[]> => {
        // A generation that is being proposed does not wait for the trainings of others.
        const end = await ask({ kind, genomes: chunk }, { short: true });
        if (end.kind === 'answered') return answered(end.result, schema);
        if (chunk.length > 1) {
          return (await Promise.all(chunk.map((genome) => inChunks(kind, schema, [genome], failed)))).flat();
        }
        return [failed(chunk[0]!, end.kind === 'threw' ? end.message : `${end.fate}: ${end.detail}`)];
      }),
    );
    return answers.flat();
  }

  return {
    pool,
    async describe(): Promise<TrainerDescription> {
      const end = await ask({ kind: 'describe' });
      if (end.kind === 'answered') return answered(end.result, trainerDescription);
      throw new RunError(`a worker could not be started: ${end.kind === 'threw' ? end.message : end.detail}`);
    },
    analyse: (genomes) => inChunks('analyse', analyses, genomes, unanalysed),
    probe: (genomes) =>
      inChunks('probe', probes, genomes, (_, rejection) => ({ score: 0, rejection, milliseconds: 0 })),
    train: (jobs, record) =>
      Promise.all(
        jobs.map(async (job, index) => {
          const end = await ask(
            { kind: 'train', job },
            { record: (final) => record(index, reportOf(final)) },
          );
          return reportOf(end);
        }),
      ),
    close: () => pool.close(),
  };
}

function unanalysed(genome: readonly string[], reason: string): Analysis {
  return {
    genome,
    size: 0,
    flipped: false,
    rejections: [{ stage: 'static', reason }],
    canonical: '',
    gradient: '',
    fingerprint: '',
    features: [],
    milliseconds: {},
  };
}

/** What another process sends is not trusted either. */
const answered = <T>(result: unknown, schema: Schema<T>): T =>
  validated(result, schema, 'a worker gave a different answer than it was asked for');

function reportOf(end: TaskEnd): TrainingReport {
  if (end.kind === 'answered') return answered(end.result, trainingReport);
  return end.kind === 'threw' ? failedReport('failed', end.message) : failedReport(end.fate, end.detail);
}
