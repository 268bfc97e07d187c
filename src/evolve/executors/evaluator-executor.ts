/** An executor whose trainings are made by a script of somebody's own; screening is done by our workers. */
import { join } from 'node:path';
import { withDefaults } from '../losses/defaults.js';
import { identityOf } from '../model/evaluator-messages.js';
import type { EvaluatorSettings } from '../model/run-settings.js';
import { candidatesOf } from '../training/job-candidate.js';
import type { WorkerSetup } from '../training/protocol.js';
import type { Question } from './evaluator/evaluation.js';
import { createScriptPool, SCRIPT_LIMITS, type ScriptPool } from './evaluator/script-pool.js';
import type { Screener, TrainingExecutor } from './executor.js';
import type { PoolOptions } from './pool/pool.js';
import { createPoolExecutor, type PoolExecutor } from './pool-executor.js';

export interface EvaluatorExecutor extends Screener, TrainingExecutor {
  readonly scripts: ScriptPool;
}

export interface EvaluatorExecutorOptions {
  readonly evaluator: EvaluatorSettings;
  readonly subject: WorkerSetup['subject'];
  readonly repairSign: boolean;
  readonly scale: 'matched' | 'raw';
  readonly limits: Omit<PoolOptions, 'module' | 'setup' | 'workers'>;
  /** Processes of the script, and of ours for screening. */
  readonly workers: number;
}

export function createEvaluatorExecutor(options: EvaluatorExecutorOptions): EvaluatorExecutor {
  const { evaluator, subject, repairSign, scale, limits, workers } = options;
  const candidates = candidatesOf(subject);
  const scripts = createScriptPool({
    command: evaluator.command,
    workers,
    limits: { ...SCRIPT_LIMITS, evaluationSeconds: limits.taskSeconds },
    matched: scale === 'matched',
  });
  let screening: Promise<PoolExecutor> | undefined;
  const screener = (): Promise<PoolExecutor> => {
    screening ??= scripts.hello().then(({ classes }) => {
      const work: WorkerSetup['work'] = {
        kind: 'screen',
        ...(classes !== undefined && { classes }),
        // Without classes nothing says how a loss could be scaled.
        scaleMatters: scale === 'raw' || classes === undefined,
      };
      return createPoolExecutor({ work, subject, repairSign }, { ...limits, workers });
    });
    return screening;
  };
  return {
    scripts,
    async describe() {
      const hello = await scripts.hello();
      return {
        backend: 'evaluator',
        device: hello.environment['device'] ?? 'not said',
        tensorflow: 'none',
        ...(hello.classes !== undefined && { classes: hello.classes }),
        identity: identityOf(hello),
        liveTensors: 0,
      };
    },
    analyse: async (genomes) => (await screener()).analyse(genomes),
    probe: async (genomes) => (await screener()).probe(genomes),
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
    logInto: (directory) => scripts.logInto(join(directory, 'evaluator')),
    async close() {
      await Promise.all([scripts.close(), screening?.then((pool) => pool.close()).catch(() => {})]);
    },
  };
}
