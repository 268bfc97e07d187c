import type { ComparisonReport, LossReport } from '../../runtime/comparison-report.js';
import { chart } from '../chart.js';
import type { ReportData } from '../data.js';
import { type Content, code, type Html, html, note, percent, section, table, whole } from '../html.js';

/** The final comparison on the test split that the search never saw. */
export function comparison(
  { comparison: report, looks }: Pick<ReportData, 'comparison' | 'looks'>,
  waiting = 'The winner has not yet been compared on the test split.',
): Html {
  const title = 'Held-out comparison';
  if (report === undefined) {
    return section('comparison', title, note(waiting));
  }
  return section('comparison', title, ...comparisonParts(report, looks), unfinished(report));
}

/** What was compared, the table, and the curves of the first losses. */
export function comparisonParts(report: ComparisonReport, looks: ReportData['looks']): readonly Content[] {
  const rows: readonly LossReport[] = report.losses;
  return [
    conditions(report),
    table(
      [
        { title: 'loss', cell: (row) => code(row.name) },
        {
          title: 'learning rate',
          numeric: true,
          cell: (row) =>
            Number.isNaN(row.learningRate)
              ? 'its own'
              : `${row.learningRate}${row.tuning === undefined ? '' : ' (tuned)'}`,
        },
        { title: 'runs', numeric: true, cell: (row) => String(row.test.count) },
        {
          title: `test ${report.metric.label}`,
          numeric: true,
          cell: (row) => shown(row.test.mean, report),
        },
        {
          title: '95 % interval',
          numeric: true,
          cell: (row) => interval(row, report),
        },
        { title: 'against the first', numeric: true, cell: (row) => difference(row, report) },
        {
          title: 'p (Holm)',
          numeric: true,
          cell: (row) => (row.versusFirst === undefined ? '' : probability(row.versusFirst.holm)),
        },
      ],
      rows,
    ),
    chart({
      description: `Mean validation ${report.metric.label} over the steps`,
      xLabel: 'step',
      yLabel: `validation ${report.metric.label}`,
      series: rows.slice(0, 6).map((row) => ({
        name: row.name,
        as: 'line',
        look: looks(row.name),
        points: row.curve.map(({ step, value }) => ({ x: step, y: value.mean })),
      })),
    }),
  ];
}

const unfinished = ({ interrupted }: ComparisonReport): Html | undefined =>
  interrupted ? note('Not all runs have finished: only finished runs are counted.') : undefined;

function conditions(report: ComparisonReport): Html {
  const { evaluator, scale } = report;
  if (evaluator !== undefined)
    return html`<p>Trained by ${code(evaluator.command)}, ${whole(report.steps)} steps, scale ${scale}, on its test split, which was not used for any choice.</p>`;
  return html`<p>${report.model} on ${report.dataset}, ${whole(report.trainExamples)} training examples, ${whole(report.steps)} steps, scale ${scale}; ${whole(report.testExamples)} test examples that were not used for any choice.</p>`;
}

/** A single run has no interval: then the bounds are no numbers. */
function interval({ test }: LossReport, report: ComparisonReport): string {
  return Number.isFinite(test.low) ? `${shown(test.low, report)} to ${shown(test.high, report)}` : '';
}

/** A share in percent, another metric as the number that it is. */
const shown = (value: number, { metric }: ComparisonReport): string =>
  metric.isShare ? percent(value, 2) : value.toFixed(4);

function difference({ versusFirst }: LossReport, { metric }: ComparisonReport): string {
  if (versusFirst === undefined) return '';
  const { difference: by } = versusFirst;
  const size = Math.abs(by);
  return `${by >= 0 ? '+' : '−'}${metric.isShare ? `${(100 * size).toFixed(2)} points` : size.toFixed(4)}`;
}

const probability = (p: number): string => (p < 1e-4 ? p.toExponential(1) : p.toFixed(4));
