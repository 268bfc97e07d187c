/**
 * `lossc/evolve`: searches for losses and tunings of their parameters from a program. `evolve` makes a whole search; `createSearch` and
 * `createTuning` ask for the fitness of one loss or point after the other. `runSearch` and `tuneLoss` work in a folder that survives
 * whatever happens, about which the other functions answer questions.
 *
 * @example
 * import { mkdtempSync } from 'node:fs';
 * import { join } from 'node:path';
 * import { tmpdir } from 'node:os';
 * import { evolve, pareto, writeReport } from 'lossc/evolve';
 *
 * const folder = join(mkdtempSync(join(tmpdir(), 'lossc-')), 'run');
 * const { stopped, best, history } = await evolve({
 *   folder,
 *   dataset: 'digits',
 *   trainExamples: 200,
 *   validationExamples: 100,
 *   hidden: [8],
 *   steps: 10,
 *   population: 4,
 *   generations: 1,
 *   tuneEvaluations: 0,
 *   backend: 'wasm',
 *   workers: 1,
 * });
 * console.log(stopped, history.length); // finished 1
 * console.log(best!.formula.includes('prediction')); // true
 * console.log(pareto(folder).length > 0); // true
 * console.log(writeReport(folder) === join(folder, 'report.html')); // true
 */

export type { Answer } from './api/answers.js';
export { type AskedLoss, type CreateSearchOptions, createSearch, type Search } from './api/create-search.js';
export {
  type AskedParameters,
  type CreateTuningOptions,
  createTuning,
  type FoundParameters,
  type ParameterTuning,
} from './api/create-tuning.js';
export {
  type BestEvent,
  type EndEvent,
  type Evolution,
  type EvolveEvent,
  type EvolveResult,
  evolve,
  type GenerationEvent,
  type TrainedEvent,
} from './api/evolve.js';
export type { EvolveOptions } from './api/evolve-options.js';
export type { LossSource } from './api/evolving.js';
export { RunError } from './errors.js';
export type { QueueRunning } from './evolve/executors/queue-executor.js';
export type { MarkedFormula } from './evolve/gp/difference.js';
export { collectSources } from './evolve/losses/subject.js';
export type { ParameterValues } from './evolve/model/candidate.js';
export type { CurvePoint } from './evolve/model/evaluator.js';
export { fitnessOf, type Individual } from './evolve/model/individual.js';
export type {
  Budget,
  Comparison,
  Environment,
  Finals,
  Machine,
  RunSettings,
  Tuning,
  TuningSettings,
} from './evolve/model/run-settings.js';
export type { SearchState, Spent } from './evolve/model/search-state.js';
export { PRESETS, type PresetName, type SearchSettings } from './evolve/model/settings.js';
export type { NamedSources, Sources } from './evolve/model/sources.js';
export { readTask, type Task, type TaskInput, type TrainingCase } from './evolve/model/task.js';
export { defaultSketch } from './evolve/run/default-sketch.js';
export type { Finalist, FinalResult } from './evolve/run/finals.js';
export type { EvolvedLoss, FinishedGeneration, Found, FoundLoss } from './evolve/run/found-losses.js';
export {
  type FrontEntry,
  type LineageStep,
  lineage,
  pareto,
  type Shown,
  show,
} from './evolve/run/inspect.js';
export { type InspectedTuning, inspectTuning } from './evolve/run/inspect-tuning.js';
export type { RunningOptions } from './evolve/run/run-context.js';
export type { RunOutcome } from './evolve/run/run-phases.js';
export { type ResumeOptions, resumeSearch, runSearch, type SearchOptions } from './evolve/run/run-search.js';
export {
  type ResumeTuningOptions,
  resumeTuning,
  type TuneLossOptions,
  type TuneOutcome,
  type TuningProgress,
  type TuningRunning,
  tuneLoss,
} from './evolve/run/run-tuning.js';
export type { PlanOptions } from './evolve/run/search-plan.js';
export { type StoryStep, story } from './evolve/run/story.js';
export type { Pick } from './evolve/search/pareto.js';
export type { SearchProgress } from './evolve/search/progress.js';
export type { TunedLoss, TunedPoint, TuneResult } from './evolve/tuning/tune.js';
export { writeReport } from './report/write-report.js';
