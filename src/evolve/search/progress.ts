/** What a person is told while a search runs. */
import { fitnessOf, type Individual } from '../model/individual.js';
import type { Budget } from '../model/run-settings.js';
import type { SearchState } from '../model/search-state.js';
import { SCREENING_STAGES, type ScreeningStage } from '../model/settings.js';
import { paretoFront } from './pareto.js';

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

/** The best loss of the run so far. */
export function bestOf(state: SearchState): Individual | undefined {
  return paretoFront(state.archive).at(-1);
}

export function bestScore(state: SearchState): number {
  const best = bestOf(state);
  return best === undefined ? 0 : fitnessOf(best);
}
