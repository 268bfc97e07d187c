/** The fair comparison of losses where a script trains: each at its own best learning rate if asked, judged on the test split. */

import { RunError } from '../../errors.js';
import { summariseLoss, withTests } from '../../runtime/compare-summary.js';
import type { ComparisonReport, LossReport, RateTuning } from '../../runtime/comparison-report.js';
import type { ComparisonRun } from '../../runtime/comparison-run.js';
import { summarise } from '../../statistics.js';
import type { Answered, Question } from '../executors/evaluator/evaluation.js';
import { createScriptPool, SCRIPT_LIMITS, type ScriptPool } from '../executors/evaluator/script-pool.js';
import type { Candidate } from '../model/candidate.js';
import type { ScriptHello } from '../model/evaluator-messages.js';
import type { ScriptSettings } from '../model/run-settings.js';
import { matchingScale } from '../screening/matching-scale.js';

export interface ScriptComparisonOptions {
  /** The first is what the others are tested against. */
  readonly losses: readonly { readonly name: string; readonly candidate: Candidate }[];
  readonly evaluator: ScriptSettings;
  readonly scale: 'matched' | 'raw';
  readonly seed: string;
  /** Trainings of each loss. */
  readonly runs: number;
  readonly steps: number;
  readonly tuning?: RateTuning | undefined;
  /** Seconds that one training may take. */
  readonly taskSeconds?: number | undefined;
  /** Processes of the script; one when absent. */
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
  /** What the comparison would be if it ended now, after each training that counts. */
  readonly onReport?: ((report: ComparisonReport) => void) | undefined;
}

/** Looks at the validation split during a training, for its learning curve. */
const LOOKS = 20;

/** An abort ends it with what is known. Evaluations that fail are left out and told of. */
export async function compareWithScript(options: ScriptComparisonOptions): Promise<ComparisonReport> {
  const { evaluator, scale, taskSeconds = SCRIPT_LIMITS.evaluationSeconds, workers = 1, signal } = options;
  const pool = createScriptPool({
    command: evaluator.command,
    workers,
    limits: { ...SCRIPT_LIMITS, evaluationSeconds: taskSeconds },
    matched: scale === 'matched',
  });
  let stop = (): void => {};
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) resolve();
  });
  try {
    const hello = await pool.hello();
    const found = options.losses.map((): Found => ({ rates: [], answers: [], failures: [] }));
    const work = train(options, pool, found, () => options.onReport?.(reportOf(options, hello, found)));
    // What is under way when it is aborted never settles.
    await Promise.race([work, aborted]);
    return reportOf(options, hello, found);
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.close();
  }
}

/** What is known of one loss, growing. */
interface Found {
  readonly rates: { readonly learningRate: number; readonly answered: Answered }[];
  readonly answers: { readonly number: number; readonly seed: string; readonly answered: Answered }[];
  readonly failures: string[];
}

async function train(
  { losses, seed, runs, steps, tuning, evaluator, onProgress }: ScriptComparisonOptions,
  pool: ScriptPool,
  found: readonly Found[],
  onAnswer: () => void,
): Promise<void> {
  const total = losses.length * (runs + (tuning === undefined ? 0 : tuning.grid.length * tuning.runs));
  let done = 0;
  const ask = async (
    index: number,
    question: Pick<Question, 'seed' | 'learningRate' | 'split' | 'looks'>,
  ): Promise<Answered> => {
    const { candidate } = losses[index]!;
    const answered = await pool.ask({ candidate, steps, gates: [], ...question });
    if (answered.report.score === null) found[index]!.failures.push(answered.report.detail);
    onProgress?.(++done, total);
    return answered;
  };
  const rates = losses.flatMap((_, index) =>
    (tuning?.grid ?? []).flatMap((learningRate) =>
      Array.from({ length: tuning!.runs }, async (_, i) => {
        const own = `${seed}/tuning ${i + 1}`;
        const answered = await ask(index, { seed: own, learningRate, split: 'validation' });
        found[index]!.rates.push({ learningRate, answered });
      }),
    ),
  );
  await Promise.all(rates);
  const looks = Math.max(1, Math.ceil(steps / LOOKS));
  // Run by run over the losses, so that an interrupted comparison still compares.
  const made = Array.from({ length: runs }, (_, number) =>
    losses.map(async (_, index) => {
      const own = `${seed}/run ${number + 1}`;
      const learningRate = tunedRates(tuning, found[index]!)?.best ?? evaluator.learningRate;
      const answered = await ask(index, { seed: own, learningRate, split: 'test', looks });
      found[index]!.answers.push({ number, seed: own, answered });
      onAnswer();
    }),
  );
  await Promise.all(made.flat());
}

