/** A pool of processes that make the trainings of comparisons. */
import { RunError } from '../../errors.js';
import { validated } from '../../read-json.js';
import { failedReport, type TrainingReport } from '../model/evaluator.js';
import {
  type ComparisonJob,
  type ComparisonSetup,
  type ComparisonTask,
  comparisonRun,
} from '../training/comparison-protocol.js';
import { type TrainerDescription, trainerDescription } from '../training/protocol.js';
import type { TaskEnd } from './pool/child.js';
import { createPool, type PoolOptions } from './pool/pool.js';

export interface ComparisonPool {
  describe(): Promise<TrainerDescription>;
  /** The report has the run, and its score is the value on the examples that were looked at last. */
  train(job: ComparisonJob): Promise<TrainingReport>;
  close(): Promise<void>;
}

const MODULE = new URL(
  import.meta.url.endsWith('.ts') ? './comparison-worker.ts' : './comparison-worker.js',
  import.meta.url,
).href;

export function createComparisonPool(
  setup: ComparisonSetup,
  options: Omit<PoolOptions, 'module' | 'setup'>,
): ComparisonPool {
  const pool = createPool({ ...options, module: MODULE, setup });
  const ask = (task: ComparisonTask): Promise<TaskEnd> => pool.run(task);
  return {
    async describe() {
      const end = await ask({ kind: 'describe' });
      if (end.kind === 'answered') return validated(end.result, trainerDescription, WRONG);
      throw new RunError(`a worker could not be started: ${end.kind === 'threw' ? end.message : end.detail}`);
    },
    async train(job) {
      const start = performance.now();
      const end = await ask({ kind: 'compare', job });
      const milliseconds = performance.now() - start;
      if (end.kind === 'threw') return failedReport('failed', end.message, milliseconds);
      if (end.kind === 'lost') return failedReport(end.fate, end.detail, milliseconds);
      const run = validated(end.result, comparisonRun, WRONG);
      return {
        end: run.stoppedAt === undefined ? 'finished' : 'not-finite',
        score: job.phase === 'training' ? run.testValue : run.validationValue,
        steps: run.stoppedAt?.step ?? run.curve.at(-1)?.step ?? 0,
        curve: [],
        milliseconds,
        run,
      };
    },
    close: () => pool.close(),
  };
}

const WRONG = 'a worker gave a different answer than it was asked for';
