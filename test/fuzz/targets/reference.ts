import { evaluateLoss } from '../../../compiler/evaluate/bind.js';
import type { Answer } from '../comparison.js';
import { parametersOf } from '../trial.js';
import type { Job, Target } from './target.js';

export function referenceAnswer({ compiled, trial }: Job): Answer {
  const { reduction, given } = trial;
  const known = reduction === 'weightedMean' ? 'mean' : reduction;
  const { value, gradient } = evaluateLoss(compiled, given.inputs, parametersOf(trial), known);
  return {
    value: typeof value === 'number' ? [value] : value.data,
    gradients: new Map([...gradient].map(([name, { data }]) => [name, data])),
  };
}

/** What an answer is, or what was thrown in its place. */
export function attempt(work: () => Answer): Answer | Error {
  try {
    return work();
  } catch (error) {
    return error as Error;
  }
}

/** The reference interpreter of the compiler, which knows no weights. */
export const REFERENCE: Target = {
  name: 'reference',
  precision: 'double',
  floor: 1e-12,
  every: 1,
  batch: 1,
  tries: 1500,
  takes: ({ trial }) => trial.weights === undefined,
  run: async (jobs) => jobs.map((job) => attempt(() => referenceAnswer(job))),
  close: async () => {},
};
