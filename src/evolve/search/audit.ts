/**
 * Trains a sample of those that were not trained, or not to the end, all the same, to know how often each stage is wrong. Never
 * used by the search.
 */
import { hash32 } from '../../random.js';
import type { EvaluationRow, ScreenedRow } from '../model/evaluation.js';
import type { TrainingJob, TrainingReport } from '../model/evaluator.js';
import { fitnessOf } from '../model/individual.js';
import type { AuditCount, AuditedStage, Island } from '../model/search-state.js';
import { type Entry, type ScreenedEntry, type SearchWorld, totalSteps, trainingJob } from './search-world.js';
import { sortedByValue } from './selection.js';

export interface Audited {
  readonly rows: readonly EvaluationRow[];
  readonly counts: Readonly<Partial<Record<AuditedStage, AuditCount>>>;
  readonly trainings: number;
  readonly steps: number;
}

/** The sample: trainings of those among the entries that are drawn, by their ids. Whom training may still reject is drawn afterwards. */
export function sampleOf(
  world: SearchWorld,
  entries: readonly ScreenedEntry[],
): ReadonlyMap<number, TrainingJob> {
  const drawn = entries.filter(({ row }) => isDrawn(world, row));
  return new Map(drawn.map(({ row }) => [row.id, trainingJob(world, row, 0)]));
}

/**
 * `sample` has for each entry the report of its training in the sample, if it was drawn. `before` holds the counts so far. A stage was wrong if the loss would have been among the elites of its island, and, where it took
 * the score of one with the same gradient, is not.
 */
export function audit(
  world: SearchWorld,
  entries: readonly Entry[],
  sample: readonly (TrainingReport | undefined)[],
  islands: readonly Island[],
  before: Audited['counts'],
): Audited {
  const counts = { ...before };
  const rows = entries.map(({ row }, i) => {
    const auditScore = sample[i]?.score;
    if (auditScore === undefined || auditScore === null) return row;
    const stage = stageOf(row)!;
    const count = counts[stage] ?? { trained: 0, wrong: 0 };
    const threshold = eliteThreshold(world, islands[row.island]!);
    const wrong = auditScore > threshold && !(row.outcome === 'known' && fitnessOf(row) > threshold);
    counts[stage] = { trained: count.trained + 1, wrong: count.wrong + (wrong ? 1 : 0) };
    return { ...row, audited: true, auditScore };
  });
  const reports = sample.filter((report) => report !== undefined);
  return { rows, counts, trainings: reports.length, steps: totalSteps(reports) };
}

/** By a hash of run and genome, so that the sample is the same in every repetition. What does not compile has no key. */
function isDrawn({ seed, settings }: SearchWorld, row: ScreenedRow): boolean {
  if (stageOf(row) === undefined || row.canonical === '') return false;
  return hash32(`${seed}/audit/${row.genome.join('|')}`) / 2 ** 32 < settings.audit;
}

/** The stage that kept a row from being trained to the end. A loss with a known canonical form is that loss: nothing to check. */
function stageOf(row: ScreenedRow): AuditedStage | undefined {
  if (row.outcome === 'stopped') return row.reason === 'hopeless' ? 'gate' : undefined;
  return row.stage === 'canonical' ? undefined : row.stage;
}

function eliteThreshold({ settings }: SearchWorld, { members }: Island): number {
  const finished = sortedByValue(
    members.filter((member) => member.complete),
    settings.parsimony,
  );
  const last = finished[Math.min(finished.length, Math.max(1, settings.elites)) - 1];
  return last === undefined ? 0 : fitnessOf(last);
}
