import type { Outcome } from '../../evolve/model/evaluation.js';
import { SCREENING_STAGES } from '../../evolve/model/settings.js';
import { bars } from '../chart.js';
import type { ReportData } from '../data.js';
import { type Html, note, percent, section, table, whole } from '../html.js';

/** What each stage of the cascade does, for people. */
const STAGE_NAMES: Readonly<Record<string, string>> = {
  static: 'static: no gradient, no target, or errors',
  canonical: 'canonical: equal to a known one',
  gradient: 'gradient: the same as that of a known one',
  'null-epoch': 'null epoch: the first step does not go towards the target',
  shape: 'shape: the curve rules it out',
  neighbours: 'neighbours: almost equal to a known one, or its nearest neighbours predict too low a score',
  prediction: 'prediction: free predictions do not improve',
  gate: 'gate: stopped early in training',
  failed: 'failed: the training could not be completed',
};
const MOST_REASONS = 12;

/** How the candidates were screened, and how often a rejection was wrong. */
export function rejected({ rows, state }: ReportData): Html {
  const total = Math.max(1, rows.length);
  const ended = (outcome: Outcome): number => rows.filter((row) => row.outcome === outcome).length;
  const counts = SCREENING_STAGES.map((stage) => ({
    stage: stage as string,
    count: rows.filter((row) => row.stage === stage).length,
  }));
  const reasons = new Map<string, number>();
  for (const { reason, stage, outcome } of rows) {
    if (reason === undefined) continue;
    // Numbers in a reason are of one loss only.
    const kind = `${stage ?? outcome}: ${reason.replace(/\d+(\.\d+)?/g, '…')}`;
    reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
  }
  const frequent = [...reasons].sort((a, b) => b[1] - a[1]).slice(0, MOST_REASONS);
  const audits = Object.entries(state?.audits ?? {});
  return section(
    'rejected',
    'What was rejected, and why',
    bars(
      [
        ...counts,
        { stage: 'gate', count: ended('stopped') },
        ...(ended('failed') > 0 ? [{ stage: 'failed', count: ended('failed') }] : []),
      ].map(({ stage, count }) => ({
        name: STAGE_NAMES[stage]!,
        value: count,
        label: `${whole(count)} (${percent(count / total)})`,
      })),
      1,
    ),
    audits.length === 0
      ? note('No rejected candidate has been trained as a check.')
      : table(
          [
            { title: 'stage', cell: ([stage]) => STAGE_NAMES[stage] },
            { title: 'trained as a check', numeric: true, cell: ([, count]) => String(count.trained) },
            {
              title: 'would have been among the best',
              numeric: true,
              cell: ([, count]) => `${count.wrong} (${percent(count.wrong / count.trained, 0)})`,
            },
          ],
          audits,
        ),
    table(
      [
        { title: 'reason', cell: ([reason]) => reason },
        { title: 'times', numeric: true, cell: ([, count]) => whole(count) },
      ],
      frequent,
    ),
  );
}
