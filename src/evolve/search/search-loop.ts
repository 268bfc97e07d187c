/**
 * Generation after generation until the budget is used or somebody says stop, every step of it durable. With a lag several are in
 * flight together: generation g is bred from what was known after g - 1 - lag, and they are committed one by one in their order, so
 * the ledger does not tell who was fast. A loop that begins on a ledger with finished generations goes on from there exactly.
 */

import { type Executor, Interrupted, unlessAborted, untilAborted } from '../executors/executor.js';
import type { TrainingJob, TrainingReport } from '../model/evaluator.js';
import type { Budget } from '../model/run-settings.js';
import { type GenerationReport, INITIAL_STATE, type SearchState } from '../model/search-state.js';
import type { Ledger } from '../store/ledger.js';
import { recordingEvaluators } from '../store/recording-evaluator.js';
import { type Bred, breed } from './breed.js';
import { commit } from './commit.js';
import { createMemory } from './memory.js';
import { bestOf, bestScore, budgetUsed, mayBegin, rejectedShares, type SearchProgress } from './progress.js';
import type { SearchWorld } from './search-world.js';

export interface LoopOptions {
  readonly world: Omit<SearchWorld, 'evaluator' | 'memory'>;
  readonly ledger: Ledger;
  readonly executor: Executor;
  readonly budget: Budget;
  readonly onProgress?: (progress: SearchProgress) => void;
  readonly onTraining?: (report: TrainingReport, generation: number, job: TrainingJob) => void;
  readonly onGeneration?: (state: SearchState, report: GenerationReport) => void;
  readonly signal?: AbortSignal;
}

export interface LoopResult {
  readonly state: SearchState;
  readonly stopped: 'budget' | 'interrupted';
}

export async function searchLoop(options: LoopOptions): Promise<LoopResult> {
  const { ledger, executor, budget, signal } = options;
  const { lag } = options.world.settings;
  /** After the last generations, as many as there may be in flight. */
  const states = ledger.latestStates(lag + 1);
  let state = states.at(-1) ?? INITIAL_STATE;
  const past = ledger.generations();
  let seconds = past.reduce((sum, generation) => sum + generation.seconds, 0);
  let median = past.at(-1)?.median ?? 0;
  /** Trainings of generations in flight. */
  const running = new Map<number, number>();
  const memory = createMemory(ledger.evaluations(), ledger.imported());
  const begun = performance.now();
  const before = { evaluations: state.spent.evaluations, seconds };

  const report = (): void => {
    const now = before.seconds + (performance.now() - begun) / 1000;
    const trainingsRunning = [...running.values()].reduce((sum, count) => sum + count, 0);
    const made = state.spent.evaluations - before.evaluations + trainingsRunning;
    const used = budgetUsed(budget, state, now);
    options.onProgress?.({
      phase: 'search',
      generation: state.generation,
      best: bestScore(state),
      median,
      bestIndividual: bestOf(state),
      evaluations: state.spent.evaluations + trainingsRunning,
      evaluationsPerMinute: (60 * made) / Math.max(1, now - before.seconds),
      rejected: rejectedShares(state),
      secondsLeft: used > 0.01 ? (now * (1 - Math.min(1, used))) / used : undefined,
      seconds: now,
      trainingsRunning,
    });
  };
  const stop = new AbortController();
  const ended = signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal]);
  const evaluators = recordingEvaluators(untilAborted(executor, ended), ledger, (...training) => {
    const [, generation] = training;
    running.set(generation, (running.get(generation) ?? 0) + 1);
    options.onTraining?.(...training);
    report();
  });
  const { proposer, ...world } = options.world;
  // Whoever proposes may think for minutes, and nobody who interrupts a run waits for it.
  const asked: Pick<SearchWorld, 'proposer'> =
    proposer === undefined
      ? {}
      : { proposer: { propose: (...question) => unlessAborted(() => proposer.propose(...question), ended) } };
  const worldOf = (generation: number): SearchWorld => ({
    ...world,
    ...asked,
    evaluator: evaluators(generation),
    memory,
  });
  const flights = createFlights();

  /** Begins what may begin. `states` has what each is bred from. */
  function begin(): void {
    const next = state.generation + 1;
    for (let generation = next + flights.bred.length; generation <= next + lag; generation++) {
      const base = states.find((one) => one.generation === generation - 1 - lag) ?? INITIAL_STATE;
      if (!mayBegin(budget, { generation, base, state, seconds })) return;
      flights.bred.push(flights.watched(breed(worldOf(generation), base, generation)));
    }
  }

  let start = performance.now();
  try {
    for (;;) {
      if (signal?.aborted) return { state, stopped: 'interrupted' };
      begin();
      const first = flights.bred[0];
      if (first === undefined) return { state, stopped: 'budget' };
      const bred = await flights.unlessFailed(first);
      const next = await flights.unlessFailed(commit(worldOf(state.generation + 1), state, bred));
      const took = (performance.now() - start) / 1000;
      ledger.addGeneration(next.state, next.report, took);
      start = performance.now();
      seconds += took;
      state = next.state;
      median = next.report.median;
      flights.bred.shift();
      states.push(state);
      if (states.length > lag + 1) states.shift();
      running.delete(state.generation);
      options.onGeneration?.(state, next.report);
      report();
    }
  } catch (thrown) {
    if (thrown instanceof Interrupted) return { state, stopped: 'interrupted' };
    stop.abort();
    throw thrown;
  } finally {
    // Whoever asks somebody for trainings still asks for those of later generations.
    await Promise.allSettled(flights.bred);
  }
}

/** Generations that are being bred, in their order, the first of which is the next to be committed. */
function createFlights() {
  let fail: (reason: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {});
  const watched = <T>(work: Promise<T>): Promise<T> => {
    // An interruption is told of when its turn comes; a failure ends them all.
    work.catch((thrown: unknown) => {
      if (!(thrown instanceof Interrupted)) fail(thrown);
    });
    return work;
  };
  return {
    bred: [] as Promise<Bred>[],
    watched,
    /** Rejects when any of them fails. */
    unlessFailed: <T>(work: Promise<T>): Promise<T> => Promise.race([watched(work), failed]),
  };
}
