import { type EvaluationRow, OUTCOMES } from '../../evolve/model/evaluation.js';
import { fitnessOf } from '../../evolve/model/individual.js';
import type { ReportData } from '../data.js';
import { type Content, genomeCode, type Html, html, note, percent, section, whole } from '../html.js';

/** Rows of the list: the best that were trained, and the latest of the others. */
const MOST = { trained: 150, others: 150 };

/** A list to search in. */
export function candidates({ rows }: ReportData): Html {
  const trained = rows
    .filter((row) => row.outcome === 'trained' || row.outcome === 'stopped')
    .toSorted((a, b) => fitnessOf(b) - fitnessOf(a))
    .slice(0, MOST.trained);
  const others = rows.filter((row) => !['trained', 'stopped'].includes(row.outcome)).slice(-MOST.others);
  const shown = [...trained, ...others];
  const options = OUTCOMES.map((outcome) => html`<option value="${outcome}">${outcome}</option>`);
  const body = shown.map(
    (row) =>
      html`<tr data-outcome="${row.outcome}"><td class="number">${row.id}</td><td class="number">${row.generation + 1}</td><td>${row.operator}</td><td>${row.outcome}</td><td class="number">${row.scores.length === 0 ? '' : percent(fitnessOf(row), 2)}</td><td>${genomeCode(row.genome)}${why(row)}</td></tr>`,
  );
  return section(
    'candidates',
    'Candidates',
    html`<div class="filter"><label>Search <input type="search" id="search" placeholder="log, exp, …"></label><label>Outcome <select id="outcome"><option value="">all</option>${options}</select></label><span id="count" class="note" role="status">${shown.length} shown</span></div>`,
    html`<div class="scroll tall"><table id="list"><thead><tr><th class="number">id</th><th class="number">generation</th><th>by</th><th>outcome</th><th class="number">score</th><th>loss</th></tr></thead><tbody>${body}</tbody></table></div>`,
    note(
      `The best ${trained.length} that were trained and the latest ${others.length} others, of ${whole(rows.length)} in the ledger.`,
    ),
  );
}

function why({ reason, stage, sameAs }: EvaluationRow): Content {
  if (reason === undefined) return undefined;
  const same = sameAs === undefined ? '' : ` as ${sameAs}`;
  return html` <span class="note">${stage === undefined ? '' : `${stage}: `}${reason}${same}</span>`;
}
