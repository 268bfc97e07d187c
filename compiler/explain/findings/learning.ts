import { add, exactly } from '../../interval/interval.js';
import { figure, listed } from '../../words/sentence.js';
import type { Finding } from '../explanation.js';
import { measured, proved, refuted } from '../finding.js';
import { areApart, cannotTell, ends, exactEnds } from '../probe/certain.js';
import { certainSlopes, crossing, directions, readCurve, wholeCurve } from '../probe/curve.js';
import { type Labelled, someLabels, stacked } from '../probe/labelled.js';
import { randomRows, toldLabels } from './minimum.js';

/** A logit gap at which an example counts as certainly wrong: a probability of 2e-9 beside one other class. */
const CERTAIN = -20;
/** Slopes below this share of the one at the uniform prediction have faded. */
const FADED = 1e-3;

/** `null epoch`, `gradient scale`, `wrong and certain` and `monotone`; `falls`: for what that was proved. */
export function explainLearning(loss: Labelled, falls: string | undefined): Finding[] {
  return [nullEpoch(loss), scale(loss), ...wrongAndCertain(loss), ...monotone(loss, falls)];
}

/** The derivative by the gap of each label at the uniform prediction. */
function uniformSlopes(loss: Labelled): { label: number; slope: number }[] {
  return (loss.alike ? toldLabels(loss) : someLabels(loss.labels, 64)).map((label) => ({
    label,
    slope: readCurve(loss, label, [0]).slopes[0]!,
  }));
}

/** The invariant of TaylorGLO (patent US 12,292,944), for any loss: the first step goes the right way. */
function nullEpoch(loss: Labelled): Finding {
  const slopes = uniformSlopes(loss);
  const doubted = slopes.filter(({ slope }) => !(slope < -1e-12));
  const bounds = doubted.map(({ label }) => certainSlopes(loss, label, [0])[0]!);
  const wrong = doubted.filter((_, i) => {
    const { lo, hi } = bounds[i]!;
    return lo > 0 || (hi >= 0 && hi - lo <= 1e-12);
  });
  const unsure = doubted.some((_, i) => bounds[i]!.hi >= 0 && !(bounds[i]!.hi - bounds[i]!.lo <= 1e-12));
  const steepest = slopes.reduce((a, b) => (Math.abs(b.slope) > Math.abs(a.slope) ? b : a));
  const start = loss.scores ? 'equal scores' : 'the uniform prediction';
  const base = { topic: 'learning', property: 'null epoch' } as const;
  if (wrong.length === 0 && unsure)
    return cannotTell(base, 'the first step goes the right way', `at ${start}`);
  if (wrong.length === 0) {
    return proved(
      base,
      `The first step goes the right way: at ${start}, descent raises the ${loss.scores ? 'score' : 'logit'} of the label.`,
      `Its derivative is ${figure(steepest.slope)} there, below 0${loss.alike ? '' : ', and below 0 for every label'}.`,
      { value: steepest.slope },
    );
  }
  const { label, slope } = wrong[0]!;
  const names = listed(wrong.slice(0, 3).map((entry) => loss.nameOf(entry.label)));
  const whom = wrong.length === slopes.length ? 'the label' : names;
  return refuted(
    base,
    Math.abs(slope) <= 1e-12
      ? `Training cannot start: at ${start}, the gradient for ${whom} is 0.`
      : `The first step goes the wrong way: at ${start}, descent lowers the ${loss.scores ? 'score' : 'logit'} of ${whom}.`,
    `Its derivative is ${figure(slope)} there.`,
    { value: slope, witness: { target: loss.targetOf(label), gap: 0, slope } },
  );
}

/** Against cross-entropy, whose derivative by the label's logit at the uniform prediction is 1 / n - 1. */
function scale(loss: Labelled): Finding {
  const reference = loss.labels === 2 && loss.family !== 'classes' ? 0.5 : 1 - 1 / loss.labels;
  const other = loss.family === 'margin' ? 'the logistic loss' : 'cross-entropy';
  const ratios = (loss.alike ? [toldLabels(loss)[0]!] : toldLabels(loss)).map((label) => ({
    label,
    ratio: Math.abs(readCurve(loss, label, [0]).slopes[0]!) / reference,
  }));
  const start = loss.scores ? 'equal scores' : 'the uniform prediction';
  const base = { topic: 'learning', property: 'gradient scale' } as const;
  if (!ratios.every((entry) => Number.isFinite(entry.ratio)))
    return {
      ...base,
      status: 'unknown',
      statement: `The size of the gradient at ${start} is not known: it is not defined there.`,
      reason: 'Computed in float64.',
    };
  const { ratio } = ratios[0]!;
  const size = (x: number): string => (Math.abs(x - 1) < 5e-4 ? 'as large as' : `${figure(x)} times`);
  const told = loss.alike
    ? size(ratio)
    : listed(ratios.map((entry) => `${size(entry.ratio)} (${loss.nameOf(entry.label)})`));
  const same = Math.abs(ratio - 1) < 5e-4;
  const advice =
    ratio > 0 && !same
      ? ` The first step is as long as that of ${other} at ${figure(1 / ratio)} times its learning rate.`
      : same && loss.alike
        ? ` A learning rate that works for ${other} works for this loss at the start.`
        : '';
  return {
    ...base,
    status: 'measured',
    statement: `At ${start} the gradient is ${told} that of ${other}.`,
    reason: `Derivatives with respect to the label's ${loss.scores ? 'score' : 'logit'}; that of ${other} is ${figure(-reference)}.${advice}`,
    value: ratio,
  };
}

