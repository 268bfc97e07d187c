/** Notices when every training fails, so that a run with a broken model or data set does not go on for hours. */
import { RunError } from '../../errors.js';
import type { TrainingReport } from '../model/evaluator.js';

/** Trainings in a row that fail alike before the run ends. Losses that fail by their own mistake do so in different ways. */
export const MOST_ALIKE = 4;

/** Sees the reports as they come; throws a RunError that says why the trainings fail. */
export function failureWatch(): (report: TrainingReport) => void {
  let last = '';
  let alike = 0;
  return (report) => {
    if (report.score !== null) {
      alike = 0;
      return;
    }
    // Numbers are of one training only.
    const kind = `${report.end}: ${report.detail.replace(/\d+(\.\d+)?/g, '…')}`;
    alike = kind === last ? alike + 1 : 1;
    last = kind;
    if (alike < MOST_ALIKE) return;
    const detail = report.end === 'failed' ? report.detail : `${report.end}, ${report.detail}`;
    throw new RunError(
      `the last ${alike} trainings failed in the same way: ${detail}`,
      'fix it and continue with --resume: failed trainings are repeated',
    );
  };
}
