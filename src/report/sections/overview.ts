import { duration } from '../../terminal.js';
import type { ReportData } from '../data.js';
import { code, type Html, html, percent, section, tiles, whole } from '../html.js';
import { fitnessText, trainerText } from './task.js';

/** The head of the page: what was searched for, and what came out, in a few numbers. */
export function overview(data: ReportData): Html {
  const { settings, state, generations, winner, ending } = data;
  const { task } = settings;
  const seconds = generations.reduce((sum, generation) => sum + generation.seconds, 0);
  const numbers = tiles([
    ['best score', winner === undefined ? '–' : percent(winner.score, 2)],
    ['candidates', whole(state?.spent.candidates ?? 0)],
    ['of these trained', whole(state?.spent.evaluations ?? 0)],
    ['training steps', whole(state?.spent.steps ?? 0)],
    ['generations', whole((state?.generation ?? -1) + 1)],
    ['search time', duration(seconds)],
  ]);
  return section(
    'overview',
    'What was searched',
    html`<p>${trainerText(settings)}. Fitness: ${fitnessText(settings)} after ${whole(task.steps)} steps, scale ${task.scale}, seed ${code(settings.seed)}.</p>`,
    numbers,
    html`${(ending?.sentences ?? []).map((sentence) => html`<p><b>${sentence}.</b></p>`)}`,
  );
}
