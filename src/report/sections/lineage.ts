import type { MarkedFormula } from '../../evolve/gp/difference.js';
import type { StoryStep } from '../../evolve/run/story.js';
import type { ReportData } from '../data.js';
import { code, type Html, html, note, percent, section } from '../html.js';

/** Where the winner comes from, step by step: what was done, the formula before and after, the scores. */
export function lineage({ story }: ReportData): Html {
  if (story.length === 0) return section('lineage', 'Lineage of the winner', note('There is no winner yet.'));
  return section(
    'lineage',
    'Lineage of the winner',
    note(
      'From the first ancestor to the winner; what each step changed is marked. Scores are means over all trainings of a candidate.',
    ),
    html`<ol class="lineage">${story.map(stepHtml)}</ol>`,
  );
}

function stepHtml(step: StoryStep): Html {
  const { id, generation, operator, seed, parent, donor, scoreBefore, score, before, after } = step;
  const from =
    parent === undefined || parent === id
      ? ''
      : ` from ${parent}${donor === undefined ? '' : ` and ${donor}`}`;
  const text = (value: number | undefined): string =>
    value === undefined ? 'not trained' : percent(value, 2);
  const scores = scoreBefore === undefined ? text(score) : `${text(scoreBefore)} → ${text(score)}`;
  const what = seed === undefined ? operator : `starts from ${seed}`;
  const formulas = [
    ...before.map((formula) => html`<div class="gone">${markedCode(formula)}</div>`),
    ...after.map((formula) => html`<div>${markedCode(formula)}</div>`),
  ];
  return html`<li><div class="step"><b>${id}</b><span class="chip">${what}</span><span class="note">generation ${generation + 1}${from}, ${scores}</span></div>${formulas}</li>`;
}

const markedCode = ({ text, from, to }: MarkedFormula): Html =>
  from === to || (from === 0 && to === text.length)
    ? code(text)
    : html`<code>${text.slice(0, from)}<mark>${text.slice(from, to)}</mark>${text.slice(to)}</code>`;
