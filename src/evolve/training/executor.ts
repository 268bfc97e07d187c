/** Who does the work of a search: a pool of processes, or anything else that answers alike. */

import { type Ledger, trainingKey } from '../store/ledger.js';
import type { Analysis, Evaluator, Probe, TrainingJob, TrainingReport } from './evaluator.js';
import { failureWatch } from './failure-watch.js';

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

/**
 * Trainings of which the ledger knows the result are not made again; all others are written to it as they end. Throws a
 * RunError when they only fail.
 */
export function recordingEvaluator(
  executor: Executor,
  ledger: Ledger,
  generation: () => number,
  onTraining: (report: TrainingReport) => void = () => {},
): Evaluator {
  const watch = failureWatch();
  return {
    analyse: (genomes) => executor.analyse(genomes),
    probe: (genomes) => executor.probe(genomes),
    async train(jobs) {
      const keys = jobs.map(trainingKey);
      const reports = keys.map((key) => ledger.pendingTraining(key));
      const open = jobs.map((_, i) => i).filter((i) => reports[i] === undefined);
      const made = await executor.train(
        open.map((i) => jobs[i]!),
        (index, report) => {
          const i = open[index]!;
          ledger.addTraining(generation(), keys[i]!, jobs[i]!, report);
          onTraining(report);
          watch(report);
        },
      );
      for (const [index, i] of open.entries()) reports[i] = made[index];
      return reports.map((report) => report!);
    },
  };
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