/** Whether an example that is certainly wrong still pulls: bounded losses give up on it, for better or worse. */
function wrongAndCertain(loss: Labelled): Finding[] {
  return toldLabels(loss).flatMap((label) => {
    const { slopes } = readCurve(loss, label, [CERTAIN, 0]);
    const [far, near] = [slopes[0]!, slopes[1]!];
    const share = Math.abs(far) / Math.abs(near);
    if (!Number.isFinite(share)) return [];
    const base = {
      topic: 'learning',
      property: 'wrong and certain',
      status: 'measured',
      value: share,
    } as const;
    const place = loss.alike ? '' : ` (${loss.nameOf(label)})`;
    const gap = loss.scores ? 'a margin of -20' : 'a logit gap of -20';
    const reason = `At ${gap} the slope is ${figure(share)} times the one at 0.`;
    if (far > 0 && share > FADED) {
      return [
        {
          ...base,
          holds: false,
          statement: `Examples that are certainly wrong${place} are pushed further the wrong way.`,
          reason,
          witness: { gap: CERTAIN, slope: far },
        },
      ];
    }
    return [
      {
        ...base,
        holds: share > FADED,
        statement:
          share > FADED
            ? `Examples that are certainly wrong${place} still teach.`
            : `Examples that are certainly wrong${place} have almost no effect: their gradient vanishes.`,
        reason,
      },
    ];
  });
}

function monotone(loss: Labelled, falls: string | undefined): Finding[] {
  const what = loss.scores ? 'margin of the label' : 'probability of the label';
  const base = { topic: 'learning', property: 'monotone' } as const;
  if (falls !== undefined) {
    return [
      proved(
        base,
        `The loss never rises with the ${what}.`,
        `Bounds of the derivative: never above 0 for the label, never below 0 for the rest, ${falls}.`,
      ),
    ];
  }
  return toldLabels(loss).map((label) => {
    const curve = wholeCurve(loss, label);
    const { signs, doubtful } = directions(loss, label, curve);
    const turn = signs.indexOf(1);
    const place = loss.alike ? '' : ` of ${loss.nameOf(label)}`;
    if (turn < 0 && doubtful)
      return cannotTell(base, `the loss falls as the ${what}${place} grows`, 'at some points');
    if (turn < 0) {
      return measured(
        base,
        `The loss falls as the ${what}${place} grows.`,
        `Observed at ${curve.gaps.length} points, with the rest shared evenly.`,
      );
    }
    const rises = signs.filter((sign, i) => sign === 1 && signs[i - 1] !== 1).length;
    const ends = signs.map((sign, i) => ({ sign, gap: curve.gaps[i]! }));
    // Between the last place that was read before and this one.
    const from = turn === 0 ? ends[0]!.gap : crossing(loss, label, ends[turn - 1]!.gap, ends[turn]!.gap);
    const until = ends.slice(turn).find(({ sign }) => sign === -1)?.gap;
    const shown = (gap: number): string => figure(loss.scores ? gap : loss.probability(gap));
    const middle = curve.gaps[turn]!;
    return refuted(
      base,
      `The loss rises with the ${what}${place} from ${shown(from)} ${until === undefined ? 'on' : `to ${shown(until)}`}${rises > 1 ? ', and again later' : ''}.`,
      `The derivative with respect to the ${loss.scores ? 'margin' : 'logit gap'} is above 0 there.`,
      {
        witness: {
          [loss.scores ? 'margin' : 'probability']: loss.scores ? middle : loss.probability(middle),
          slope: curve.slopes[turn]!,
        },
      },
    );
  });
}

/** `shift-invariant`, for losses written on logits: most mean the softmax of them, and that does not feel a common shift. */
export function explainShift(loss: Labelled): Finding[] {
  if (loss.family !== 'classes') return [];
  const rows = randomRows(loss, 6);
  const labels = new Int32Array(rows.length);
  const { values } = loss.read(labels, stacked(rows));
  const moved = loss.read(labels, stacked(rows.map((row) => row.map((z) => z + 1)))).values;
  const isOff = (value: number, i: number): boolean =>
    Math.abs(value - moved[i]!) > 1e-9 * Math.max(1, Math.abs(value));
  const base = { topic: 'shape', property: 'shift-invariant' } as const;
  const here = loss.certain(labels, exactEnds(stacked(rows))).values;
  const there = loss.certain(
    labels,
    ends(rows.flatMap((row) => Array.from(row, (z) => add(exactly(z), exactly(1))))),
  ).values;
  const at = values.findIndex((value, i) => isOff(value, i) && areApart(here[i]!, there[i]!));
  if (at < 0 && values.some(isOff))
    return [cannotTell(base, 'only differences between logits matter', 'at some')];
  if (at < 0) {
    return [
      measured(
        base,
        'Only differences between logits matter.',
        `Adding 1 to all of them changed nothing at ${rows.length} predictions.`,
      ),
    ];
  }
  return [
    refuted(
      base,
      'The level of the logits matters, not only their differences. The numbers here are for logits that are logarithms of probabilities.',
      `Adding 1 to all logits takes the loss from ${figure(values[at]!)} to ${figure(moved[at]!)}.`,
      { witness: { target: 0, logits: [...rows[at]!], value: values[at]!, valueAfterShift: moved[at]! } },
    ),
  ];
}
