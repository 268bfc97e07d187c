/** The executor that a run asks for. A new kind is a new branch here, and what its settings say. */
import { availableParallelism } from 'node:os';
import type { CommonSettings } from '../model/run-settings.js';
import type { WorkerSetup } from '../training/protocol.js';
import { createAskExecutor } from './ask-executor.js';
import { createEvaluatorExecutor } from './evaluator-executor.js';
import type { Executor } from './executor.js';
import { createPoolExecutor } from './pool-executor.js';

export interface ExecutorSetup extends Pick<WorkerSetup, 'subject' | 'repairSign' | 'backend'> {
  readonly task: CommonSettings['task'];
  readonly evaluator: CommonSettings['evaluator'];
  /** What a script said when the run began. */
  readonly hello?: CommonSettings['hello'] | undefined;
}

/** `workers`: one per core when absent; of a script, which may have one GPU, one. */
export function openExecutor(
  { task, evaluator, hello: known, subject, repairSign, backend }: ExecutorSetup,
  limits: CommonSettings['limits'],
  workers: number | undefined,
): Executor {
  if (evaluator !== undefined) {
    const screening = {
      ...{ subject, repairSign: repairSign === true, scale: task.scale, limits },
      workers: workers ?? 1,
    };
    if ('command' in evaluator) return createEvaluatorExecutor({ ...screening, evaluator, known });
    const { hello, learningRate } = evaluator;
    return createAskExecutor({ ...screening, hello, learningRate });
  }
  const setup: WorkerSetup = {
    work: { kind: 'train', task },
    subject,
    ...(repairSign !== undefined && { repairSign }),
    ...(backend !== undefined && { backend }),
  };
  return createPoolExecutor(setup, { ...limits, workers: workers ?? availableParallelism() });
}