/** The rate of the grid with the best mean on validation data, the first of equal ones. */
function tunedRates(tuning: RateTuning | undefined, { rates }: Found) {
  const tried = (tuning?.grid ?? []).flatMap((learningRate) => {
    const scores = rates.flatMap(({ learningRate: rate, answered: { report } }) =>
      rate === learningRate && report.score !== null ? [report.score] : [],
    );
    return scores.length === 0 ? [] : [{ learningRate, validationValue: summarise(scores).mean }];
  });
  if (tuning === undefined || tried.length === 0) return undefined;
  const best = tried.reduce((a, b) => (b.validationValue > a.validationValue ? b : a)).learningRate;
  const atEdge = best === Math.min(...tuning.grid) || best === Math.max(...tuning.grid);
  return { best, tuning: { rates: tried, atEdge } };
}

/** What the answers of a script are made into. */
const SCORE = { goal: 'higher', isShare: true } as const;

function reportOf(
  { losses, evaluator, scale, seed, runs, steps, tuning, signal }: ScriptComparisonOptions,
  { metric, classes }: ScriptHello,
  found: readonly Found[],
): ComparisonReport {
  const none = found.findIndex(({ answers, failures }) => failures.length > 0 && answers.every(hasFailed));
  if (none >= 0 && signal?.aborted !== true)
    throw new RunError(`all trainings of ${losses[none]!.name} failed: ${found[none]!.failures[0]}`);
  const reports = losses.map(({ name, candidate }, index): LossReport => {
    const { answers, failures } = found[index]!;
    const tuned = tunedRates(tuning, found[index]!);
    return {
      ...summariseLoss({
        name,
        learningRate: tuned?.best ?? evaluator.learningRate ?? Number.NaN,
        scale: scale === 'matched' && classes !== undefined ? matchingScale(candidate, classes) : 1,
        ...(tuned !== undefined && { tuning: tuned.tuning }),
        runs: answers.toSorted((a, b) => a.number - b.number).flatMap(runOf),
        targets: [],
        metric: SCORE,
      }),
      ...(failures.length > 0 && { failures }),
    };
  });
  return {
    evaluator: { command: evaluator.command },
    metric: {
      label: metric.goal === 'higher' ? metric.name : `1 / (1 + ${metric.name})`,
      ...SCORE,
    },
    dataset: 'of the script',
    model: 'of the script',
    split: { seed },
    trainExamples: 0,
    testExamples: 0,
    steps,
    batchSize: 0,
    optimizer: { kind: 'sgd', learningRate: evaluator.learningRate ?? Number.NaN },
    scale,
    losses: withTests(reports),
    interrupted: found.some(({ answers }) => answers.length < runs),
  };
}

const hasFailed = ({ answered }: Found['answers'][number]): boolean => answered.report.score === null;

/** A training that failed is none. */
function runOf({ seed, answered: { report } }: Found['answers'][number]): ComparisonRun[] {
  if (report.score === null) return [];
  const curve = report.curve.map(({ step, score }) => ({ step, value: score, loss: Number.NaN }));
  return [
    {
      seed,
      // The last point of the curve is what was measured at the end, on the test split.
      validationValue: curve.at(-2)?.value ?? Number.NaN,
      testValue: report.score,
      curve: curve.slice(0, -1),
      stepsPerSecond: (1000 * report.steps) / report.milliseconds,
      ...(report.end === 'not-finite' && {
        stoppedAt: { step: report.steps, reason: 'not a number' as const },
      }),
    },
  ];
}
