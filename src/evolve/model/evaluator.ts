/** The questions that a search asks about candidates. Answers are plain data and depend only on the question. */
import type { ComparisonRun } from '../../runtime/comparison-run.js';
import type { ScreeningStage } from './settings.js';

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

/** How a training that took place ended. `hopeless`: stopped at a gate. */
export const TRAINED_ENDS = ['finished', 'not-finite', 'hopeless', 'cancelled'] as const;
export type TrainedEnd = (typeof TRAINED_ENDS)[number];

/**
 * How one ended that says nothing about the loss, and so has no score. `failed`: model, data or loss could not be used at
 * all. The others are the fate of a worker.
 */
export const FAILED_ENDS = ['failed', 'crashed', 'killed', 'timed-out', 'out-of-memory'] as const;
export type FailedEnd = (typeof FAILED_ENDS)[number];

/** A point of a learning curve. */
export interface CurvePoint {
  /** Steps made. */
  readonly step: number;
  /** Validation score at this step. */
  readonly score: number;
  /** Mean training loss since the point before; null where it was not finite. */
  readonly loss: number | null;
}

interface Report {
  readonly steps: number;
  readonly curve: readonly CurvePoint[];
  readonly milliseconds: number;
}

export interface TrainedReport extends Report {
  readonly end: TrainedEnd;
  readonly score: number;
  /** Of a training of a comparison: what it reports. */
  readonly run?: ComparisonRun;
}

export interface FailedReport extends Report {
  readonly end: FailedEnd;
  readonly score: null;
  /** What happened. */
  readonly detail: string;
}

export type TrainingReport = TrainedReport | FailedReport;

export function failedReport(end: FailedEnd, detail: string, milliseconds = 0): FailedReport {
  return { end, detail, score: null, steps: 0, curve: [], milliseconds };
}

/** The mean of the scores there are; undefined where every training failed. */
export function meanScore(reports: readonly Pick<TrainingReport, 'score'>[]): number | undefined {
  const scores = scoresOf(reports);
  return scores.length === 0 ? undefined : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

export function scoresOf(reports: readonly Pick<TrainingReport, 'score'>[]): number[] {
  return reports.flatMap(({ score }) => (score === null ? [] : [score]));
}

/** All three answer in the order asked, however the work was spread. */
export interface Evaluator {
  analyse(genomes: readonly (readonly string[])[]): Promise<readonly Analysis[]>;
  probe(genomes: readonly (readonly string[])[]): Promise<readonly Probe[]>;
  train(jobs: readonly TrainingJob[]): Promise<readonly TrainingReport[]>;
}
