import { chart, type Series } from '../chart.js';
import type { ReportData } from '../data.js';
import { type Html, note, section } from '../html.js';

/** Finalists whose learning curves are drawn: as many as there are looks to tell them apart. */
const MOST = 4;

/** Validation score over the full trainings of the finalists. */
export function learning({ finals, looks }: ReportData): Html {
  const shown = finals.slice(0, MOST);
  const series = shown.flatMap((finalist): Series[] => [
    ...finalist.curves.map(
      (curve): Series => ({
        name: finalist.name,
        as: 'line',
        look: looks(finalist.name),
        faint: true,
        points: curve.map(({ step, score }) => ({ x: step, y: score })),
      }),
    ),
    { name: finalist.name, as: 'line', look: looks(finalist.name), points: meanCurve(finalist.curves) },
  ]);
  const drawing = chart({
    description: 'Validation score of the finalists over the steps of their full trainings',
    xLabel: 'step',
    yLabel: 'validation score',
    series,
  });
  return section(
    'learning',
    'Learning curves',
    finals.length === 0 ? note('The finalists have not been trained yet.') : drawing,
  );
}

function meanCurve(curves: ReportData['finals'][number]['curves']): { x: number; y: number }[] {
  const steps = curves[0]?.map((point) => point.step) ?? [];
  return steps.map((step) => {
    const scores = curves.flatMap((curve) =>
      curve.filter((point) => point.step === step).map((point) => point.score),
    );
    return { x: step, y: scores.reduce((sum, score) => sum + score, 0) / scores.length };
  });
}
