/** A study as one page: what was found in sentences, then each condition with its tables and curves. */

import { type StudyReport, WAYS, type Way } from '../study/report.js';
import { linesOf } from '../study/series.js';
import { sentencesOf } from '../study/words.js';
import { chart } from './chart.js';
import { type Content, code, type Html, html, joined, note, section, switchable } from './html.js';
import { pageLooks } from './looks.js';
import { page } from './page.js';
import { comparisonParts } from './sections/comparison.js';

/** What the ways are, in a sentence each. */
const SAID: { readonly [K in Way]: string } = {
  'own rate': 'Each loss at its own learning rate, chosen on validation examples.',
  'equal gradients':
    'All losses at one learning rate, scaled so that their first gradients are equally large.',
  'as written': 'All losses at one learning rate, as they are written.',
};

/** What the numbers of the conditions are. */
const ACROSS: { readonly [K in StudyReport['kind']]: string } = {
  speed: '',
  transfer: '',
  data: 'training examples',
  noise: 'share of wrong labels',
};

export function studyPage(report: StudyReport): Html {
  const looks = pageLooks(report.losses);
  return page(`lossc: study of ${report.kind}`, [
    section(
      'findings',
      'What was found',
      html`<p>Losses: ${joined(report.losses.map(code), ', ')}. The others are tested against the first.</p>`,
      html`<ul>${sentencesOf(report).map((sentence) => html`<li>${sentence}</li>`)}</ul>`,
      report.interrupted
        ? note('The study was interrupted: what follows is what is known so far.')
        : undefined,
      overview(report, looks),
    ),
    ...report.conditions.map(({ condition, reports }, i) =>
      section(
        `condition-${i + 1}`,
        condition.name,
        switchable(
          `ways-${i + 1}`,
          'How losses are compared',
          WAYS.flatMap((way) => {
            const found = reports[way];
            const said =
              condition.unchanged === true
                ? `${SAID[way]} Rates and scales are those of the first condition.`
                : SAID[way];
            return found === undefined
              ? []
              : [{ name: way, content: [html`<p>${said}</p>`, ...comparisonParts(found, looks)] }];
          }),
        ),
      ),
    ),
  ]);
}

/** The metric over the numbers of the conditions, in each way. */
function overview(report: StudyReport, looks: ReturnType<typeof pageLooks>): Content {
  const metric = report.conditions[0]?.reports['own rate']?.metric.label ?? 'metric';
  const panels = WAYS.flatMap((way) => {
    const lines = linesOf(report, way);
    if (lines.every(({ points }) => points.length < 2)) return [];
    return [
      {
        name: way,
        content: [...new Set(lines.map(({ line }) => line))].map((kind) => [
          kind === '' ? undefined : html`<p>Wrong labels are ${kind}:</p>`,
          chart({
            description: `Mean test ${metric} over ${ACROSS[report.kind]}`,
            xLabel: ACROSS[report.kind],
            yLabel: `test ${metric}`,
            series: lines
              .filter(({ line }) => line === kind)
              .map(({ loss, points }) => ({ name: loss, as: 'line' as const, look: looks(loss), points })),
          }),
        ]),
      },
    ];
  });
  return panels.length === 0 ? undefined : switchable('overview', 'How losses are compared', panels);
}
