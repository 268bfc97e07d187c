/** Jobs and answers of a queue as JSON. A job has the text of a loss, settings and names, and never code. */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { parseJson, recordOf, type Schema } from '../../../read-json.js';
import type { TrainingJob, TrainingReport } from '../../model/evaluator.js';
import type { Environment } from '../../model/run-settings.js';
import { sources } from '../../model/schemas.js';
import { TASK_SCHEMA, type Task } from '../../model/task.js';
import { type ComparisonJob, comparisonJob } from '../../training/comparison-protocol.js';
import { trainingJob, trainingReport, type WorkerSetup } from '../../training/protocol.js';

/** Raised when jobs or answers change their form. */
export const JOB_FORMAT = 2;

/** Characters of a job or an answer. A sketch with all it imports has a few thousand. */
const MOST_TEXT = 1_000_000;

/** Minutes of a month: no training is waited for longer. */
const MOST_SECONDS = 31 * 24 * 3600;

/** What the result of any training depends on. */
interface JobFrame {
  readonly format: typeof JOB_FORMAT;
  /** What the worker has to run on. */
  readonly environment: Environment;
  readonly limits: { readonly taskSeconds: number; readonly memoryMiB: number };
  /** Without the folders of data files, which each machine has in its own place. */
  readonly task: Task;
  /** SHA-256 of the data and models that the task names by their paths. */
  readonly files: Readonly<Record<string, string>>;
}

/** A training of a search or a tuning. */
export interface SearchJob extends JobFrame {
  readonly subject: WorkerSetup['subject'];
  readonly job: TrainingJob;
}

/** One of a comparison. */
export interface ComparedJob extends JobFrame {
  readonly comparison: ComparisonJob;
}

export type QueueJob = SearchJob | ComparedJob;

const text = v.pipe(v.string(), v.maxLength(200));

const frame = {
  format: v.literal(JOB_FORMAT),
  environment: v.strictObject({
    lossc: text,
    node: text,
    tensorflow: text,
    backend: text,
    native: v.exactOptional(text),
    trainer: text,
  }),
  limits: v.strictObject({
    taskSeconds: v.pipe(v.number(), v.gtValue(0), v.maxValue(MOST_SECONDS)),
    memoryMiB: v.pipe(v.number(), v.minValue(1)),
  }),
  // Where an evaluator trains there is none, and evaluators are not trained over a queue.
  task: v.pipe(
    TASK_SCHEMA,
    v.check(({ cases }) => cases.length > 0, 'it has no cases'),
  ),
  files: recordOf(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
};

const searchJob: Schema<SearchJob> = v.strictObject({
  ...frame,
  subject: v.strictObject({
    kind: v.picklist(['sketch', 'loss']),
    sources,
    name: v.exactOptional(v.string()),
  }),
  job: trainingJob,
});

const comparedJob: Schema<ComparedJob> = v.strictObject({ ...frame, comparison: comparisonJob });

/** Of any version: enough to tell whether the rest can be read. */
const anyJob = v.looseObject({ format: v.number(), comparison: v.optional(v.unknown()) });

/** The key of an evaluation: equal jobs are the same question. */
export const jobId = (job: string): string => createHash('sha256').update(job).digest('hex');

/** Throws a RunError for what is no job. */
export function readJob(id: string, job: string): QueueJob | 'another format' {
  if (job.length > MOST_TEXT) throw tooLong('job', job);
  const { format, comparison } = parseJson(job, anyJob, 'the job');
  if (format !== JOB_FORMAT) return 'another format';
  const read = parseJson<QueueJob>(job, comparison === undefined ? searchJob : comparedJob, 'the job');
  if (jobId(job) !== id) throw new Error('the job does not match its name');
  return read;
}

export type Answer = { readonly worker: string } & (
  | { readonly kind: 'report'; readonly report: TrainingReport }
  /** This worker cannot do it; another may. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Nobody can do it. */
  | { readonly kind: 'invalid'; readonly reason: string }
);

const reason = v.pipe(v.string(), v.maxLength(10_000));
const worker = text;
const answer: Schema<Answer> = v.variant('kind', [
  v.strictObject({ worker, kind: v.literal('report'), report: trainingReport }),
  v.strictObject({ worker, kind: v.literal('refused'), reason }),
  v.strictObject({ worker, kind: v.literal('invalid'), reason }),
]);

/** Throws a RunError for what is no answer. */
export function readAnswer(given: string): Answer {
  if (given.length > MOST_TEXT) throw tooLong('answer', given);
  return parseJson(given, answer, 'the answer');
}

const tooLong = (what: string, { length }: string): Error =>
  new Error(`the ${what} has ${length} characters, and ${MOST_TEXT} are allowed`);

/** What two workers must agree about: all but how long it took, and nothing where a worker was lost. */
export function comparable(report: TrainingReport): string | undefined {
  if (report.score === null) return undefined;
  const { end, score, steps, curve, run } = report;
  const points = curve.map((point) => [point.step, point.score, point.loss]);
  return JSON.stringify([end, score, steps, points, { ...run, stepsPerSecond: undefined }]);
}
