/**
 * Generation after generation until the budget is used or somebody says stop, every step of it durable. A loop that
 * begins on a ledger with finished generations goes on from there exactly.
 */

import { type Executor, Interrupted, untilAborted } from '../executors/executor.js';
import type { Budget } from '../model/run-settings.js';
import { INITIAL_STATE, type SearchState } from '../model/search-state.js';
import type { Ledger } from '../store/ledger.js';
import { recordingEvaluator } from '../store/recording-evaluator.js';
import { createMemory } from './memory.js';
import { bestOf, bestScore, budgetUsed, rejectedShares, type SearchProgress } from './progress.js';
import { nextGeneration } from './search.js';
import type { SearchWorld } from './search-world.js';

export interface LoopOptions {
  readonly world: Omit<SearchWorld, 'evaluator' | 'memory'>;
  readonly ledger: Ledger;
  readonly executor: Executor;
  readonly budget: Budget;
  readonly onProgress?: (progress: SearchProgress) => void;
  readonly onGeneration?: (state: SearchState) => void;
  readonly signal?: AbortSignal;
}

export interface LoopResult {
  readonly state: SearchState;
  readonly stopped: 'budget' | 'interrupted';
}

export async function searchLoop(options: LoopOptions): Promise<LoopResult> {
  const { ledger, executor, budget, signal } = options;
  let state = ledger.lastState() ?? INITIAL_STATE;
  const past = ledger.generations();
  let seconds = past.reduce((sum, generation) => sum + generation.seconds, 0);
  let median = past.at(-1)?.median ?? 0;
  let sinceGeneration = 0;
  const memory = createMemory(ledger.evaluations(), ledger.imported());
  const begun = performance.now();
  const before = { evaluations: state.spent.evaluations, seconds };

  const report = (): void => {
    const now = before.seconds + (performance.now() - begun) / 1000;
    const made = state.spent.evaluations - before.evaluations + sinceGeneration;
    const used = budgetUsed(budget, state, now);
    options.onProgress?.({
      phase: 'search',
      generation: state.generation,
      best: bestScore(state),
      median,
      bestIndividual: bestOf(state),
      evaluations: state.spent.evaluations + sinceGeneration,
      evaluationsPerMinute: (60 * made) / Math.max(1, now - before.seconds),
      rejected: rejectedShares(state),
      secondsLeft: used > 0.01 ? (now * (1 - Math.min(1, used))) / used : undefined,
      seconds: now,
      trainingsRunning: sinceGeneration,
    });
  };
  const evaluator = recordingEvaluator(
    untilAborted(executor, signal),
    ledger,
    () => state.generation + 1,
    () => {
      sinceGeneration++;
      report();
    },
  );
  const world: SearchWorld = { ...options.world, evaluator, memory };
  while (budgetUsed(budget, state, seconds) < 1) {
    if (signal?.aborted) return { state, stopped: 'interrupted' };
    const start = performance.now();
    try {
      const next = await nextGeneration(world, state);
      const took = (performance.now() - start) / 1000;
      ledger.addGeneration(next.state, next.report, took);
      seconds += took;
      state = next.state;
      median = next.report.median;
    } catch (thrown) {
      if (thrown instanceof Interrupted) return { state, stopped: 'interrupted' };
      throw thrown;
    }
    sinceGeneration = 0;
    options.onGeneration?.(state);
    report();
  }
  return { state, stopped: 'budget' };
}
