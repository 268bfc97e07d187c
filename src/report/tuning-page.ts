import type { ParameterValues } from '../evolve/model/candidate.js';
import type { InspectedTuning } from '../evolve/run/inspect-tuning.js';
import { chart } from './chart.js';
import { code, type Html, html, note, percent, section, table, tiles, whole } from './html.js';
import { type Live, page } from './page.js';
import { reproduce } from './sections/reproduce.js';
import { fitnessText, trainerText } from './sections/task.js';

/** The report of a tuning. */
export function tuningPage(tuning: InspectedTuning, live?: Live): Html {
  return page(
    `lossc: ${tuning.loss}, tuned`,
    [overview, winner, parameters, progress, reproduce].map((part) => part(tuning)),
    live,
  );
}

function overview({ settings, result, best, trainings }: InspectedTuning): Html {
  const { task, tuning } = settings;
  return section(
    'overview',
    'What was tuned',
    html`<p>${trainerText(settings)}. Fitness: ${fitnessText(settings)} after ${whole(task.steps)} steps, scale ${task.scale}, seed ${code(settings.seed)}.</p>`,
    tiles([
      ['best score', best === undefined ? '–' : percent(best.score, 2)],
      ['score at the start', result === undefined ? '–' : percent(result.start.score, 2)],
      ['trainings', whole(trainings.length)],
      ['training steps', whole(trainings.reduce((sum, { steps }) => sum + steps, 0))],
      ['restarts', result === undefined ? '–' : whole(result.restarts)],
    ]),
    result === undefined
      ? note(
          `Still running, or interrupted: ${whole(trainings.length)} of about ${whole(tuning.evaluations)} trainings. The best score is that of a single training until it is confirmed.`,
        )
      : note(
          `Both scores are means of ${result.best.scores.length} trainings with seeds that the tuning did not use.`,
        ),
  );
}

const winner = ({ text }: InspectedTuning): Html =>
  section('winner', 'The loss with the best values', html`<pre><code>${text}</code></pre>`);

function parameters({ start, best }: InspectedTuning): Html {
  const shown = (values: ParameterValues | undefined, name: string): string => {
    const value = values?.[name];
    if (value === undefined) return '–';
    return [value]
      .flat()
      .map((one) => Number(one.toPrecision(6)))
      .join(', ');
  };
  return section(
    'parameters',
    'Parameters',
    table(
      [
        { title: 'parameter', cell: (name) => code(name) },
        { title: 'start', numeric: true, cell: (name) => shown(start, name) },
        { title: 'best', numeric: true, cell: (name) => shown(best?.parameters, name) },
      ],
      Object.keys(start),
    ),
  );
}

function progress({ history }: InspectedTuning): Html {
  return section(
    'progress',
    'Score over trainings',
    chart({
      description: 'Best and median score over the number of trainings',
      xLabel: 'trainings',
      yLabel: 'score',
      series: [
        {
          name: 'best so far',
          as: 'line',
          look: { colour: 0, further: 0 },
          points: history.map(({ trainings, best }) => ({ x: trainings, y: best })),
        },
        {
          name: 'median of a generation',
          as: 'line',
          look: { colour: 1, further: 0 },
          points: history.map(({ trainings, median }) => ({ x: trainings, y: median })),
        },
      ],
    }),
  );
}
