/**
 * Who does the work of a search. Screening is always ours; trainings are made by our own workers, by somebody's script, or by whatever
 * else answers alike.
 */

import type { Analysis, Probe, TrainingJob, TrainingReport } from '../model/evaluator.js';
import type { TrainerDescription } from '../training/protocol.js';

/** Judges genomes without training them. */
export interface Screener {
  analyse(genomes: readonly (readonly string[])[]): Promise<readonly Analysis[]>;
  probe(genomes: readonly (readonly string[])[]): Promise<readonly Probe[]>;
  close(): Promise<void>;
}

/** Trains candidates: the part of an executor of which there are several kinds. */
export interface TrainingExecutor {
  /** What results depend on besides the question. Throws a RunError where no training could be made at all. */
  describe(): Promise<TrainerDescription>;
  /** `record` is called for each training when it has ended, before its worker begins another one. */
  train(
    jobs: readonly TrainingJob[],
    record: (index: number, report: TrainingReport) => void,
  ): Promise<readonly TrainingReport[]>;
  /** Where the run is, from the moment at which it has a folder. */
  inFolder?(directory: string): void;
  close(): Promise<void>;
}

export type Executor = Screener & TrainingExecutor;

/** Thrown through an evaluator to leave work in the middle. What was trained is in the ledger. */
export class Interrupted extends Error {}

/** What comes of the work, or `Interrupted` from the moment of the signal on. */
export async function unlessAborted<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal?.aborted) throw new Interrupted();
  if (signal === undefined) return work();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Interrupted());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The executor, whose answers fail with `Interrupted` from the moment of the signal on. */
export function untilAborted(executor: Executor, signal: AbortSignal | undefined): Executor {
  const guard = <T>(work: () => Promise<T>): Promise<T> => unlessAborted(work, signal);
  return {
    describe: () => guard(() => executor.describe()),
    analyse: (genomes) => guard(() => executor.analyse(genomes)),
    probe: (genomes) => guard(() => executor.probe(genomes)),
    train: (jobs, record) =>
      guard(() =>
        executor.train(jobs, (index, report) => {
          if (signal?.aborted !== true) record(index, report);
        }),
      ),
    close: () => executor.close(),
  };
}
