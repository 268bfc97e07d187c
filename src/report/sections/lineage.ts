import type { ReportData } from '../data.js';
import { genomeCode, type Html, html, note, percent, section } from '../html.js';

/** Ancestors that are listed; the oldest come last and are cut. */
const MOST = 40;

/** Where the winner comes from, youngest first. */
export function lineage({ lineage: steps }: ReportData): Html {
  if (steps.length === 0) return section('lineage', 'Lineage of the winner', note('There is no winner yet.'));
  const items = steps.slice(0, MOST).map(({ id, generation, operator, parents, genome, score }) => {
    const from = parents.length === 0 ? '' : ` from ${parents.join(' and ')}`;
    return html`<li><div class="step"><b>${id}</b><span class="chip">${operator}</span><span class="note">generation ${generation}${from}, ${score === 0 ? 'not trained' : percent(score, 2)}</span></div>${genomeCode(genome)}</li>`;
  });
  const rest = steps.length > MOST ? note(`and ${steps.length - MOST} older ancestors`) : undefined;
  return section('lineage', 'Lineage of the winner', html`<ol class="lineage">${items}</ol>`, rest);
}
