import { exp } from '../../elementary/exponential.js';
import { add, exactly, type Interval, multiply } from '../../interval/interval.js';
import { ends as endsOf } from '../probe/certain.js';
import { type Labelled, type Reader, stacked } from '../probe/labelled.js';
import type { Regression } from '../probe/numbers.js';
import type { Segments } from './convexity.js';
import { randomRows, softmaxOf } from './minimum.js';

/** Segments that are tried for a label. */
const TRIED = 150;

/** Gaps whose neighbours are the ends of short segments. */
const SHORT = Array.from({ length: 49 }, (_, i) => -12 + i / 2);

interface Segment {
  readonly label: number;
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/**
 * Segments between predictions of a loss of labels: long ones, and short ones along the curve of each label. `onSimplex`:
 * the reader takes probabilities, not logits.
 */
export function labelSegments(
  loss: Labelled,
  labels: readonly number[],
  reader: Reader,
  onSimplex: boolean,
): Segments {
  const place = (row: Float64Array): Float64Array => (onSimplex ? probabilitiesOf(loss, row) : row);
  const segments = labels.flatMap((label): Segment[] => {
    const count = loss.affordable(TRIED);
    const rows = randomRows(loss, 2 * count);
    return [
      ...Array.from({ length: count }, (_, i) => ({
        label,
        from: place(rows[2 * i]!),
        to: place(rows[2 * i + 1]!),
      })),
      ...SHORT.map((gap) => ({
        label,
        from: place(loss.row(label, gap - 1)),
        to: place(loss.row(label, gap + 1)),
      })),
    ];
  });
  const { values } = reader.read(
    segments.flatMap(({ label }) => [label, label, label]),
    stacked(segments.flatMap(({ from, to }) => [from, to, from.map((x, k) => (x + to[k]!) / 2)])),
  );
  return {
    count: segments.length,
    values,
    certain: (chosen) => {
      const rows = chosen.flatMap((i) => {
        const { from, to } = segments[i]!;
        const numbers = [...from, ...to].map(exactly);
        return [...numbers, ...Array.from(from, (x, k) => middleOf(x, to[k]!))];
      });
      return threes(
        reader.certain(
          chosen.flatMap((i) => Array.from({ length: 3 }, () => segments[i]!.label)),
          endsOf(rows),
        ).values,
      );
    },
    ends: (i) => {
      const { label, from, to } = segments[i]!;
      return { from: [...from], to: [...to], target: loss.targetOf(label) };
    },
  };
}

const probabilitiesOf = (loss: Labelled, row: Float64Array): Float64Array =>
  loss.family === 'classes' ? Float64Array.from(softmaxOf(row)) : row.map((z) => 1 / (1 + exp(-z)));

/** Segments between predictions of a loss of numbers: short and long, on either side of the target and across it. */
export function errorSegments(loss: Regression): Segments {
  const errors = [0.02, 0.1, 0.3, 0.6, 0.9, 1.1, 1.5, 2.2, 3.5, 6, 10, 30, 100].flatMap((e) => [-e, e]);
  const ends = loss.targets.flatMap((target) =>
    errors.flatMap((one, i) =>
      errors.slice(i + 1).map((other) => ({ target, from: target + one, to: target + other })),
    ),
  );
  const all = ends.filter(({ from, to }) => loss.legal(from) && loss.legal(to));
  // Every so many, where the loss is so large that all would take long.
  const step = Math.ceil((3 * all.length) / loss.affordable(3 * all.length));
  const legal = all.filter((_, i) => i % step === 0);
  const { values } = loss.read(
    legal.flatMap(({ target }) => [target, target, target]),
    legal.flatMap(({ from, to }) => [from, to, (from + to) / 2]),
  );
  return {
    count: legal.length,
    values,
    certain: (chosen) =>
      threes(
        loss.certain(
          chosen.flatMap((i) => Array.from({ length: 3 }, () => legal[i]!.target)),
          chosen.flatMap((i) => {
            const { from, to } = legal[i]!;
            return [exactly(from), exactly(to), middleOf(from, to)];
          }),
        ).values,
      ),
    ends: (i) => ({ from: [legal[i]!.from], to: [legal[i]!.to], target: legal[i]!.target }),
  };
}

const middleOf = (from: number, to: number): Interval =>
  multiply(add(exactly(from), exactly(to)), exactly(0.5));

const threes = (values: readonly Interval[]): { from: Interval; to: Interval; middle: Interval }[] =>
  Array.from({ length: values.length / 3 }, (_, i) => ({
    from: values[3 * i]!,
    to: values[3 * i + 1]!,
    middle: values[3 * i + 2]!,
  }));
