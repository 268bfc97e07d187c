import type { Executor } from '../executors/executor.js';
import type { QueueRunning } from '../executors/queue-executor.js';
import type { SketchSubject } from '../losses/subject.js';
import type { TrainingJob, TrainingReport } from '../model/evaluator.js';
import type { RunSettings } from '../model/run-settings.js';
import type { GenerationReport, SearchState } from '../model/search-state.js';
import type { SearchProgress } from '../search/progress.js';
import type { SearchWorld } from '../search/search-world.js';
import type { Ledger } from '../store/ledger.js';

/** A training that has ended. */
export interface EndedTraining {
  readonly phase: SearchProgress['phase'];
  readonly generation: number;
  readonly job: TrainingJob;
  readonly report: TrainingReport;
}

/** What may differ from one sitting to the next without changing the result. */
export interface RunningOptions {
  /** Worker processes; one per core when absent. */
  readonly workers?: number;
  /** Have the trainings made by the workers of a queue (`lossc worker`). */
  readonly queue?: QueueRunning;
  /** Told of what does not end the run and a person should know. */
  readonly onWarning?: (text: string) => void;
  readonly onProgress?: (progress: SearchProgress) => void;
  readonly onTraining?: (training: EndedTraining) => void;
  /** Told of each generation that is finished, and of the state after it. */
  readonly onGeneration?: (state: SearchState, report: GenerationReport) => void;
  readonly signal?: AbortSignal;
}

/** A run that is open in this process. */
export interface RunContext {
  readonly directory: string;
  readonly settings: RunSettings;
  readonly subject: SketchSubject;
  readonly world: Omit<SearchWorld, 'evaluator' | 'memory'>;
  readonly ledger: Ledger;
  readonly executor: Executor;
  readonly running: RunningOptions;
}
