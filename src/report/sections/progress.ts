import { chart, type Series } from '../chart.js';
import type { ReportData } from '../data.js';
import { type Html, note, section, switchable } from '../html.js';

/** Fitness of the population over the search, by three clocks. */
export function progress({ generations, rows, trainings }: ReportData): Html {
  const stepsAfter = runningTotal(
    generations.map(({ number }) =>
      trainings
        .filter((training) => training.generation === number)
        .reduce((sum, { steps }) => sum + steps, 0),
    ),
  );
  const minutesAfter = runningTotal(generations.map(({ seconds }) => seconds / 60));
  const trainedAfter = runningTotal(
    generations.map(
      ({ number }) => rows.filter((row) => row.generation === number && row.scores.length > 0).length,
    ),
  );
  const clocks: readonly (readonly [string, readonly number[]])[] = [
    ['generation', generations.map(({ number }) => number + 1)],
    ['losses trained', trainedAfter],
    ['training steps', stepsAfter],
    ['minutes', minutesAfter],
  ];
  const panels = clocks.map(([name, clock]) => {
    const line = (title: string, colour: number, pick: (i: number) => number): Series => ({
      name: title,
      as: 'line',
      look: { colour, further: 0 },
      points: clock.map((x, i) => ({ x, y: pick(i) })),
    });
    return {
      name,
      content: chart({
        description: `Best and median fitness over ${name}`,
        xLabel: name,
        yLabel: 'score',
        series: [
          line('best of the population', 0, (i) => generations[i]!.best),
          line('median', 1, (i) => generations[i]!.median),
        ],
      }),
    };
  });
  return section(
    'progress',
    'Fitness over the search',
    note(
      'A score is the mean over all trainings of a candidate so far, so further trainings may lower the best.',
    ),
    switchable('clock', 'Horizontal axis', panels),
  );
}

function runningTotal(values: readonly number[]): number[] {
  let total = 0;
  return values.map((value) => {
    total += value;
    return total;
  });
}
