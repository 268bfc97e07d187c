/** What is learnt from a data set, as far as losses, models and screening have to know it. */

export const TASK_KINDS = ['classification', 'regression', 'multi-label'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export interface Learning {
  readonly task: TaskKind;
  /** Numbers that a network gives for each example: one for each class, each target or each label. */
  readonly outputs: number;
}

/** One of so many classes for each example. */
export const classification = (classes: number): Learning => ({ task: 'classification', outputs: classes });
