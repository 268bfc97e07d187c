/** What is asked of a worker of a search, and what it answers. Everything is plain data. */
import type { TrainingJob } from '../model/evaluator.js';
import type { Sources } from '../model/sources.js';
import type { Task } from '../model/task.js';

export interface WorkerSetup {
  readonly task: Task;
  readonly subject: { readonly kind: 'sketch' | 'loss'; readonly sources: Sources; readonly name?: string };
  /** Turn losses round that are upside down; they are tried as they are when absent. */
  readonly repairSign?: boolean;
  /** The fastest there is when absent. */
  readonly backend?: string;
}

export type WorkerTask =
  | { readonly kind: 'describe' }
  | { readonly kind: 'analyse' | 'probe'; readonly genomes: readonly (readonly string[])[] }
  | { readonly kind: 'train'; readonly job: TrainingJob };

export interface WorkerDescription {
  readonly backend: string;
  readonly device: string;
  readonly tensorflow: string;
  /** Classes of the data. */
  readonly classes: number;
  /** Tensors alive between tasks: the data and nothing that grows. */
  readonly liveTensors: number;
}
