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
  LossReport,
  TunedRate,
} from './comparison-report.js';
import type { ComparisonRun } from './comparison-run.js';
import { type SearchData, splitDataset } from './data/dataset.js';
import { matchingFactor } from './scaled-loss.js';
import { METRICS, type MetricRow } from './tasks/metrics.js';
import { metricFor } from './tasks/tasks.js';

interface ScaledLoss {
  readonly compared: ComparedLoss;
  readonly factor: number;
}

/** A loss with what is decided before its real trainings. */
interface PreparedLoss extends ScaledLoss {
  readonly learningRate: number;
  readonly tuning?: NonNullable<LossReport['tuning']>;
}

/**
 * Runs the comparison. An abort ends it with what is known; runs that were cut short are left out. The trainings are made here unless
 * another runner is given; the factors of the losses always are.
 */
export async function compareLosses(
  options: ComparisonOptions,
  elsewhere?: ComparisonRunner,
): Promise<ComparisonReport> {
  if (options.losses.length === 0) throw new RunError('there is no loss to compare');
  const { search, test } = splitDataset(options.dataset, options.seed, options.split);
  const { label, goal, isShare, targets } = METRICS[metricFor(search.task, options.metric)];
  const runner = elsewhere ?? createRunner(options, { search, test });
  const scaled: ScaledLoss[] = [];
  for (const compared of options.losses)
    scaled.push({ compared, factor: await factorOf(options, compared, search) });
  const prepared: readonly PreparedLoss[] = await Promise.all(
    scaled.map(async (loss) => ({ ...loss, ...(await tune(options, runner, loss, goal)) })),
  );
  const runs: readonly { readonly number: number; readonly run: ComparisonRun }[][] = prepared.map(() => []);
  const model = await modelName(options, search);
  const report = (): ComparisonReport => ({
    metric: { label, goal, isShare },
    dataset: search.name,
    model,
    split: search.split,
    trainExamples: search.train.count,
    testExamples: test.test.count,
    steps: options.steps,
    batchSize: options.batchSize,
    optimizer: options.optimizer,
    scale: options.scale,
    losses: withTests(
      prepared.map(({ compared, factor, learningRate, tuning }, index) =>
        summariseLoss({
          name: compared.name,
          learningRate,
          scale: factor,
          ...(tuning !== undefined && { tuning }),
          runs: runs[index]!.toSorted((a, b) => a.number - b.number).map(({ run }) => run),
          targets: options.targets ?? targets,
          metric: { goal, isShare },
        }),
      ),
    ),
    interrupted: runs.some((finished) => finished.length < options.runs),
  });
  // Run by run over the losses, so that an interrupted comparison still compares.
  await Promise.all(
    Array.from({ length: options.runs }, (_, i) => i + 1).flatMap((number) =>
      prepared.map(async ({ compared, learningRate, factor }, index) => {
        const seed = `${options.seed}/run ${number}`;
        const run = await runner.train({ compared, learningRate, factor, seed, phase: 'training' });
        if (run === undefined) return;
        runs[index]!.push({ number, run });
        options.onReport?.(report());
      }),
    ),
  );
  return report();
}

async function modelName({ model, seed }: ComparisonOptions, data: SearchData): Promise<string> {
  const made = await model({ ...data, seed: `${seed}/scale` });
  made.dispose();
  return made.name;
}

async function factorOf(
  options: ComparisonOptions,
  compared: ComparedLoss,
  data: SearchData,
): Promise<number> {
  if (compared.chosen !== undefined) return compared.chosen.factor;
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
  { tuning, optimizer, seed }: ComparisonOptions,
  runner: ComparisonRunner,
  loss: ScaledLoss,
  goal: MetricRow['goal'],
): Promise<Pick<PreparedLoss, 'learningRate' | 'tuning'>> {
  const { chosen } = loss.compared;
  if (chosen !== undefined) return { learningRate: chosen.learningRate };
  if (tuning === undefined) return { learningRate: optimizer.learningRate };
  const tried = await Promise.all(
    tuning.grid.map(async (learningRate) => {
      const runs = await Promise.all(
        Array.from({ length: tuning.runs }, (_, number) =>
          runner.train({
            ...loss,
            learningRate,
            seed: `${seed}/tuning ${number + 1}`,
            phase: 'tuning',
          }),
        ),
      );
      const values = runs.flatMap((run) => (run === undefined ? [] : [run.validationValue]));
      return values.length === 0 ? [] : [{ learningRate, validationValue: summarise(values).mean }];
    }),
  );
  const rates: readonly TunedRate[] = tried.flat();
  if (rates.length === 0) return { learningRate: optimizer.learningRate };
  const sign = goal === 'higher' ? 1 : -1;
  const best = rates.reduce((a, b) => (sign * (b.validationValue - a.validationValue) > 0 ? b : a));
  const [lowest, highest] = [Math.min(...tuning.grid), Math.max(...tuning.grid)];
  const atEdge = best.learningRate === lowest || best.learningRate === highest;
  return { learningRate: best.learningRate, tuning: { rates, atEdge } };
}
