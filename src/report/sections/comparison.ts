import type { ComparisonReport, LossReport } from '../../runtime/comparison-report.js';
import { chart } from '../chart.js';
import type { ReportData } from '../data.js';
import { code, type Html, html, note, percent, section, table, whole } from '../html.js';

/** The final comparison on the test split that the search never saw. */
export function comparison({ comparison: report, colours }: ReportData): Html {
  const title = 'Held-out comparison';
  if (report === undefined) {
    return section('comparison', title, note('The winner has not been compared on the test split yet.'));
  }
  const rows: readonly LossReport[] = report.losses;
  return section(
    'comparison',
    title,
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
          title: `test ${report.evaluator?.score ?? 'accuracy'}`,
          numeric: true,
          cell: (row) => percent(row.test.mean, 2),
        },
        {
          title: '95 % interval',
          numeric: true,
          cell: interval,
        },
        { title: 'against the first', numeric: true, cell: (row) => difference(row) },
        {
          title: 'p (Holm)',
          numeric: true,
          cell: (row) => (row.versusFirst === undefined ? '' : probability(row.versusFirst.holm)),
        },
      ],
      rows,
    ),
    chart({
      description: `Mean validation ${report.evaluator?.score ?? 'accuracy'} over the steps`,
      xLabel: 'step',
      yLabel: `validation ${report.evaluator?.score ?? 'accuracy'}`,
      series: rows.slice(0, 6).map((row) => ({
        name: row.name,
        as: 'line',
        colour: colours(row.name),
        points: row.curve.map(({ step, accuracy }) => ({ x: step, y: accuracy.mean })),
      })),
    }),
    report.interrupted ? note('The comparison was interrupted: only finished runs are counted.') : undefined,
  );
}

function conditions(report: ComparisonReport): Html {
  const { evaluator, scale } = report;
  if (evaluator !== undefined)
    return html`<p>Trained by ${code(evaluator.command)}, ${whole(report.steps)} steps, scale ${scale}, on its test split, which no choice was made by.</p>`;
  return html`<p>${report.model} on ${report.dataset}, ${whole(report.trainExamples)} training examples, ${whole(report.steps)} steps, scale ${scale}; ${whole(report.testExamples)} test examples that no choice was made by.</p>`;
}

/** A single run has no interval: then the bounds are no numbers. */
function interval({ test }: LossReport): string {
  return Number.isFinite(test.low) ? `${percent(test.low, 2)} to ${percent(test.high, 2)}` : '';
}

function difference({ versusFirst }: LossReport): string {
  if (versusFirst === undefined) return '';
  const points = 100 * versusFirst.difference;
  return `${points >= 0 ? '+' : '−'}${Math.abs(points).toFixed(2)} points`;
}

const probability = (p: number): string => (p < 1e-4 ? p.toExponential(1) : p.toFixed(4));
