/** Who does the work of a search: a pool of processes, or anything else that answers alike. */

import type { Analysis, Probe, TrainingJob, TrainingReport } from '../model/evaluator.js';

export interface Executor {
  analyse(genomes: readonly (readonly string[])[]): Promise<readonly Analysis[]>;
  probe(genomes: readonly (readonly string[])[]): Promise<readonly Probe[]>;
  /** `record` is called for each training when it has ended, before its worker begins another one. */
  train(
    jobs: readonly TrainingJob[],
    record: (index: number, report: TrainingReport) => void,
  ): Promise<readonly TrainingReport[]>;
  close(): Promise<void>;
}

/** Thrown through an evaluator to leave work in the middle. What was trained is in the ledger. */
export class Interrupted extends Error {}

/** The executor, whose answers fail with `Interrupted` from the moment of the signal on. */
export function untilAborted(executor: Executor, signal: AbortSignal | undefined): Executor {
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
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
  };
  return {
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
