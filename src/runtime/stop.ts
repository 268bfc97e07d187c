/** Why a training may end before its last step. */
export type StopReason = 'not a number' | 'infinity' | 'aborted' | 'given up';

/** Where and why a training ended early; the step counts from 1. */
export interface Stop {
  readonly step: number;
  readonly reason: StopReason;
}
