import type { Stop } from './stop.js';

/** One training of a comparison. */
export interface ComparisonRun {
  readonly seed: string;
  readonly validationValue: number;
  /** Of the metric; after a loss that was not finite what counts for it. */
  readonly testValue: number;
  readonly curve: readonly { readonly step: number; readonly value: number; readonly loss: number }[];
  readonly stepsPerSecond: number;
  readonly stoppedAt?: Stop;
}
