import type {
  ComparedLoss,
  ComparisonOptions,
  ComparisonProgress,
  ComparisonRun,
} from './comparison-report.js';
import type { SearchData, TestData } from './data/dataset.js';
import { evaluate, valueOfBroken } from './evaluate.js';
import { scaledLoss } from './scaled-loss.js';
import { metricFor } from './tasks/tasks.js';
import { trainModel } from './train.js';

/** What one training is told beyond the comparison's options. */
interface RunRequest {
  readonly compared: ComparedLoss;
  readonly learningRate: number;
  readonly factor: number;
  readonly seed: string;
  readonly phase: ComparisonProgress['phase'];
}

export interface ComparisonRunner {
  /** Trains, and looks at the test examples where they are given; undefined when it was cut short by an abort. */
  train(request: RunRequest, test: TestData | undefined): Promise<ComparisonRun | undefined>;
  /** The name of the models made so far; empty before the first. */
  modelName(): string;
}

export function createRunner(options: ComparisonOptions, search: SearchData): ComparisonRunner {
  const { tuning, signal } = options;
  const metric = metricFor(search.task, options.metric);
  const trainings = options.runs + (tuning === undefined ? 0 : tuning.grid.length * tuning.runs);
  const steps = trainings * options.losses.length * options.steps;
  let made = 0;
  let modelName = '';
  return {
    modelName: () => modelName,
    train: async ({ compared, learningRate, factor, seed, phase }, test) => {
      const model = await options.model({ ...search, seed });
      modelName = model.name;
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
        const tested =
          test === undefined || broken ? undefined : await evaluate(model, test.test, test, metric, signal);
        if (tested?.complete === false) return undefined;
        return {
          seed,
          // A training that ran to its end was looked at, and what one that broke counts as is known.
          validationValue: result.validationValue ?? Number.NaN,
          testValue:
            tested?.value ?? (test === undefined ? Number.NaN : valueOfBroken(test.test, test, metric)),
          curve: result.curve,
          stepsPerSecond: result.stepsPerSecond,
          ...(result.stoppedAt !== undefined && { stoppedAt: result.stoppedAt }),
        };
      } finally {
        made += options.steps;
        loss.dispose();
        model.dispose();
      }
    },
  };
}
