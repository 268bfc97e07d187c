/** What a person is told while a search runs. */
import { fitnessOf, type Individual } from '../model/individual.js';
import type { Budget } from '../model/run-settings.js';
import type { SearchState } from '../model/search-state.js';
import { SCREENING_STAGES, type ScreeningStage } from '../model/settings.js';
import { paretoFront } from './pareto.js';

/** How far a search is, told after each training. */
export interface SearchProgress {
  readonly phase: 'search' | 'tuning' | 'finals';
  /** The last finished generation; -1 before the first. */
  readonly generation: number;
  readonly best: number;
  readonly median: number;
  readonly bestIndividual: Individual | undefined;
  readonly evaluations: number;
  readonly evaluationsPerMinute: number;
  /** Share of all candidates that each stage has rejected or known. */
  readonly rejected: Readonly<Record<ScreeningStage, number>>;
  /** Estimated from the budget; undefined when nothing can be said yet. */
  readonly secondsLeft: number | undefined;
  /** Seconds of work, over all sittings. */
  readonly seconds: number;
  /** Trainings finished since the last generation. */
  readonly trainingsRunning: number;
}

export function rejectedShares(state: SearchState): Record<ScreeningStage, number> {
  const { candidates } = state.spent;
  return Object.fromEntries(
    SCREENING_STAGES.map((stage) => [
      stage,
      candidates === 0 ? 0 : (state.rejected[stage] ?? 0) / candidates,
    ]),
  ) as Record<ScreeningStage, number>;
}

/** Share of the budget that is used, the largest of its parts; 0 without a budget. */
export function budgetUsed(budget: Budget, state: SearchState, seconds: number): number {
  const parts = [
    [state.generation + 1, budget.generations],
    [state.spent.evaluations, budget.evaluations],
    [state.spent.steps, budget.steps],
    [seconds, budget.seconds],
  ] as const;
  return Math.max(0, ...parts.map(([used, of]) => (of === undefined ? 0 : used / Math.max(of, 1e-9))));
}

interface Beginning {
  readonly generation: number;
  /** After the generation that it is bred from. */
  readonly base: SearchState;
  /** After the last generation that is finished, and the seconds until then. */
  readonly state: SearchState;
  readonly seconds: number;
}

/**
 * Whether the budget leaves room for a generation while those before it may still be in flight: they are taken to spend as much as the
 * ones before them. Where they have spent less in the end, it may begin after all. A function of finished generations (but for the
 * seconds), so that every run with these settings has the same ones.
 */
export function mayBegin(budget: Budget, { generation, base, state, seconds }: Beginning): boolean {
  if (state.generation === generation - 1 && budgetUsed(budget, state, seconds) < 1) return true;
  const share = generation / Math.max(1, base.generation + 1);
  const { evaluations, steps } = base.spent;
  const spent = { ...base.spent, evaluations: share * evaluations, steps: share * steps };
  const soFar = generation / Math.max(1, state.generation + 1);
  return budgetUsed(budget, { ...base, generation: generation - 1, spent }, soFar * seconds) < 1;
}

/** The best loss of the run so far. */
export function bestOf(state: SearchState): Individual | undefined {
  return paretoFront(state.archive).at(-1);
}

export function bestScore(state: SearchState): number {
  const best = bestOf(state);
  return best === undefined ? 0 : fitnessOf(best);
}
