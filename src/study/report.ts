/** What a study has found, plain data. */
import type { ComparisonReport } from '../runtime/comparison-report.js';
import type { Condition, StudyKind } from './conditions.js';

/** How losses are compared. */
export const WAYS = ['own rate', 'equal gradients', 'as written'] as const;
export type Way = (typeof WAYS)[number];

/** A condition with what was found under it, in each way that has been tried. */
export interface StudiedCondition {
  readonly condition: Condition;
  readonly reports: { readonly [K in Way]?: ComparisonReport };
}

/** What a study has found, plain data. */
export interface StudyReport {
  readonly kind: StudyKind;
  readonly losses: readonly string[];
  readonly conditions: readonly StudiedCondition[];
  /** Whether it ended before all trainings were made. */
  readonly interrupted: boolean;
}
