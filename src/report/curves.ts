/** The winner and the baseline of its task as curves, each scaled to the same first slope. */

import type { NumericLoss } from '../../compiler/loss/numeric.js';
import { numericCandidate } from '../evolve/losses/compiler.js';
import { readLoss } from '../evolve/losses/subject.js';
import type { Candidate } from '../evolve/model/candidate.js';
import {
  logitOf,
  type ProbeBatch,
  pairBatch,
  targetProbabilityBatch,
  uniformBatch,
} from '../evolve/screening/fixed-inputs.js';
import type { Learning, TaskKind } from '../runtime/tasks/learning.js';
import { TASKS } from '../runtime/tasks/tasks.js';

export interface LossCurve {
  readonly name: string;
  readonly points: readonly {
    /** A probability or an error. */
    readonly x: number;
    /** Value less its smallest on the curve. */
    readonly value: number;
    /** Size of the push on the output, upwards. */
    readonly push: number;
  }[];
}

interface CurveKind {
  /** What the curve runs over, and what is true beside that. */
  readonly over: string;
  readonly beside: (outputs: number) => string;
  readonly ends: readonly [lowest: number, highest: number];
  readonly batch: (points: readonly number[], learning: Learning) => ProbeBatch;
  /** The body of the baseline, on the signature of the task. */
  readonly baseline: string;
}

const PROBABILITIES = [0.005, 0.995] as const;
const ERRORS = [-4, 4] as const;

const errorBatch: CurveKind['batch'] = (points, learning) =>
  pairBatch(
    points.map((output) => ({ target: 0, output })),
    learning,
  );

export const CURVE_KINDS: { readonly [K in TaskKind]: CurveKind } = {
  classification: {
    over: 'probability of the target',
    beside: (classes) => `Curves for ${classes} classes with equal probabilities except the target`,
    ends: PROBABILITIES,
    batch: (points, { outputs }) => targetProbabilityBatch(points, outputs),
    baseline: '-sum(target * log(prediction), class)',
  },
  regression: {
    over: 'error',
    beside: () => 'Curves for a target of 0, errors in units of the spread of the targets',
    ends: ERRORS,
    batch: errorBatch,
    baseline: '(prediction - target)^2',
  },
  'multi-label': {
    over: 'probability of a label that is present',
    beside: () => 'Curves for labels that are present',
    ends: PROBABILITIES,
    batch: (points, learning) =>
      pairBatch(
        points.map((p) => ({ target: 1, output: logitOf(p, 1) })),
        learning,
      ),
    baseline: '-target * log(prediction) - (1 - target) * log(1 - prediction)',
  },
  quantiles: {
    over: 'error',
    beside: () =>
      'Curves for a target of 0 and equal quantiles, negative gradient of the lowest one; errors in units of the spread of the targets',
    ends: ERRORS,
    batch: errorBatch,
    baseline: 'mean(max(tau * (target - prediction), (tau - 1) * (target - prediction)), quantile)',
  },
  'mean-and-variance': {
    over: 'error',
    beside: () =>
      'Curves for a target of 0 and a variance of 1, errors in units of the spread of the targets',
    ends: ERRORS,
    batch: errorBatch,
    baseline: '(log(variance) + (center - target)^2 / variance) / 2',
  },
};
const POINTS = 120;

/** Curves of a loss and of the baseline. Empty where the loss cannot be evaluated so. */
export function lossCurves(name: string, candidate: Candidate, learning: Learning): LossCurve[] {
  const { task } = learning;
  const { baseline, signature } = TASKS[task];
  const text = `loss ${baseline}(${signature}) = ${CURVE_KINDS[task].baseline}`;
  const reference = readLoss({ source: { name: `${baseline}.loss`, text }, imports: [] });
  try {
    return [
      curveOf(name, numericCandidate(candidate, task), learning),
      curveOf(baseline, numericCandidate(reference, task), learning),
    ];
  } catch {
    return [];
  }
}

function curveOf(name: string, loss: NumericLoss, learning: Learning): LossCurve {
  const { ends, batch: make } = CURVE_KINDS[learning.task];
  const points = Array.from({ length: POINTS }, (_, i) => ends[0] + ((ends[1] - ends[0]) * i) / (POINTS - 1));
  const { target, output, batch, outputs } = make(points, learning);
  const scale = firstSlope(loss, learning);
  const { values, gradient } = loss.evaluate(target, output, batch, outputs);
  // One value for each item, or one for each number of it, which are alike.
  const each = values.length / batch;
  const least = Math.min(...values);
  return {
    name,
    points: points.map((x, i) => ({
      x,
      value: (values[i * each]! - least) / scale,
      push: -gradient[i * outputs]! / scale,
    })),
  };
}

/** The push where nothing is known: what matching of scales makes equal. */
function firstSlope(loss: NumericLoss, learning: Learning): number {
  const { target, output, batch, outputs } = uniformBatch(learning);
  const push = Math.abs(loss.evaluate(target, output, batch, outputs).gradient[0]!);
  return push > 0 ? push : 1;
}
