import { GREY } from '../../charts/colours.js';
import { chart } from '../chart.js';
import type { ReportData } from '../data.js';
import { genomeCode, type Html, html, note, percent, section, table } from '../html.js';
import { fitnessText } from './task.js';

/** Points of the cloud that are drawn: more only make the page heavy. */
const MOST_POINTS = 400;

/** Score against size: the losses that beat everything smaller. */
export function front({ settings, front: entries, cloud }: ReportData): Html {
  const every = Math.max(1, Math.ceil(cloud.length / MOST_POINTS));
  const drawn = cloud.filter((_, i) => i % every === 0);
  return section(
    'front',
    'Pareto front',
    chart({
      description: 'Score against the number of nodes',
      xLabel: 'nodes',
      yLabel: 'score',
      series: [
        {
          name: 'fully trained',
          as: 'marks',
          look: { colour: GREY, further: 0 },
          faint: true,
          points: drawn.map(({ size, score }) => ({ x: size, y: score })),
        },
        {
          name: '',
          as: 'steps',
          look: { colour: 0, further: 0 },
          points: entries.map(({ size, score }) => ({ x: size, y: score })),
        },
        {
          name: 'front',
          as: 'marks',
          look: { colour: 0, further: 0 },
          points: entries.map(({ size, score, genome }) => ({
            x: size,
            y: score,
            title: `${size} nodes, ${percent(score, 2)}: ${genome.join(' | ')}`,
          })),
        },
      ],
    }),
    table(
      [
        { title: 'nodes', numeric: true, cell: (row) => String(row.size) },
        { title: 'score', numeric: true, cell: (row) => percent(row.score, 2) },
        { title: 'trainings', numeric: true, cell: (row) => String(row.scores.length) },
        {
          title: 'loss',
          cell: (row) => [genomeCode(row.genome), row.picked ? html` <b class="pick">pick</b>` : undefined],
        },
      ],
      entries,
    ),
    note(
      `Score: ${fitnessText(settings)}; higher is better. The pick is the loss whose distance to a score of 1 drops most per node, among those whose distance is at most 1.5 times that of the highest score.`,
    ),
  );
}
