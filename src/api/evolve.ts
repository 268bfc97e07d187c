/** A whole search from a program, as `lossc evolve` runs it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GENOME_CODEC } from '../evolve/gp/genome.js';
import { readSketch } from '../evolve/losses/subject.js';
import type { TrainingReport } from '../evolve/model/evaluator.js';
import type { Spent } from '../evolve/model/search-state.js';
import {
  type EvolvedLoss,
  type Found,
  type FoundLoss,
  foundIn,
  foundLoss,
} from '../evolve/run/found-losses.js';
import { nothingFound } from '../evolve/run/inspect.js';
import type { EndedTraining, RunningOptions } from '../evolve/run/run-context.js';
import { runSearch, type SearchOptions } from '../evolve/run/run-search.js';
import type { SearchProgress } from '../evolve/search/progress.js';
import { bestOf } from '../evolve/search/progress.js';
import type { LossText } from '../evolve/store/loss-file.js';
import { readRunSettings } from '../evolve/store/read-settings.js';
import { demandOptions } from './demand.js';
import { EVOLVE_EXPECTATIONS, type EvolveOptions, searchFrom } from './evolve-options.js';
import { told } from './told.js';

/** A training has finished. */
export interface TrainedEvent {
  readonly type: 'trained';
  /** A search is followed by tuning of coefficients and by finals. */
  readonly phase: SearchProgress['phase'];
  readonly generation: number;
  /** The expression in each hole of the sketch. */
  readonly genome: readonly string[];
  /** Validation score from 0 to 1; null if there was no training. */
  readonly fitness: number | null;
  /** How it ended: `finished`, or why before its last step. */
  readonly end: TrainingReport['end'];
  /** Training steps made. */
  readonly steps: number;
}

/** A generation is finished. */
export interface GenerationEvent {
  readonly type: 'generation';
  /** From 0. */
  readonly generation: number;
  /** Best and median fitness of the population. */
  readonly best: number;
  readonly median: number;
  /** What the search has used so far. */
  readonly spent: Spent;
}

/** A generation has found a loss with a higher fitness than any before. */
export interface BestEvent {
  readonly type: 'best';
  readonly generation: number;
  readonly loss: FoundLoss;
}

/** The search is over. */
export interface EndEvent {
  readonly type: 'end';
  readonly result: EvolveResult;
}

/** The events of `evolve`. */
export type EvolveEvent = TrainedEvent | GenerationEvent | BestEvent | EndEvent;

/** What a search has found. */
export interface EvolveResult extends Found {
  /** `interrupted` if the signal ended it. */
  readonly stopped: 'finished' | 'interrupted';
  /** The winner of the finals, or the loss with the highest fitness if it was interrupted before them; undefined before the first generation. */
  readonly best: EvolvedLoss | undefined;
}

/** A running search. Each loop over its events sees those from then on, and throws if the search fails; leaving the loop does not stop the search. */
export interface Evolution extends Promise<EvolveResult>, AsyncIterable<EvolveEvent> {}

/**
 * Searches for losses by training with them: the same search, with the same numbers, as `lossc evolve` with these options. It is a promise of
 * the result and an AsyncIterable of the events until then. Trainings run in separate processes; without `folder` nothing
 * is left on the disk.
 *
 * Throws a TypeError for a wrong option, a LossError for mistakes in a text. The promise is rejected with a RunError if data, model or
 * backend cannot be used, or if no candidate could be trained.
 *
 * @example
 * import { evolve } from 'lossc/evolve';
 *
 * const search = evolve({
 *   dataset: 'digits', trainExamples: 200, validationExamples: 100, hidden: [8], steps: 10,
 *   population: 8, generations: 2, tuneEvaluations: 0, seed: 1, backend: 'wasm', workers: 1,
 * });
 * const fitness: number[] = [];
 * for await (const event of search)
 *   if (event.type === 'generation') fitness.push(event.best);
 * const { best, front } = await search;
 * console.log(fitness.length, front.length > 0); // 2 true
 * console.log(best!.text.includes(`loss ${best!.name}(`)); // true
 */
export function evolve(options: EvolveOptions = {}): Evolution {
  demandOptions('evolve', options, EVOLVE_EXPECTATIONS);
  const search = searchFrom(options);
  return told(async (tell) => {
    const directory = options.folder ?? mkdtempSync(join(tmpdir(), 'lossc-evolve-'));
    try {
      const result = await resultOf({ ...search, directory }, options, tell);
      tell({ type: 'end', result });
      return result;
    } finally {
      if (options.folder === undefined) rmSync(directory, { recursive: true, force: true });
    }
  });
}

async function resultOf(
  search: SearchOptions,
  { workers, signal, folder }: EvolveOptions,
  tell: (event: EvolveEvent) => void,
): Promise<EvolveResult> {
  const { directory } = search;
  const running: RunningOptions = {
    ...(workers !== undefined && { workers }),
    ...(signal !== undefined && { signal }),
    ...eventsOf(directory, tell),
  };
  const { stopped, state } = await runSearch({ ...search, running });
  const found = foundIn(directory, state.spent);
  const best = found.finals[0] ?? found.front.at(-1);
  if (best === undefined && stopped === 'finished') {
    const hint =
      folder === undefined
        ? 'with the option folder the ledger in it has the reason for each'
        : `the ledger in ${folder} has the reason for each`;
    throw nothingFound(directory, state.spent.candidates, hint);
  }
  return { stopped, best, ...found };
}

function eventsOf(
  directory: string,
  tell: (event: EvolveEvent) => void,
): Pick<RunningOptions, 'onTraining' | 'onGeneration'> {
  let text: LossText | undefined;
  let bestId: number | undefined;
  return {
    onTraining: (training) => tell(trained(training)),
    onGeneration(state, { generation, best, median }) {
      tell({ type: 'generation', generation, best, median, spent: state.spent });
      const individual = bestOf(state);
      if (individual === undefined || individual.id === bestId) return;
      bestId = individual.id;
      text ??= textIn(directory);
      tell({ type: 'best', generation, loss: foundLoss(text, individual) });
    },
  };
}

/** How the losses of a run are written. */
function textIn(directory: string): LossText {
  const { sketch } = readRunSettings(directory);
  return { ...readSketch(sketch.sources, sketch.name), codec: GENOME_CODEC };
}

const trained = ({ phase, generation, job, report }: EndedTraining): TrainedEvent => ({
  ...{ type: 'trained', phase, generation, genome: job.genome },
  ...{ fitness: report.score, end: report.end, steps: report.steps },
});
