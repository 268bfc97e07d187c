import type { ReportData } from '../data.js';
import { code, duration, escapeHtml, percent, section, whole } from '../html.js';

/** The head of the page: what was searched for, and what came out, in a few numbers. */
export function overview(data: ReportData): string {
  const { settings, state, generations, winner } = data;
  const { task } = settings;
  const cases = task.cases.map(
    (one) =>
      `${one.model} on ${one.dataset}${one.trainExamples === undefined ? '' : `, ${whole(one.trainExamples)} training examples`}${one.labelNoise > 0 ? `, ${percent(one.labelNoise, 0)} of the labels wrong` : ''}`,
  );
  const fitness =
    task.fitness.kind === 'accuracy'
      ? 'validation accuracy'
      : `steps to ${percent(task.fitness.accuracy, 0)}`;
  const seconds = generations.reduce((sum, generation) => sum + generation.seconds, 0);
  const tiles: readonly (readonly [string, string])[] = [
    ['best score', winner === undefined ? '–' : percent(winner.score, 2)],
    ['candidates', whole(state?.spent.candidates ?? 0)],
    ['of them trained', whole(state?.spent.evaluations ?? 0)],
    ['training steps', whole(state?.spent.steps ?? 0)],
    ['generations', whole((state?.generation ?? -1) + 1)],
    ['time of search', duration(seconds)],
  ];
  const list = tiles.map(
    ([name, value]) => `<div class="tile"><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  return section(
    'overview',
    'What was searched',
    `<p>${cases.map(escapeHtml).join('; ')}. Fitness: ${fitness} after ${whole(task.steps)} steps, scale ${task.scale}, seed ${code(settings.seed)}.</p>`,
    `<dl class="tiles">${list.join('')}</dl>`,
  );
}
