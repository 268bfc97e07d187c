import type { Interval } from '../../interval/interval.js';
import type { Pair } from '../signature.js';
import { ends, exactEnds, intervals } from './certain.js';
import type { Probe } from './probe.js';

/** Targets that are tried, by what the target may be; figures are told for the first. */
const TARGETS = { real: [1, 0, -2, 0.3, 5], positive: [2, 1, 0.3, 5, 0.05] } as const;
/** A loss of one number against another. */
export interface Regression {
  readonly targets: readonly number[];
  /** Of a number of predictions that would be good to read, how many are affordable. */
  affordable(predictions: number): number;
  /** Whether a prediction is legal. */
  legal(prediction: number): boolean;
  read(
    targets: ArrayLike<number>,
    predictions: ArrayLike<number>,
  ): { values: Float64Array; slopes: Float64Array };
  /** Bounds of the same, for predictions between bounds. */
  certain(
    targets: ArrayLike<number>,
    predictions: readonly Interval[],
  ): { readonly values: readonly Interval[]; readonly slopes: readonly Interval[] };
}

export function regression(probe: Probe, { target, prediction }: Pair): Regression {
  const range = target.node.range;
  const own = prediction.node.range;
  const wanted = range.lo >= 0 ? TARGETS.positive : TARGETS.real;
  const targets = wanted
    .map((t) => (range.integer ? Math.round(t) : t))
    .filter((t) => t >= range.lo && t <= range.hi);
  return {
    targets: [...new Set(targets)],
    affordable: (predictions) => probe.affordable(predictions),
    legal: (p) => p > own.lo && p < own.hi,
    read(given, predictions) {
      const inputs = new Map([
        [target.name, Float64Array.from(given)],
        [prediction.name, Float64Array.from(predictions)],
      ]);
      const { values, gradients } = probe.at(predictions.length, inputs);
      return { values, slopes: gradients.get(prediction.name)! };
    },
    certain(given, predictions) {
      const { values, gradients } = probe.certain(
        predictions.length,
        new Map([
          [target.name, exactEnds(given)],
          [prediction.name, ends(predictions)],
        ]),
      );
      return { values: intervals(values), slopes: intervals(gradients.get(prediction.name)!) };
    },
  };
}
