import { exp } from '../../elementary/exponential.js';
import { log, log1p } from '../../elementary/logarithm.js';
import type { Interval } from '../../interval/interval.js';
import type { ArrayBounds } from '../../interval/loss-bounds.js';
import type { Pair } from '../signature.js';
import { exactEnds, intervals } from './certain.js';
import type { Probe } from './probe.js';

/** How rows of predictions are read, with their labels. */
export interface Reader {
  /** Values, and derivatives by the entries of the rows. */
  read(labels: ArrayLike<number>, rows: Float64Array): { values: Float64Array; gradients: Float64Array };
  /** Bounds of the same. */
  certain(
    labels: ArrayLike<number>,
    rows: ArrayBounds,
  ): { readonly values: readonly Interval[]; readonly gradients: readonly Interval[] };
}

/**
 * A loss of a label and logits or scores, whatever its signature: classes along an axis, one logit against 0 or 1, one
 * score against -1 or 1. Everything that is asked of a classification loss is asked through this.
 */
export interface Labelled extends Reader {
  readonly family: 'classes' | 'binary' | 'margin';
  /** How many labels there are. */
  readonly labels: number;
  /** Numbers in a row of logits: one per class, or one. */
  readonly width: number;
  /** Rows are scores, which no softmax follows: a margin says more than a probability. */
  readonly scores: boolean;
  /** Every label is treated like every other. */
  readonly alike: boolean;
  /** The row in which `label` leads all others, which are equal, by `gap`. Rows of logits are logs of probabilities. */
  row(label: number, gap: number): Float64Array;
  /** What stands for the label in a target: its position, or 0 and 1, or -1 and 1. */
  targetOf(label: number): number;
  /** What the label is called in a sentence. */
  nameOf(label: number): string;
  /** Probability of the label in its row. */
  probability(gap: number): number;
  /** Of a number of rows that would be good to read, how many are affordable. */
  affordable(rows: number): number;
}

const TARGETS = { binary: [0, 1], margin: [-1, 1] } as const;

/** Wraps a probe on logits (or scores). */
export function labelled(probe: Probe, pair: Pair, scores: boolean): Labelled {
  const { prediction } = pair;
  const family = pair.family === 'regression' ? 'margin' : pair.family;
  const width = probe.width(prediction.name);
  const labels = family === 'classes' ? width : 2;
  const reader = readerOf(probe, pair);
  const row: Labelled['row'] = (label, gap) => {
    if (family !== 'classes') return Float64Array.of(label === 1 ? gap : -gap);
    const entries = new Float64Array(width);
    if (scores) entries[label] = gap;
    else {
      // log(1 + (n - 1) exp(-gap)), for gaps of either sign.
      const others = log(labels - 1) - gap;
      const own = -(Math.max(others, 0) + log1p(exp(-Math.abs(others))));
      entries.fill(own - gap);
      entries[label] = own;
    }
    return entries;
  };
  const most = probe.affordable(Number.MAX_SAFE_INTEGER);
  const base = { family, labels, width, scores, row, ...reader };
  let alike: boolean | undefined;
  return {
    ...base,
    get alike() {
      alike ??= isAlike(base);
      return alike;
    },
    targetOf: (label) => (family === 'classes' ? label : TARGETS[family][label]!),
    nameOf: (label) => (family === 'classes' ? `class ${label}` : `target ${TARGETS[family][label]}`),
    probability: (gap) => 1 / (1 + (labels - 1) * exp(-gap)),
    affordable: (rows) => Math.min(rows, most),
  };
}

/**
 * Whether a loss of -1 or 1 is one of a margin. A number that is to be small for 1 and large for -1 is a distance: what is
 * asked of margins would be told the wrong way round.
 */
export function isMargin({ family }: Pair, loss: Labelled): boolean {
  if (family !== 'margin' || loss.alike) return true;
  const { gradients } = loss.read([1, 0], Float64Array.of(0, 0));
  return !(gradients[0]! > 0 && gradients[1]! < 0);
}

/** Reads rows of predictions, in whatever form the probe takes them, with their labels. */
export function readerOf(probe: Probe, { family, target, prediction }: Pair): Reader {
  const width = probe.width(prediction.name);
  const targets = (labels: ArrayLike<number>): Float64Array =>
    family === 'classes' && target.axes.length === 0
      ? Float64Array.from(labels)
      : targetsOf(family === 'regression' ? 'margin' : family, labels, width);
  return {
    read: (labels, rows) => {
      const given = new Map([
        [target.name, targets(labels)],
        [prediction.name, rows],
      ]);
      const { values, gradients } = probe.at(labels.length, given);
      return { values, gradients: gradients.get(prediction.name)! };
    },
    certain: (labels, rows) => {
      const given = new Map([
        [target.name, exactEnds(targets(labels))],
        [prediction.name, rows],
      ]);
      const { values, gradients } = probe.certain(labels.length, given);
      return { values: intervals(values), gradients: intervals(gradients.get(prediction.name)!) };
    },
  };
}

function targetsOf(family: Labelled['family'], labels: ArrayLike<number>, width: number): Float64Array {
  if (family !== 'classes') return Float64Array.from(labels, (label) => TARGETS[family][label]!);
  const rows = new Float64Array(labels.length * width);
  for (let i = 0; i < labels.length; i++) rows[i * width + labels[i]!] = 1;
  return rows;
}

/** Rows one after another. */
export function stacked(rows: readonly Float64Array[]): Float64Array {
  const width = rows[0]?.length ?? 0;
  const all = new Float64Array(rows.length * width);
  for (const [i, row] of rows.entries()) all.set(row, i * width);
  return all;
}

/** Labels that stand for all of them where looking at all would take long. */
export function someLabels(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, label) => label);
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}

function isAlike(loss: Pick<Labelled, 'labels' | 'row' | 'read'>): boolean {
  const gaps = [-3, -0.5, 0.7, 4];
  const some = someLabels(loss.labels, 8);
  const rows = gaps.flatMap((gap) => some.map((label) => loss.row(label, gap)));
  const { values } = loss.read(
    gaps.flatMap(() => some),
    stacked(rows),
  );
  return values.every((value, i) => {
    const first = values[i - (i % some.length)]!;
    return Math.abs(value - first) <= 1e-9 * Math.max(1, Math.abs(first));
  });
}
