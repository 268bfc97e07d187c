/** An executor whose trainings are made by a script of somebody's own; screening is done by our workers. */
import { join } from 'node:path';
import { classification } from '../../runtime/tasks/learning.js';
import { withDefaults } from '../losses/defaults.js';
import { identityOf, type ScriptHello } from '../model/evaluator-messages.js';
import type { ScriptSettings } from '../model/run-settings.js';
import { candidatesOf } from '../training/job-candidate.js';
import type { Question } from './evaluator/evaluation.js';
import { type ScreenerOptions, scriptScreener } from './evaluator/screener.js';
import { createScriptPool, SCRIPT_LIMITS, type ScriptPool } from './evaluator/script-pool.js';
import type { Screener, TrainingExecutor } from './executor.js';

export interface EvaluatorExecutor extends Screener, TrainingExecutor {
  readonly scripts: ScriptPool;
}

export interface EvaluatorExecutorOptions extends ScreenerOptions {
  readonly evaluator: ScriptSettings;
  /** See `ScriptPoolOptions`. */
  readonly known?: ScriptHello | undefined;
}

export function createEvaluatorExecutor(options: EvaluatorExecutorOptions): EvaluatorExecutor {
  const { evaluator, subject, scale, limits, workers, known } = options;
  const candidates = candidatesOf(subject);
  const scripts = createScriptPool({
    command: evaluator.command,
    workers,
    limits: { ...SCRIPT_LIMITS, evaluationSeconds: limits.taskSeconds },
    matched: scale === 'matched',
    ...(known !== undefined && { known }),
  });
  const screener = scriptScreener(options, scripts.hello);
  return {
    scripts,
    ...screener,
    async describe() {
      const hello = await scripts.hello();
      return {
        backend: 'evaluator',
        device: hello.environment['device'] ?? 'not said',
        tensorflow: 'none',
        ...(hello.classes !== undefined && { learning: classification(hello.classes) }),
        identity: identityOf(hello),
        hello,
        liveTensors: 0,
      };
    },
    train: (jobs, record) =>
      Promise.all(
        jobs.map(async (job, index) => {
          const { library, loss } = candidates(job);
          const question: Question = {
            ...job,
            candidate: { loss: withDefaults(loss, job.parameters ?? {}), library },
            learningRate: evaluator.learningRate,
            split: 'validation',
          };
          const { report } = await scripts.ask(question, (answered) => record(index, answered.report));
          return report;
        }),
      ),
    inFolder: (directory) => scripts.logInto(join(directory, 'evaluator')),
    async close() {
      await Promise.all([scripts.close(), screener.close()]);
    },
  };
}
