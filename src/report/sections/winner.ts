import { chart } from '../chart.js';
import type { LossCurve } from '../curves.js';
import type { ReportData } from '../data.js';
import { code, genomeCode, type Html, html, note, percent, section, switchable, table } from '../html.js';

/** The best loss as text, and what it does beside cross-entropy. */
export function winner({ settings, winner: found, finals, tuned, colours }: ReportData): Html {
  if (found === undefined)
    return section('winner', 'The best loss', note('No loss has been trained to the end yet.'));
  const curves = (pick: (point: LossCurve['points'][number]) => number, what: string): Html =>
    chart({
      description: `${what} of ${found.name} and of cross-entropy over the probability of the target`,
      xLabel: 'probability of the target',
      yLabel: what,
      series: found.curves.map((curve) => ({
        name: curve.name,
        as: 'line',
        colour: colours(curve.name),
        points: curve.points.map((point) => ({ x: point.probability, y: pick(point) })),
      })),
    });
  const scores = `${percent(found.score, 2)} on validation data, mean of ${found.scores.length}`;
  return section(
    'winner',
    'The best loss',
    html`<pre><code>${found.text}</code></pre>`,
    note(
      `${scores}. Curves for ${settings.classes} classes, all but the target alike; both losses scaled to the same push at the uniform prediction.`,
    ),
    switchable('curve', 'What the curves show', [
      { name: 'loss', content: curves((point) => point.value, 'loss') },
      { name: 'gradient', content: curves((point) => point.push, 'push on the target logit') },
    ]),
    finals.length === 0
      ? undefined
      : table(
          [
            { title: 'finalist', cell: (row) => code(row.name) },
            { title: 'score', numeric: true, cell: (row) => percent(row.score, 2) },
            {
              title: 'trainings',
              cell: (row) => row.scores.map((score) => (100 * score).toFixed(2)).join(', '),
            },
            { title: 'loss', cell: (row) => genomeCode(row.genome) },
          ],
          finals,
        ),
    ...tuned.map(({ id, coefficients, result }) =>
      note(
        `Tuning candidate ${id}: ${coefficients.length} independent coefficient${coefficients.length === 1 ? '' : 's'}, ${result.trainings} trainings; ${percent(result.start.score, 2)} before, ${percent(result.best.score, 2)} after, on seeds that the tuning had not used.`,
      ),
    ),
  );
}
