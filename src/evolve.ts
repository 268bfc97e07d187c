/**
 * `lossc/evolve`: search for losses and tuning of their parameters, each in a folder that survives whatever happens, and questions
 * about such a folder.
 *
 * @example
 * import { mkdtempSync } from 'node:fs';
 * import { join } from 'node:path';
 * import { tmpdir } from 'node:os';
 * import { defaultSketch, pareto, runSearch, writeReport } from 'lossc/evolve';
 *
 * const directory = join(mkdtempSync(join(tmpdir(), 'lossc-')), 'run');
 * const { stopped, state } = await runSearch({
 *   directory,
 *   command: 'an example',
 *   task: { cases: [{ dataset: 'digits', trainExamples: 200, validationExamples: 100, hidden: [8] }], steps: 10 },
 *   sketch: { sources: defaultSketch('default') },
 *   seed: '1',
 *   settings: { islands: 1, population: 4 },
 *   budget: { generations: 1 },
 *   tuning: { losses: 0 },
 *   finals: { losses: 1, replicates: 1 },
 *   backend: 'wasm',
 *   running: { workers: 1 },
 * });
 * console.log(stopped, state.generation); // finished 0
 * console.log(pareto(directory).length > 0); // true
 * console.log(writeReport(directory) === join(directory, 'report.html')); // true
 */

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
export { type StoryStep, story } from './evolve/run/story.js';
export type { Pick } from './evolve/search/pareto.js';
export type { SearchProgress } from './evolve/search/progress.js';
export type { TunedLoss, TunedPoint, TuneResult } from './evolve/tuning/tune.js';
export { writeReport } from './report/write-report.js';
