/** The messages between the pool and its worker processes, and what a worker module offers. Everything is plain data. */

export type ToWorker =
  /** First message: which module answers tasks, and what it is to load. */
  | { readonly kind: 'start'; readonly module: string; readonly setup: unknown }
  | { readonly kind: 'task'; readonly id: number; readonly task: unknown }
  | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'ready' }
  /** The module could not load its setup: a mistake in the task description, not in a candidate. */
  | { readonly kind: 'unfit'; readonly message: string; readonly hint?: string }
  | { readonly kind: 'done'; readonly id: number; readonly result: unknown }
  /** The task threw. */
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** What the module named in `start` exports. */
export interface TaskModule {
  /** Loads once what all tasks share (data, model, backend). */
  createTaskRunner(setup: unknown): Promise<TaskRunner>;
}

export interface TaskRunner {
  run(task: unknown): Promise<unknown>;
  dispose(): void;
}
