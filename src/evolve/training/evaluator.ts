/** The questions that a search asks about candidates. Answers are plain data and depend only on the question. */
import type { ScreeningStage } from '../settings.js';

/** What can be said of a genome without training it. */
export interface Analysis {
  /** The genome after a repair (sign flip), else the one asked about. */
  readonly genome: readonly string[];
  readonly size: number;
  readonly flipped: boolean;
  /** Why a stage rejects it. Stages that the settings switch off are tried all the same and not listed here. */
  readonly rejections: readonly { readonly stage: ScreeningStage; readonly reason: string }[];
  /** Equal canonical forms have equal keys; likewise gradients, and gradients on fixed inputs. Empty if unknown. */
  readonly canonical: string;
  readonly gradient: string;
  readonly fingerprint: string;
  /** See `gradientFeatures`. */
  readonly features: readonly number[];
  /** Milliseconds spent per stage. Never used in a decision. */
  readonly milliseconds: Readonly<Partial<Record<ScreeningStage, number>>>;
}

/** The outcome of optimising a handful of free predictions. */
export interface Probe {
  /** Share of the free predictions that name the right class at the end. */
  readonly score: number;
  readonly rejection?: string;
  readonly milliseconds: number;
}

export interface TrainingJob {
  readonly genome: readonly string[];
  /** Which training of the genome this is, from 0. */
  readonly replicate: number;
  /** Full text of the seed: run seed, canonical form, replicate. */
  readonly seed: string;
  readonly steps: number;
  readonly gates: readonly { readonly step: number; readonly atLeast: number }[];
  /** Steps between further looks at the validation score, for a learning curve. */
  readonly looks?: number;
  /** The text of the loss itself, where it is not the genome in the sketch: one with coefficients. */
  readonly loss?: string;
  /** Values for the parameters of the loss, when they are being tuned. */
  readonly parameters?: Readonly<Record<string, number | readonly number[]>>;
}

/**
 * How a training ended. `hopeless`: stopped at a gate. `failed`: the loss could not be compiled or trained at all.
 * `crashed`, `timed-out` and `out-of-memory` are the fate of a worker: they cost this candidate only.
 */
export type TrainingEnd =
  | 'finished'
  | 'not-finite'
  | 'hopeless'
  | 'cancelled'
  | 'failed'
  | 'crashed'
  | 'timed-out'
  | 'out-of-memory';

export interface CurvePoint {
  readonly step: number;
  /** Validation score at this step. */
  readonly score: number;
  /** Mean training loss since the point before; null where it was not finite. */
  readonly loss: number | null;
}

export interface TrainingReport {
  readonly end: TrainingEnd;
  /** For `failed` and the fates of a worker: what happened. */
  readonly detail?: string;
  readonly score: number;
  readonly steps: number;
  readonly curve: readonly CurvePoint[];
  readonly milliseconds: number;
}

/** All three answer in the order asked, however the work was spread. */
export interface Evaluator {
  analyse(genomes: readonly (readonly string[])[]): Promise<readonly Analysis[]>;
  probe(genomes: readonly (readonly string[])[]): Promise<readonly Probe[]>;
  train(jobs: readonly TrainingJob[]): Promise<readonly TrainingReport[]>;
}
