import { exp } from '../../elementary/exponential.js';
import { figure, figures } from '../../words/sentence.js';
import type { Finding } from '../explanation.js';
import { measured, proved, refuted } from '../finding.js';
import { cannotTell, exactEnds, isBelow } from '../probe/certain.js';
import { type Bottom, lowest, wholeCurve } from '../probe/curve.js';
import { descended } from '../probe/descend.js';
import { type Labelled, someLabels, stacked } from '../probe/labelled.js';
import { Sequence } from '../probe/sequence.js';

type End = Bottom | 'right' | 'left' | 'level';

/** Labels that a sentence is made for: one, if all are alike. */
export const toldLabels = (loss: Labelled): number[] =>
  loss.alike ? [loss.labels === 2 ? 1 : 0] : someLabels(loss.labels, loss.labels === 2 ? 2 : 3).reverse();

/** `minimum` and `label smoothing`. */
export function explainMinimum(loss: Labelled): Finding[] {
  const found = toldLabels(loss).map((label) => ({
    label,
    end: lowest(loss, label, wholeCurve(loss, label)),
  }));
  return [
    ...found.map(({ label, end }) => minimumFinding(loss, label, end)),
    ...found.flatMap(({ label, end }) => smoothing(loss, label, end)),
  ];
}

/**
 * `global minimum`: whether a prediction with unequal other classes is lower than the lowest with equal ones. `convex`: in
 * the probabilities, with all classes treated alike.
 */
export function explainGlobalMinimum(loss: Labelled, convex: boolean): Finding[] {
  if (loss.family !== 'classes' || loss.labels < 3 || loss.scores || !loss.alike) return [];
  const [label] = toldLabels(loss);
  const end = lowest(loss, label!, wholeCurve(loss, label!));
  return end === 'level' ? [] : [globalMinimum(loss, label!, end, convex)];
}

function minimumFinding(loss: Labelled, label: number, end: End): Finding {
  const what = loss.scores ? 'margin of the label over the others' : 'probability of the label';
  const place = placeOf(loss, label);
  const base = { topic: 'minimum', property: 'minimum', status: 'measured' } as const;
  const reason = `Found along the ${what}, from ${loss.scores ? 'a margin of -30 to one of 30' : 'certainly wrong to certainly right'}.`;
  if (end === 'level') {
    return { ...base, statement: `${place}, the loss is the same at every prediction.`, reason };
  }
  const value = typeof end === 'string' ? undefined : loss.scores ? end.gap : loss.probability(end.gap);
  if (end === 'right') {
    const statement = loss.scores
      ? `${place}, the loss keeps falling as the margin grows.`
      : `${place}, the loss is lowest where the label has probability 1, which logits only approach.`;
    return { ...base, statement, reason, ...(!loss.scores && { value: 1 }) };
  }
  if (end === 'left') {
    const statement = `${place}, the loss is lowest where the prediction is certainly wrong.`;
    return { ...base, statement, reason, ...(!loss.scores && { value: 0 }) };
  }
  const where = loss.scores
    ? `at a margin of ${figure(value!)}`
    : `where the label has probability ${figure(value!)}`;
  return {
    ...base,
    statement: `${place}, the loss is lowest ${where}${end.flat ? ', and constant from there on' : ''}. Its value there is ${figure(end.value)}.`,
    reason: `${reason} The slope changes its sign there.`,
    value: value!,
    witness: { [loss.scores ? 'margin' : 'probability']: value!, value: end.value },
  };
}

/** For what target a sentence about a label speaks. */
function placeOf(loss: Labelled, label: number): string {
  if (loss.family !== 'classes') return loss.alike ? 'For either target' : `For ${loss.nameOf(label)}`;
  const others = loss.labels > 2 ? ', with the other classes equal' : '';
  return loss.alike ? `For a one-hot target${others}` : `For ${loss.nameOf(label)}${others}`;
}

/** Gaps at which a loss that goes on falling is nearly as low as it gets. */
const FAR_OUT = [30, 60, 1e3, 1e5];

/** Looks for a prediction, of any shape, that is lower than the one with equal other classes. */
function globalMinimum(loss: Labelled, label: number, end: Exclude<End, 'level'>, convex: boolean): Finding {
  const base = { topic: 'minimum', property: 'global minimum' } as const;
  const claim = 'No prediction of any shape is lower than that one';
  if (convex) {
    return proved(
      base,
      `${claim}.`,
      'The loss is convex in the probabilities and treats the other classes alike, so averaging over them never raises it.',
    );
  }
  const gaps = end === 'right' ? FAR_OUT : end === 'left' ? FAR_OUT.map((gap) => -gap) : [end.gap];
  const along = stacked(gaps.map((gap) => loss.row(label, gap)));
  const { values } = loss.read(new Int32Array(gaps.length).fill(label), along);
  const bottom = Math.min(...values.filter((value) => !Number.isNaN(value)));
  const starts = randomRows(loss, loss.affordable(200));
  const best = descended(loss, label, starts);
  const tolerance = 1e-6 * Math.max(1, Math.abs(bottom));
  if (best.value < bottom - tolerance) {
    const rows = exactEnds(Float64Array.of(...best.row, ...along));
    const [own, ...others] = loss.certain(new Int32Array(gaps.length + 1).fill(label), rows).values;
    if (!others.every((other) => isBelow(own!, other)))
      return cannotTell(base, 'no prediction of another shape is lower', 'at some');
    const prediction = loss.scores ? [...best.row] : softmaxOf(best.row);
    return refuted(
      base,
      `Another prediction is lower: ${figure(best.value)} instead of ${figure(bottom)}.`,
      `Found by descent from ${starts.length} starts; the other classes are not equal there: ${figures(prediction.slice(0, 10))}.`,
      { witness: { target: loss.targetOf(label), prediction, value: best.value } },
    );
  }
  return measured(
    base,
    'No prediction of any shape was found to be lower.',
    `None of ${starts.length} predictions spread over the simplex was lower, nor was any that gradient descent from the best of them found.`,
  );
}

/** Rows of logits: mild, strong and extreme ones. */
export function randomRows(loss: Pick<Labelled, 'width'>, count: number): Float64Array[] {
  const sequence = new Sequence(Math.min(loss.width, 16));
  return Array.from({ length: count }, (_, i) => {
    const spread = [0.5, 2, 6][i % 3]!;
    return Float64Array.from({ length: loss.width }, () => spread * sequence.normal());
  });
}

export function softmaxOf(row: ArrayLike<number>): number[] {
  const entries = Array.from(row);
  const top = Math.max(...entries);
  const exps = entries.map((z) => exp(z - top));
  const total = exps.reduce((a, b) => a + b, 0);
  return exps.map((x) => x / total);
}

/** A minimum inside (0, 1) is also that of cross-entropy with smoothed targets: p = 1 - s + s / n. */
function smoothing(loss: Labelled, label: number, end: End): Finding[] {
  if (loss.scores || typeof end === 'string' || end.flat) return [];
  const probability = loss.probability(end.gap);
  const value = ((1 - probability) * loss.labels) / (loss.labels - 1);
  if (value <= 1e-9 || value >= 1) return [];
  return [
    {
      topic: 'minimum',
      property: 'label smoothing',
      status: 'measured',
      statement: `${placeOf(loss, label)}, cross-entropy has the same minimum with label smoothing of ${figure(value)}: the loss stops short of certainty.`,
      reason: `Targets smoothed by s are 1 - s + s / ${loss.labels} at the label, and cross-entropy is lowest at its target.`,
      value,
    },
  ];
}
