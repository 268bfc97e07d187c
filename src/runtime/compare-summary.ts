/** From the trainings of each loss to what a comparison reports. */
import { holm, type Summary, summarise, welchTest } from '../statistics.js';
import type { LossReport } from './comparison-report.js';
import type { ComparisonRun } from './comparison-run.js';
import type { MetricRow } from './tasks/metrics.js';

interface LossRuns {
  readonly name: string;
  readonly learningRate: number;
  readonly scale: number;
  readonly tuning?: NonNullable<LossReport['tuning']>;
  readonly runs: readonly ComparisonRun[];
  readonly targets: readonly number[];
  readonly metric: Pick<MetricRow, 'goal' | 'isShare'>;
}

/** Everything but the tests against the first loss. */
export function summariseLoss({ targets, metric: { goal, isShare }, ...loss }: LossRuns): LossReport {
  const summary = (values: readonly number[]): Summary => {
    const found = summarise(values);
    // Student's t knows nothing of the ends that a share has.
    return isShare ? { ...found, low: Math.max(found.low, 0), high: Math.min(found.high, 1) } : found;
  };
  const steps = [...new Set(loss.runs.flatMap((run) => run.curve.map((point) => point.step)))].sort(
    (a, b) => a - b,
  );
  return {
    ...loss,
    test: summary(loss.runs.map((run) => run.testValue)),
    validation: summary(loss.runs.map((run) => run.validationValue)),
    stepsTo: targets.map((wanted) => {
      const isReached = (value: number): boolean => (goal === 'higher' ? value >= wanted : value <= wanted);
      const reached = loss.runs
        .map((run) => run.curve.find((point) => isReached(point.value))?.step)
        .filter((step) => step !== undefined);
      return { value: wanted, reached: reached.length, steps: summarise(reached).mean };
    }),
    curve: steps.map((step) => ({
      step,
      value: summary(
        loss.runs.flatMap((run) => run.curve.filter((point) => point.step === step).map((p) => p.value)),
      ),
    })),
  };
}

/** Adds Welch's test of the test values against the first loss, corrected by Holm over all of them. */
export function withTests(losses: readonly LossReport[]): readonly LossReport[] {
  const [first, ...others] = losses;
  if (first === undefined) return [];
  const values = (loss: LossReport): readonly number[] => loss.runs.map((run) => run.testValue);
  const tests = others.map((loss) => welchTest(values(loss), values(first)));
  const corrected = holm(tests.map((test) => test.p));
  return [
    first,
    ...others.map((loss, index) => ({
      ...loss,
      versusFirst: { ...tests[index]!, holm: corrected[index]! },
    })),
  ];
}
