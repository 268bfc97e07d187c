/**
 * Trains a sample of those that were not trained, or not to the end, all the same, to know how often each stage is wrong. Never
 * used by the search.
 */
import { hash32 } from '../../random.js';
import type { EvaluationRow } from '../model/evaluation.js';
import { fitnessOf } from '../model/individual.js';
import type { AuditCount, AuditedStage, Island } from '../model/search-state.js';
import { type Entry, type SearchWorld, totalSteps, trainingJob } from './search-world.js';
import { sortedByValue } from './selection.js';

export interface Audited {
  readonly rows: readonly EvaluationRow[];
  readonly counts: Readonly<Partial<Record<AuditedStage, AuditCount>>>;
  readonly trainings: number;
  readonly steps: number;
}

/**
 * `before` holds the counts so far. A stage was wrong if the loss would have been among the elites of its island, and, where it took
 * the score of one with the same gradient, is not.
 */
export async function audit(
  world: SearchWorld,
  entries: readonly Entry[],
  islands: readonly Island[],
  before: Audited['counts'],
): Promise<Audited> {
  const drawn = entries.map(({ row }) => row).filter((row) => isDrawn(world, row));
  const reports = await world.evaluator.train(drawn.map((row) => trainingJob(world, row, 0)));
  const scores = new Map(drawn.map((row, i) => [row.id, reports[i]!.score]));
  const counts = { ...before };
  const rows = entries.map(({ row }) => {
    const auditScore = scores.get(row.id);
    if (auditScore === undefined || auditScore === null) return row;
    const stage = stageOf(row)!;
    const count = counts[stage] ?? { trained: 0, wrong: 0 };
    const threshold = eliteThreshold(world, islands[row.island]!);
    const wrong = auditScore > threshold && !(row.outcome === 'known' && fitnessOf(row) > threshold);
    counts[stage] = { trained: count.trained + 1, wrong: count.wrong + (wrong ? 1 : 0) };
    return { ...row, audited: true, auditScore };
  });
  return { rows, counts, trainings: reports.length, steps: totalSteps(reports) };
}

/** By a hash of run and genome, so that the sample is the same in every repetition. What does not compile has no key. */
function isDrawn({ seed, settings }: SearchWorld, row: EvaluationRow): boolean {
  if (stageOf(row) === undefined || row.canonical === '') return false;
  return hash32(`${seed}/audit/${row.genome.join('|')}`) / 2 ** 32 < settings.audit;
}

/** The stage that kept a row from being trained to the end. A loss with a known canonical form is that loss: nothing to check. */
function stageOf(row: EvaluationRow): AuditedStage | undefined {
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
