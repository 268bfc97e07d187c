/** Evaluators that never ask twice: what the ledger knows is not trained again. */
import type { Executor } from '../executors/executor.js';
import type { Evaluator, TrainingJob, TrainingReport } from '../model/evaluator.js';
import { failureWatch } from './failure-watch.js';
import { type Ledger, trainingKey } from './ledger.js';

/** Under this key a ledger keeps what an evaluator says of its environment: it is part of what identifies a training. */
export const TRAINER_KEY = 'trainer';

/** Sees each training that was made, and the generation that it was made in. */
type OnTraining = (report: TrainingReport, generation: number, job: TrainingJob) => void;

/**
 * Gives the evaluator of a generation. Trainings of it of which the ledger knows the result are not made again, nor is one that is asked
 * for twice; all others are written to it as they end. Those of other generations are no matter: which of them are known depends on
 * who is fast. Throws a RunError when trainings only fail.
 */
export function recordingEvaluators(
  executor: Executor,
  ledger: Ledger,
  onTraining: OnTraining = () => {},
): (generation: number) => Evaluator {
  const watch = failureWatch();
  const trainer = ledger.meta(TRAINER_KEY);
  return (generation) => ({
    analyse: (genomes) => executor.analyse(genomes),
    probe: (genomes) => executor.probe(genomes),
    async train(jobs) {
      const keys = jobs.map((job) => trainingKey(job, trainer));
      const reports = new Map(keys.map((key) => [key, ledger.pendingTraining(generation, key)]));
      const open = [...reports.keys()].filter((key) => reports.get(key) === undefined);
      const asked = open.map((key) => jobs[keys.indexOf(key)]!);
      const made = await executor.train(asked, (index, report) => {
        ledger.addTraining(generation, open[index]!, asked[index]!, report);
        onTraining(report, generation, asked[index]!);
        watch(report);
      });
      for (const [index, key] of open.entries()) reports.set(key, made[index]);
      return keys.map((key) => reports.get(key)!);
    },
  });
}
