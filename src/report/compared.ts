import { lineChart } from '../charts/line-chart.js';
import { type ComparisonReport, hasRuns, type LossReport } from '../runtime/comparison-report.js';
import type { DataCurve } from '../runtime/data-curve.js';

const NOTHING_FINISHED = 'interrupted before the first training finished: there is nothing to compare yet';

/** The comparison as lines of text, the first loss first. */
export function comparisonText(report: ComparisonReport): string {
  if (!hasRuns(report)) return NOTHING_FINISHED;
  const targets =
    report.losses[0]?.stepsTo.map(
      ({ value }) => `steps to ${report.metric.isShare ? percent(value) : value}`,
    ) ?? [];
  const rows = [
    [
      'loss',
      'rate',
      'runs',
      `test ${report.metric.label}`,
      'sd',
      '95 % interval',
      'against first',
      'p (Holm)',
      ...targets,
    ],
    ...report.losses.map(row),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const table = rows.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
  const notes = report.losses
    .filter((loss) => loss.tuning?.atEdge)
    .map(
      (loss) =>
        `${loss.name}: the best learning rate is at the edge of the grid; a wider grid might do better`,
    );
  const diverged = report.losses.flatMap((loss) => divergedNote(loss));
  const failed = report.losses.flatMap(({ name, failures = [] }) =>
    failures.length === 0
      ? []
      : [`${name}: ${failures.length} trainings failed and are not counted: ${failures[0]}`],
  );
  const ended = report.interrupted ? ['interrupted: only finished runs are counted'] : [];
  return [headingOf(report), '', ...table, ...notes, ...diverged, ...failed, ...ended].join('\n');
}

function headingOf(report: ComparisonReport): string {
  const { split, evaluator } = report;
  if (evaluator !== undefined)
    return `${evaluator.command}: ${report.steps} steps, scale ${report.scale}, measured on its test split`;
  const noise = split.labelNoise ? `, label noise ${split.labelNoise}` : '';
  return (
    `${report.model} on ${report.dataset}: ${report.trainExamples} training examples${noise}, ` +
    `${report.steps} steps of ${report.batchSize}, ${report.optimizer.kind}, scale ${report.scale}, ` +
    `${report.testExamples} test examples`
  );
}

/** Trainings that ended in numbers that are not finite: they are counted, and nobody should take that for learning. */
function divergedNote({ name, learningRate, runs }: LossReport, where = ''): string[] {
  const diverged = runs.filter(({ stoppedAt }) => stoppedAt !== undefined);
  const [first] = diverged;
  if (first === undefined) return [];
  const steps = diverged.map(({ stoppedAt }) => stoppedAt!.step);
  const countsAs = Number(first.testValue.toFixed(4));
  return [
    `${name}${where}: ${steps.length} of ${runs.length} trainings diverged at learning rate ${learningRate}, the first at step ${Math.min(...steps)}, and count as ${countsAs}`,
  ];
}

function row(loss: LossReport): readonly string[] {
  const { test, versusFirst } = loss;
  return [
    loss.name,
    Number.isNaN(loss.learningRate) ? 'its own' : String(loss.learningRate),
    String(test.count),
    fixed(test.mean),
    fixed(test.standardDeviation),
    Number.isNaN(test.low) ? '-' : `${fixed(test.low)} to ${fixed(test.high)}`,
    versusFirst === undefined ? '-' : signed(versusFirst.difference),
    versusFirst === undefined ? '-' : probability(versusFirst.holm),
    ...loss.stepsTo.map(({ reached, steps }) =>
      reached === 0 ? 'never' : `${Math.round(steps)} (${reached})`,
    ),
  ];
}

/** Mean of the metric on validation data over training, with 95 % bands. */
export function comparisonSvg(report: ComparisonReport): string {
  return lineChart({
    title:
      report.evaluator?.command ??
      `${report.model} on ${report.dataset}, ${report.trainExamples} training examples`,
    xLabel: 'step',
    yLabel: `validation ${report.metric.label}`,
    lines: report.losses.map((loss) => ({
      name: loss.name,
      points: loss.curve.map(({ step, value }) => ({
        x: step,
        y: value.mean,
        low: value.low,
        high: value.high,
      })),
    })),
  });
}

/** The metric on test data over the number of training examples, with 95 % bands. */
export function dataCurveSvg(curve: DataCurve): string {
  const names = curve.sizes[0]?.report.losses.map((loss) => loss.name) ?? [];
  const first = curve.sizes[0]?.report;
  return lineChart({
    title: first === undefined ? '' : `${first.model} on ${first.dataset}`,
    xLabel: 'training examples',
    yLabel: first === undefined ? '' : `test ${first.metric.label}`,
    logarithmicX: true,
    lines: names.map((name, index) => ({
      name,
      points: curve.sizes.map(({ trainExamples, report }) => {
        const { mean, low, high } = report.losses[index]!.test;
        return { x: trainExamples, y: mean, low, high };
      }),
    })),
  });
}

/** The curve as text: a row for each size, a column for each loss. */
export function dataCurveText(curve: DataCurve): string {
  if (curve.sizes.length === 0) return NOTHING_FINISHED;
  const names = curve.sizes[0]?.report.losses.map((loss) => loss.name) ?? [];
  const rows = [
    ['training examples', ...names],
    ...curve.sizes.map(({ trainExamples, report }) => [
      String(trainExamples),
      ...report.losses.map(({ test, versusFirst }) =>
        versusFirst === undefined
          ? fixed(test.mean)
          : `${fixed(test.mean)} (${probability(versusFirst.holm)})`,
      ),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const lines = rows.map((cells) => cells.map((cell, column) => cell.padStart(widths[column]!)).join('  '));
  const diverged = curve.sizes.flatMap(({ trainExamples, report }) =>
    report.losses.flatMap((loss) => divergedNote(loss, ` with ${trainExamples} examples`)),
  );
  return [
    ...lines,
    'in parentheses: p of Welch’s test against the first loss, with Holm’s correction',
    ...diverged,
  ].join('\n');
}

const fixed = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(4));
const signed = (value: number): string => (value >= 0 ? `+${fixed(value)}` : fixed(value));
const percent = (share: number): string => `${Number((100 * share).toPrecision(4))} %`;
const probability = (p: number): string =>
  Number.isNaN(p) ? '-' : p < 1e-4 ? p.toExponential(1) : p.toFixed(4);
