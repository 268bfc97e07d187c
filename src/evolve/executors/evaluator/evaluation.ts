/** One training as a script sees it, from the question to the report. */
import { createHash } from 'node:crypto';
import { hash32 } from '../../../random.js';
import type { Candidate } from '../../model/candidate.js';
import {
  type CurvePoint,
  failedReport,
  type TrainingJob,
  type TrainingReport,
} from '../../model/evaluator.js';
import {
  type Evaluate,
  type FromScript,
  type Metric,
  type ScriptHello,
  type Split,
  scoreOf,
} from '../../model/evaluator-messages.js';
import type { LossOnDisk } from './loss-files.js';
import type { ScriptEnd } from './script.js';

/** What a script is asked, whoever asks. */
export interface Question extends Pick<TrainingJob, 'seed' | 'steps' | 'gates' | 'looks'> {
  readonly candidate: Candidate;
  /** The script's own when absent. */
  readonly learningRate?: number | undefined;
  readonly split: Split;
}

/** The report of a search, and what the script measured, in its own units. */
export interface Answered {
  readonly report: TrainingReport;
  /** Of the metric, at the end; undefined where there is none. */
  readonly value?: number;
  /** Values of the metric by step, as they were reported. */
  readonly values: readonly { readonly step: number; readonly value: number }[];
}

/** `identity`: what the script says of its environment. */
export function evaluateMessage(
  { seed, steps, gates, looks, learningRate, split }: Question,
  loss: LossOnDisk,
  identity: string,
  id: string,
  folder: string,
): Evaluate {
  const number = hash32(seed);
  const rate = learningRate ?? null;
  const asked = JSON.stringify([identity, loss.text, number, steps, rate, split]);
  const every =
    looks === undefined
      ? []
      : Array.from({ length: Math.ceil(steps / looks) }, (_, i) => Math.min(steps, (i + 1) * looks));
  return {
    type: 'evaluate',
    id,
    key: createHash('sha256').update(asked).digest('hex').slice(0, 32),
    loss,
    seed: number,
    steps,
    learningRate: rate,
    split,
    reportAt: [...new Set([...gates.map(({ step }) => step), ...every])].sort((a, b) => a - b),
    folder,
  };
}

type Report = Extract<FromScript, { readonly type: 'report' }>;

export interface Follower {
  /** Whether the training goes on. */
  hear(report: Report): boolean;
  end(end: ScriptEnd, milliseconds: number): Answered;
}

/** Points of a curve that are kept: reports beyond them still pass the gates. */
const MOST_POINTS = 1000;

/**
 * Follows one training. The first report at or after the step of a gate stands for that gate; a value that the metric cannot have
 * ends the training as one that is not finite.
 */
export function follow(
  { gates, steps }: Pick<Question, 'gates' | 'steps'>,
  { metric }: ScriptHello,
): Follower {
  const curve: CurvePoint[] = [];
  const values: { step: number; value: number }[] = [];
  let open = gates;
  let stopped = false;
  let lie: string | undefined;
  let last: { readonly step: number; readonly score: number } | undefined;
  const add = (step: number, score: number): void => {
    if (curve.length < MOST_POINTS) curve.push({ step, score, loss: null });
  };
  return {
    hear({ step, value }) {
      const score = scoreOf(metric, value);
      if (score === undefined) lie ??= outside(metric, value);
      if (score === undefined || stopped) return false;
      last = { step, score };
      if (values.length < MOST_POINTS) values.push({ step, value });
      const reached = open.filter((gate) => step >= gate.step);
      open = open.filter((gate) => step < gate.step);
      for (const gate of reached) add(gate.step, score);
      if (!reached.some((gate) => gate.step === step)) add(step, score);
      stopped = reached.some(({ atLeast }) => score < atLeast);
      return !stopped;
    },
    end(end, milliseconds) {
      if (end.kind !== 'answered')
        return { report: failedReport(end.fate, end.detail, milliseconds), values };
      const { answer } = end;
      if (answer.type === 'error') {
        if (answer.kind === 'diverged')
          return {
            report: { end: 'not-finite', score: 0, steps: last?.step ?? 0, curve, milliseconds },
            values,
          };
        const fate = answer.kind === 'invalid' ? 'failed' : answer.kind;
        return { report: failedReport(fate, answer.message, milliseconds), values };
      }
      const value = Object.hasOwn(answer.metrics, metric.name) ? answer.metrics[metric.name] : undefined;
      if (value === undefined) lie ??= `the result has no ${metric.name}, which is the metric`;
      const score = value === undefined ? undefined : scoreOf(metric, value);
      if (value !== undefined && score === undefined) lie ??= outside(metric, value);
      if (lie !== undefined || value === undefined || score === undefined)
        return { report: failedReport('failed', lie ?? 'the result has no metric', milliseconds), values };
      const made = answer.steps ?? (stopped ? last!.step : steps);
      if (stopped)
        return {
          report: { end: 'hopeless', score: last!.score, steps: made, curve, milliseconds },
          value,
          values,
        };
      if (curve.at(-1)?.step !== made) add(made, score);
      return { report: { end: 'finished', score, steps: made, curve, milliseconds }, value, values };
    },
  };
}

const outside = ({ name, goal }: Metric, value: number): string =>
  `${name} is ${value}, and ${goal === 'lower' ? 'a metric where lower is better must be at least 0' : 'a metric where higher is better must be between 0 and 1'}`;
