import { duration } from '../../terminal.js';
import { bars } from '../chart.js';
import type { ReportData } from '../data.js';
import { type Html, note, percent, section } from '../html.js';

/** Where the work went, summed over all workers. */
export function time({ rows, trainings, generations }: ReportData): Html {
  const totals = new Map<string, number>();
  for (const row of rows) {
    for (const [stage, milliseconds] of Object.entries(row.milliseconds)) {
      if (stage !== 'training') totals.set(stage, (totals.get(stage) ?? 0) + milliseconds);
    }
  }
  const training = trainings.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const all = [...totals, ['training', training] as const].map(([name, ms]) => ({
    name,
    seconds: ms / 1000,
  }));
  const sum = Math.max(
    1e-9,
    all.reduce((total, { seconds }) => total + seconds, 0),
  );
  const wall = generations.reduce((total, { seconds }) => total + seconds, 0);
  return section(
    'time',
    'Where the time went',
    bars(
      all
        .toSorted((a, b) => b.seconds - a.seconds)
        .map(({ name, seconds }) => ({
          name,
          value: seconds,
          label: `${duration(seconds)} (${percent(seconds / sum)})`,
        })),
      2,
    ),
    note(`Total work of all processes: ${duration(sum)}. The search took ${duration(wall)}.`),
  );
}
