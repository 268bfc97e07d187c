/**
 * Fair comparison of losses: each is trained several times, at its own best learning rate if asked, and judged on a
 * test split that nothing was chosen by.
 */

import { RunError } from '../errors.js';
import { summarise } from '../statistics.js';
import { type ComparisonRunner, createRunner } from './compare-runner.js';
import { summariseLoss, withTests } from './compare-summary.js';
import type {
  ComparedLoss,
  ComparisonOptions,
  ComparisonReport,
  ComparisonRun,
  LossReport,
  TunedRate,
} from './comparison-report.js';
import { type SearchData, splitDataset } from './data/dataset.js';
import { matchingFactor } from './scaled-loss.js';
import { METRICS, type MetricRow } from './tasks/metrics.js';
import { metricFor } from './tasks/tasks.js';

/** Half-decades around the rates that usually suit plain descent. */
export const LEARNING_RATE_GRID: readonly number[] = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];

/** A loss with what is decided before its real trainings. */
interface PreparedLoss {
  readonly compared: ComparedLoss;
  readonly factor: number;
  readonly learningRate: number;
  readonly tuning?: NonNullable<LossReport['tuning']>;
}

/** Runs the comparison. An abort ends it with what is known; runs that were cut short are left out. */
export async function compareLosses(options: ComparisonOptions): Promise<ComparisonReport> {
  if (options.losses.length === 0) throw new RunError('there is no loss to compare');
  const { search, test } = splitDataset(options.dataset, options.seed, options.split);
  const { label, goal, isShare, targets } = METRICS[metricFor(search.task, options.metric)];
  const runner = createRunner(options, search);
  const prepared: PreparedLoss[] = [];
  for (const compared of options.losses) {
    const factor = await factorOf(options, compared, search);
    prepared.push({ compared, factor, ...(await tune(options, runner, compared, factor, goal)) });
  }
  const runs = prepared.map((): ComparisonRun[] => []);
  // Run by run over the losses, so that an interrupted comparison still compares.
  for (let number = 1; number <= options.runs; number++) {
    for (const [index, { compared, learningRate, factor }] of prepared.entries()) {
      if (options.signal?.aborted) break;
      const seed = `${options.seed}/run ${number}`;
      const result = await runner.train({ compared, learningRate, factor, seed, phase: 'training' }, test);
      if (result !== undefined) runs[index]!.push(result);
    }
  }
  const reports = prepared.map(({ compared, factor, learningRate, tuning }, index) =>
    summariseLoss({
      name: compared.name,
      learningRate,
      scale: factor,
      ...(tuning !== undefined && { tuning }),
      runs: runs[index]!,
      targets: options.targets ?? targets,
      goal,
    }),
  );
  return {
    metric: { label, goal, isShare },
    dataset: search.name,
    model: runner.modelName(),
    split: search.split,
    trainExamples: search.train.count,
    testExamples: test.test.count,
    steps: options.steps,
    batchSize: options.batchSize,
    optimizer: options.optimizer,
    scale: options.scale,
    losses: withTests(reports),
    interrupted: runs.some((finished) => finished.length < options.runs),
  };
}

async function factorOf(
  options: ComparisonOptions,
  compared: ComparedLoss,
  data: SearchData,
): Promise<number> {
  if (options.scale === 'raw') return 1;
  const model = await options.model({ ...data, seed: `${options.seed}/scale` });
  const loss = await compared.loss();
  const factor = await matchingFactor(loss, model, data, options.batchSize, options.seed);
  loss.dispose();
  model.dispose();
  return factor;
}

/** The rate of the grid that is best on the validation examples, the first of equal ones; every loss gets the same trainings. */
async function tune(
  { tuning, optimizer, seed, signal }: ComparisonOptions,
  runner: ComparisonRunner,
  compared: ComparedLoss,
  factor: number,
  goal: MetricRow['goal'],
): Promise<Pick<PreparedLoss, 'learningRate' | 'tuning'>> {
  const rates: TunedRate[] = [];
  for (const learningRate of tuning?.grid ?? []) {
    const values: number[] = [];
    for (let number = 1; number <= tuning!.runs && !signal?.aborted; number++) {
      const request = {
        compared,
        learningRate,
        factor,
        seed: `${seed}/tuning ${number}`,
        phase: 'tuning',
      } as const;
      const result = await runner.train(request, undefined);
      if (result !== undefined) values.push(result.validationValue);
    }
    if (values.length > 0) rates.push({ learningRate, validationValue: summarise(values).mean });
  }
  if (tuning === undefined || rates.length === 0) return { learningRate: optimizer.learningRate };
  const sign = goal === 'higher' ? 1 : -1;
  const best = rates.reduce((a, b) => (sign * (b.validationValue - a.validationValue) > 0 ? b : a));
  const [lowest, highest] = [Math.min(...tuning.grid), Math.max(...tuning.grid)];
  const atEdge = best.learningRate === lowest || best.learningRate === highest;
  return { learningRate: best.learningRate, tuning: { rates, atEdge } };
}
