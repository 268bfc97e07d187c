/** From the trainings of each loss to what a comparison reports. */
import { holm, summarise, welchTest } from '../statistics.js';
import type { ComparisonRun, LossReport } from './comparison-report.js';

interface LossRuns {
  readonly name: string;
  readonly learningRate: number;
  readonly scale: number;
  readonly tuning?: NonNullable<LossReport['tuning']>;
  readonly runs: readonly ComparisonRun[];
  readonly targets: readonly number[];
}

/** Everything but the tests against the first loss. */
export function summariseLoss({ targets, ...loss }: LossRuns): LossReport {
  const steps = [...new Set(loss.runs.flatMap((run) => run.curve.map((point) => point.step)))].sort(
    (a, b) => a - b,
  );
  return {
    ...loss,
    test: summarise(loss.runs.map((run) => run.testAccuracy)),
    validation: summarise(loss.runs.map((run) => run.validationAccuracy)),
    stepsTo: targets.map((accuracy) => {
      const reached = loss.runs
        .map((run) => run.curve.find((point) => point.accuracy >= accuracy)?.step)
        .filter((step) => step !== undefined);
      return { accuracy, reached: reached.length, steps: summarise(reached).mean };
    }),
    curve: steps.map((step) => ({
      step,
      accuracy: summarise(
        loss.runs.flatMap((run) => run.curve.filter((point) => point.step === step).map((p) => p.accuracy)),
      ),
    })),
  };
}

/** Adds Welch's test of the test accuracies against the first loss, corrected by Holm over all of them. */
export function withTests(losses: readonly LossReport[]): readonly LossReport[] {
  const [first, ...others] = losses;
  if (first === undefined) return [];
  const accuracies = (loss: LossReport): readonly number[] => loss.runs.map((run) => run.testAccuracy);
  const tests = others.map((loss) => welchTest(accuracies(loss), accuracies(first)));
  const corrected = holm(tests.map((test) => test.p));
  return [
    first,
    ...others.map((loss, index) => ({
      ...loss,
      versusFirst: { ...tests[index]!, holm: corrected[index]! },
    })),
  ];
}
