import type { VariationContext } from '../gp/vary.js';
import type { EvaluationRow, ScreenedRow } from '../model/evaluation.js';
import type { Evaluator, TrainingJob, TrainingReport } from '../model/evaluator.js';
import type { GenomeCodec, Trees } from '../model/genome.js';
import type { Proposer } from '../model/proposer.js';
import type { SearchSettings } from '../model/settings.js';
import type { Memory } from './memory.js';

/** Everything a search works with that does not change from generation to generation, but for the growing memory. */
export interface SearchWorld {
  readonly settings: SearchSettings;
  readonly seed: string;
  /** Steps of a short training. */
  readonly steps: number;
  readonly variation: VariationContext;
  readonly codec: GenomeCodec;
  readonly evaluator: Evaluator;
  readonly memory: Memory;
  /** Genomes that begin in generation 0, spread over the islands. */
  readonly seeds: readonly Trees[];
  /** Whoever proposes candidates besides variation. */
  readonly proposer?: Proposer;
}

/** A candidate on its way through a generation, before it is trained, and after; then `row` is what the ledger will hold. */
export interface ScreenedEntry {
  readonly row: ScreenedRow;
  /** It takes the place it was made for. */
  readonly accepted: boolean;
}

export interface Entry extends ScreenedEntry {
  readonly row: EvaluationRow;
}

/** The training of a genome: its seed depends on the run, the canonical form and the replicate, and on nothing else. */
export function trainingJob(
  world: SearchWorld,
  { genome, canonical }: Pick<ScreenedRow, 'genome' | 'canonical'>,
  replicate: number,
  gates: TrainingJob['gates'] = [],
): TrainingJob {
  return { genome, replicate, seed: `${world.seed}/${canonical}/${replicate}`, steps: world.steps, gates };
}

export function totalSteps(reports: readonly TrainingReport[]): number {
  return reports.reduce((sum, report) => sum + report.steps, 0);
}
