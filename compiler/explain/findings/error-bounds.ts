import { exactly, type Interval } from '../../interval/interval.js';
import { figure } from '../../words/sentence.js';
import type { Finding } from '../explanation.js';
import { boundFinding, slopeFinding } from '../facts/fact-bounds.js';
import type { Forms } from '../facts/settled.js';
import { measured, refuted } from '../finding.js';
import { cannotTell } from '../probe/certain.js';
import { certainlyGrows, growsOn } from '../probe/growth.js';
import type { Regression } from '../probe/numbers.js';
import type { Pair } from '../signature.js';

/** A way to go wrong further and further, and what was read on it. */
interface Way {
  readonly words: string;
  readonly target: number;
  readonly predictions: readonly number[];
  readonly values: readonly number[];
  readonly slopes: readonly number[];
  /** Bounds of both, and of what comes further out. */
  certain(): Record<
    'values' | 'slopes',
    { readonly told: readonly Interval[]; readonly farther: readonly Interval[] }
  >;
}

/** Sizes at which growth is watched. */
const FAR = [1, 1e2, 1e4, 1e6, 1e8];
const TOLD = '1e2, 1e4, 1e6 and 1e8';
/** Sizes at which what grew has to go on growing. */
const FARTHER = [1e16, 1e24, 1e32, 1e40];
/** Predictions that near 0, where that is the edge. */
const NEAR_ZERO = [0.5, 1e-2, 1e-4, 1e-6, 1e-8];

/** `bounded` and `bounded gradient` for a loss of one number against another; `exact` is the loss without guards. */
export function explainErrorBounds(forms: Forms, pair: Pair, exact: Regression): Finding[] {
  const ways = waysOf(exact);
  return [
    boundFinding([forms]) ?? bounded(ways),
    slopeFinding(forms, pair.prediction.name, 'prediction') ?? robust(ways),
  ];
}

function waysOf(loss: Regression): Way[] {
  const target = loss.targets[0]!;
  const ways = [
    {
      words: `At errors of ${TOLD}`,
      predictions: FAR.map((e) => target + e),
      farther: FARTHER.map((e) => target + e),
    },
    {
      words: `At errors of -1e2, -1e4, -1e6 and -1e8`,
      predictions: FAR.map((e) => target - e),
      farther: FARTHER.map((e) => target - e),
    },
    {
      words: 'At predictions of 1e-2, 1e-4, 1e-6 and 1e-8',
      predictions: loss.legal(-1) ? [] : NEAR_ZERO,
      farther: FARTHER.map((e) => 1 / e),
    },
  ];
  return ways
    .filter(({ predictions }) => predictions.length > 0 && predictions.every((p) => loss.legal(p)))
    .map(({ words, predictions, farther }) => {
      const { values, slopes } = loss.read(new Float64Array(predictions.length).fill(target), predictions);
      const certain = (): ReturnType<Way['certain']> => {
        const all = [...predictions, ...farther];
        const { values: v, slopes: s } = loss.certain(
          new Float64Array(all.length).fill(target),
          all.map(exactly),
        );
        const parted = (
          bounds: readonly Interval[],
        ): { told: readonly Interval[]; farther: readonly Interval[] } => ({
          told: bounds.slice(0, predictions.length),
          farther: bounds.slice(predictions.length - 1),
        });
        return { values: parted(v), slopes: parted(s) };
      };
      return { words, target, predictions, values: [...values], slopes: [...slopes], certain };
    });
}

const goesOn = ({ told, farther }: ReturnType<Way['certain']>['values']): boolean =>
  certainlyGrows(told) && certainlyGrows(farther);

const shown = (xs: readonly number[]): string => xs.slice(1).map(figure).join(', ');
const last = (xs: readonly number[]): number => xs.at(-1)!;

function bounded(ways: readonly Way[]): Finding {
  const base = { topic: 'range', property: 'bounded' } as const;
  const candidates = ways.filter((way) => growsOn(way.values));
  const growing = candidates.find((way) => goesOn(way.certain().values));
  if (growing !== undefined) {
    const { words, target, predictions, values } = growing;
    return refuted(
      base,
      'Not bounded: a single example that is wrong enough outweighs all others.',
      `${words} the loss is ${shown(values)}.`,
      { witness: { target, prediction: last(predictions), value: last(values) } },
    );
  }
  if (candidates.length > 0) return cannotTell(base, 'the loss is bounded', 'far out');
  const value = Math.max(...ways.flatMap((way) => way.values).filter(Number.isFinite));
  return measured(
    base,
    `Bounded at every prediction that was tried: never more than ${figure(value)}.`,
    ways.map((way) => `${way.words} the loss is ${shown(way.values)}.`).join(' '),
    { value },
  );
}

function robust(ways: readonly Way[]): Finding {
  const base = { topic: 'shape', property: 'bounded gradient' } as const;
  const candidates = ways.filter((way) => growsOn(way.slopes));
  const steepening = candidates.find((way) => goesOn(way.certain().slopes));
  if (steepening !== undefined) {
    const { words, target, predictions, slopes } = steepening;
    return refuted(
      base,
      'Not robust: the pull of an example grows without bound as it becomes more wrong.',
      `${words} the derivative is ${shown(slopes)}.`,
      { witness: { target, prediction: last(predictions), slope: last(slopes) } },
    );
  }
  if (candidates.length > 0) return cannotTell(base, 'the gradient is bounded', 'far out');
  const fades = ways.every((way) => Math.abs(last(way.slopes)) < 1e-6);
  return measured(
    base,
    `Robust: the pull of an outlier ${fades ? 'fades away' : 'stays bounded'}.`,
    ways.map((way) => `${way.words} the derivative is ${shown(way.slopes)}.`).join(' '),
    { value: Math.max(...ways.flatMap((way) => way.slopes.map(Math.abs)).filter(Number.isFinite)) },
  );
}
