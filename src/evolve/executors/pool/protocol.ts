/** The messages between the pool and its worker processes, and what a worker module offers. Everything is plain data. */

export type ToWorker =
  /** First message: which module answers tasks, and what it is to load. */
  | { readonly kind: 'start'; readonly module: string; readonly setup: unknown }
  /** `residentMiB`: what the process may hold while it works on the task. */
  | { readonly kind: 'task'; readonly id: number; readonly task: unknown; readonly residentMiB: number }
  | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'ready' }
  /** The module could not load its setup: a mistake in the task description, not in a candidate. */
  | { readonly kind: 'unfit'; readonly message: string; readonly hint?: string }
  /** `residentMiB`: what the process holds after the task. */
  | { readonly kind: 'done'; readonly id: number; readonly result: unknown; readonly residentMiB: number }
  /** The task threw. */
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly message: string;
      readonly residentMiB: number;
    };

/** What a process says last that holds more than it may; it is in no other text. */
export const MEMORY_LAST_WORDS = 'lossc worker: more memory than it may hold';

/** What the module named in `start` exports. */
export interface TaskModule {
  /** Loads once what all tasks share (data, model, backend). */
  createTaskRunner(setup: unknown): Promise<TaskRunner>;
}

export interface TaskRunner {
  run(task: unknown): Promise<unknown>;
  dispose(): void;
}
