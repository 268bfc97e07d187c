import type { ComparedLoss, ComparisonOptions, ComparisonProgress } from './comparison-report.js';
import type { ComparisonRun } from './comparison-run.js';
import type { SearchData, TestData } from './data/dataset.js';
import { evaluate, predicting, valueOfBroken } from './evaluate.js';
import { scaledLoss } from './scaled-loss.js';
import { metricFor } from './tasks/tasks.js';
import { trainModel } from './train.js';

/** What one training is told beyond the comparison's options. */
export interface RunRequest {
  readonly compared: ComparedLoss;
  readonly learningRate: number;
  readonly factor: number;
  readonly seed: string;
  /** A training that is counted looks at the test examples; one that chooses a rate does not. */
  readonly phase: ComparisonProgress['phase'];
}

type RunnerOptions = Pick<
  ComparisonOptions,
  | 'losses'
  | 'runs'
  | 'tuning'
  | 'steps'
  | 'metric'
  | 'model'
  | 'batchSize'
  | 'optimizer'
  | 'augmentation'
  | 'evaluateEvery'
  | 'signal'
  | 'onProgress'
>;

/** Who makes the trainings of a comparison. It is asked for all of them at once, in the order in which they count. */
export interface ComparisonRunner {
  /** On the validation examples, or at the end on the test examples; undefined when it was cut short by an abort. */
  train(request: RunRequest): Promise<ComparisonRun | undefined>;
}

/** One training after the other, in this process. */
export function createRunner(
  options: RunnerOptions,
  { search, test: tested }: { readonly search: SearchData; readonly test: TestData },
): ComparisonRunner {
  const { tuning, signal } = options;
  const metric = metricFor(search.task, options.metric);
  const trainings = options.runs + (tuning === undefined ? 0 : tuning.grid.length * tuning.runs);
  const steps = trainings * options.losses.length * options.steps;
  let made = 0;

  async function train({ compared, learningRate, factor, seed, phase }: RunRequest) {
    if (signal?.aborted) return undefined;
    const test = phase === 'training' ? tested : undefined;
    const model = await options.model({ ...search, seed });
    const loss = scaledLoss(await compared.loss(), factor);
    try {
      const result = await trainModel({
        model,
        loss,
        data: search,
        metric,
        steps: options.steps,
        batchSize: options.batchSize,
        optimizer: { ...options.optimizer, learningRate },
        augmentation: options.augmentation,
        seed,
        evaluateEvery: test === undefined ? undefined : options.evaluateEvery,
        signal,
        onProgress: ({ step, stepsPerSecond }) =>
          options.onProgress?.({
            phase,
            loss: compared.name,
            learningRate,
            step: made + step,
            steps,
            stepsPerSecond,
          }),
      });
      if (result.stoppedAt?.reason === 'aborted') return undefined;
      const broken = result.stoppedAt !== undefined;
      const found =
        test === undefined || broken
          ? undefined
          : await evaluate(predicting(model, test), test.test, test, metric, signal);
      if (found?.complete === false) return undefined;
      return {
        seed,
        // A training that ran to its end was looked at, and what one that broke counts as is known.
        validationValue: result.validationValue ?? Number.NaN,
        testValue: found?.value ?? (test === undefined ? Number.NaN : valueOfBroken(test.test, test, metric)),
        curve: result.curve,
        stepsPerSecond: result.stepsPerSecond,
        ...(result.stoppedAt !== undefined && { stoppedAt: result.stoppedAt }),
      };
    } finally {
      made += options.steps;
      loss.dispose();
      model.dispose();
    }
  }

  let before: Promise<unknown> = Promise.resolve();
  return {
    train(request) {
      // After one that failed there is nothing to compare.
      const next = before.then(() => train(request));
      before = next;
      return next;
    },
  };
}
