/** What is told to searches and tunings that ask. */
import { failedReport, type TrainingReport } from '../evolve/model/evaluator.js';
import { demand, type Expectation, isRecord, TEXT } from './demand.js';

/** The result of an evaluation. */
export interface Answer {
  /** The id of the request. */
  readonly id: number;
  /** From 0 to 1, higher is better. 0 is for a useless loss, for example one with which training diverges. */
  readonly fitness?: number;
  /**
   * Instead of a fitness: why there is none. This says nothing about the loss (a machine was lost, memory ran out): a failed
   * evaluation may be requested again.
   */
  readonly failed?: string;
}

const LIST: Expectation = {
  what: 'a list of { id, fitness }',
  holds: (value) =>
    Array.isArray(value) && value.every((one) => isRecord(one) && typeof one['id'] === 'number'),
  cure: (value) => (isRecord(value) && 'id' in value ? 'put it into a list' : undefined),
};

const FITNESS: Expectation = {
  what: 'a number from 0 to 1',
  holds: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  cure: (value) =>
    typeof value === 'number' && Number.isFinite(value)
      ? '1 / (1 + error) turns an error into one'
      : '0 is for a loss that is worth nothing, and { id, failed: "why" } for an evaluation that did not take place',
};

/** Throws a TypeError for answers that cannot be taken, before any of them is. `asked`: how many questions there have been. */
export function demandAnswers(
  answers: readonly Answer[],
  { open, asked }: { readonly open: ReadonlyMap<number, unknown>; readonly asked: number },
): void {
  demand('tell', [['answers', answers, LIST]]);
  const seen = new Set<number>();
  for (const { id, fitness, failed } of answers) {
    if (seen.has(id)) throw new TypeError(`tell: ${id} is answered twice`);
    seen.add(id);
    if (!open.has(id)) throw new TypeError(`tell: ${notOpen(id, asked)}`);
    if (failed === undefined) demand('tell', [[`the fitness of ${id}`, fitness, FITNESS]]);
    else if (fitness !== undefined)
      throw new TypeError(`tell: ${id} has a fitness and a reason why there is none: leave out one of them`);
    else demand('tell', [[`failed of ${id}`, failed, TEXT]]);
  }
}

function notOpen(id: number, asked: number): string {
  if (Number.isInteger(id) && id >= 0 && id < asked) return `${id} was told before`;
  return asked === 0
    ? `nothing was asked with the id ${id}: call ask first`
    : `nothing was asked with the id ${id}: ids so far are 0 to ${asked - 1}`;
}

/** The answer as the search takes it. */
export function reportOf({ fitness, failed }: Answer, steps: number): TrainingReport {
  return failed === undefined
    ? { end: 'finished', score: fitness!, steps, curve: [], milliseconds: 0 }
    : failedReport('failed', failed);
}
