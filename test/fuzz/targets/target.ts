import type { CompiledLoss } from '../../../compiler/compile.js';
import type { Answer } from '../comparison.js';
import type { Trial } from '../trial.js';

/** A trial with its compiled loss. */
export interface Job {
  readonly trial: Trial;
  readonly compiled: CompiledLoss;
}

/** Something that a loss is compiled to, and what runs it. */
export interface Target {
  readonly name: string;
  readonly precision: 'double' | 'single';
  /** What is never told apart, as a part of the largest number beside it: rounding that the oracle's bounds do not know of. */
  readonly floor: number;
  /** Of this many programs one is run. */
  readonly every: number;
  /** Jobs that are sent together. */
  readonly batch: number;
  /** How many smaller programs a fault may be tried on: starting a process for each takes its time. */
  readonly tries: number;
  /** Whether the target has what the trial asks for. */
  readonly takes: (job: Job) => boolean;
  /** The answer to each job, or what was thrown. */
  readonly run: (jobs: readonly Job[]) => Promise<readonly (Answer | Error)[]>;
  readonly close: () => Promise<void>;
}
