/** An evaluator that never asks twice: what the ledger knows is not trained again. */
import type { Executor } from '../executors/executor.js';
import type { Evaluator, TrainingReport } from '../model/evaluator.js';
import { failureWatch } from './failure-watch.js';
import { type Ledger, trainingKey } from './ledger.js';

/** Under this key a ledger keeps what an evaluator says of its environment: it is part of what identifies a training. */
export const TRAINER_KEY = 'trainer';

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
  const trainer = ledger.meta(TRAINER_KEY);
  return {
    analyse: (genomes) => executor.analyse(genomes),
    probe: (genomes) => executor.probe(genomes),
    async train(jobs) {
      const keys = jobs.map((job) => trainingKey(job, trainer));
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
