/** The trainings of a comparison, made by the workers of a queue; what comes of them is what one machine has. */
import { RunError } from '../../errors.js';
import type { ComparisonRunner, RunRequest } from '../../runtime/compare-runner.js';
import type { ComparisonOptions } from '../../runtime/comparison-report.js';
import type { ComparisonRun } from '../../runtime/comparison-run.js';
import { trainedBy } from '../../runtime/compile-for-training.js';
import { createCoordinator } from '../executors/queue/coordinator.js';
import { hashesOf } from '../executors/queue/local-files.js';
import { type ComparedJob, JOB_FORMAT } from '../executors/queue/messages.js';
import { joinQueue, type QueueRunning, withoutFolders } from '../executors/queue-executor.js';
import type { NamedSources } from '../model/sources.js';
import { readTask, type TaskInput } from '../model/task.js';
import { environmentOf } from './environment.js';
import { LIMITS } from './run-folder.js';

export interface QueueComparisonOptions
  extends Pick<ComparisonOptions, 'losses' | 'runs' | 'tuning' | 'signal' | 'onProgress'> {
  readonly queue: QueueRunning;
  /** One case: the data, the model and the steps of the comparison, and its seed as the seed of the data. */
  readonly task: TaskInput;
  /** The text of each loss, in the order of the losses. */
  readonly sources: readonly NamedSources[];
  readonly evaluateEvery: number;
  readonly backend: string;
  /** Seconds that one training may take. */
  readonly taskSeconds?: number | undefined;
}

/** Takes back from the queue what is not begun when it is closed. Throws a RunError for a training that failed. */
export async function queueRunner(
  options: QueueComparisonOptions,
): Promise<ComparisonRunner & { close(): Promise<void> }> {
  const { losses, runs, tuning, evaluateEvery, signal, onProgress } = options;
  const { backend, taskSeconds = LIMITS.taskSeconds } = options;
  const task = withoutFolders(readTask(options.task));
  const frame: Omit<ComparedJob, 'comparison'> = {
    format: JOB_FORMAT,
    environment: environmentOf({ backend, ...trainedBy() }),
    limits: { ...LIMITS, taskSeconds },
    task,
    files: hashesOf(task),
  };
  const { end, shown, notice } = await joinQueue(options.queue);
  const coordinator = createCoordinator(end, shown, notice);
  const trainings = losses.length * (runs + (tuning === undefined ? 0 : tuning.grid.length * tuning.runs));
  const steps = trainings * task.steps;
  const started = performance.now();
  let done = 0;
  const aborted = new Promise<undefined>((resolve) => {
    signal?.addEventListener('abort', () => resolve(undefined), { once: true });
    if (signal?.aborted) resolve(undefined);
  });

  async function ask({ compared, learningRate, factor, seed, phase }: RunRequest): Promise<ComparisonRun> {
    const { sources, name = compared.name } = options.sources[losses.indexOf(compared)]!;
    const job: ComparedJob = {
      ...frame,
      comparison: { sources, name, learningRate, factor, seed, phase, evaluateEvery },
    };
    const { id, report } = await coordinator.ask(JSON.stringify(job));
    coordinator.committed(id);
    if (report.score === null)
      throw new RunError(`a training of ${compared.name} failed: ${report.end}, ${report.detail}`);
    if (report.run === undefined)
      throw new RunError(
        `a worker of ${shown} answered without a run`,
        'check that all machines have the same version of lossc',
      );
    const step = ++done * task.steps;
    const stepsPerSecond = (1000 * step) / (performance.now() - started);
    onProgress?.({ phase, loss: compared.name, learningRate, step, steps, stepsPerSecond });
    return report.run;
  }

  return {
    train: (request) => (signal?.aborted ? aborted : Promise.race([ask(request), aborted])),
    close: () => coordinator.close(),
  };
}
