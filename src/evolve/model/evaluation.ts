/** What is kept of every candidate that was proposed. */
import type { ScreeningStage } from './settings.js';

/** `failed`: its training could not take place, or its worker was lost. */
export const OUTCOMES = ['trained', 'stopped', 'failed', 'rejected', 'known'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** One candidate that was proposed, as the ledger keeps it. */
export interface EvaluationRow {
  readonly id: number;
  readonly generation: number;
  readonly island: number;
  readonly genome: readonly string[];
  readonly size: number;
  readonly parents: readonly number[];
  readonly operator: string;
  readonly canonical: string;
  readonly gradient: string;
  readonly fingerprint: string;
  /** See `gradientFeatures`; empty if it was not trained, which is all that they are kept for. */
  readonly features: readonly number[];
  readonly flipped: boolean;
  readonly outcome: Outcome;
  /** The stage that rejected it or knew it. */
  readonly stage?: ScreeningStage;
  readonly reason?: string;
  /** The candidate whose result this one shares. */
  readonly sameAs?: number;
  readonly probe?: number;
  readonly scores: readonly number[];
  /** Its trainings ran to the end, or those of the candidate it equals. */
  readonly complete: boolean;
  readonly steps: number;
  /** Trained only to see whether its rejection was right. */
  readonly audited?: boolean;
  readonly auditScore?: number;
  readonly milliseconds: Readonly<Record<string, number>>;
}

/** A row before its generation is trained: `pending` is one that no stage has rejected or known. */
export interface ScreenedRow extends Omit<EvaluationRow, 'outcome'> {
  readonly outcome: Outcome | 'pending';
}

/** A loss that another run of the same task has trained. */
export interface KnownLoss {
  readonly canonical: string;
  readonly gradient: string;
  readonly fingerprint: string;
  readonly features: readonly number[];
  readonly genome: readonly string[];
  readonly size: number;
  readonly score: number;
}
