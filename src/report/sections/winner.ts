import { lossText, percentWithin } from '../../evolve/naming/sentences.js';
import { classification } from '../../runtime/tasks/learning.js';
import { TASKS } from '../../runtime/tasks/tasks.js';
import { chart } from '../chart.js';
import { CURVE_KINDS, type LossCurve } from '../curves.js';
import type { ReportData } from '../data.js';
import { code, genomeCode, type Html, html, note, percent, section, switchable, table } from '../html.js';

/** The best loss as text, and what it does beside the baseline of its task. */
export function winner({ settings, winner: found, finals, tuned, looks, ending }: ReportData): Html {
  if (found === undefined)
    return section('winner', 'The best loss', note('No loss has been fully trained yet.'));
  const { learning = classification(0) } = settings;
  const { task } = learning;
  const { over, beside } = CURVE_KINDS[task];
  const curves = (pick: (point: LossCurve['points'][number]) => number, what: string): Html =>
    chart({
      description: `${what} of ${found.name} and of ${TASKS[task].baseline.replace('_', '-')} over the ${over}`,
      xLabel: over,
      yLabel: what,
      series: found.curves.map((curve) => ({
        name: curve.name,
        as: 'line',
        look: looks(curve.name),
        points: curve.points.map((point) => ({ x: point.x, y: pick(point) })),
      })),
    });
  const scores = `${percent(found.score, 2)} on validation data, mean of ${found.scores.length}`;
  return section(
    'winner',
    'The best loss',
    html`<pre><code>${found.text}</code></pre>`,
    note(
      `${scores}. ${beside(learning.outputs)}; both losses scaled to the same gradient at an untrained network.`,
    ),
    ending === undefined || ending.nearest.length === 0
      ? undefined
      : note(
          `Nearest standard losses, by what is left of the gradient when the nearest multiple of theirs is taken away: ${ending.nearest
            .map((one) => `${lossText(one)} (${percentWithin(one.distance)})`)
            .join('; ')}.`,
        ),
    switchable('curve', 'What the curves show', [
      { name: 'loss', content: curves((point) => point.value, 'loss') },
      {
        name: 'negative gradient',
        content: curves((point) => point.push, 'negative gradient with respect to the output'),
      },
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
        `Tuning candidate ${id}: ${coefficients.length} independent coefficient${coefficients.length === 1 ? '' : 's'}, ${result.trainings} trainings; ${percent(result.start.score, 2)} before, ${percent(result.best.score, 2)} after, on seeds that the tuning did not use.`,
      ),
    ),
  );
}
