import type { CompiledLoss } from '../../compile.js';
import { add, exactly, type Interval, multiply } from '../../interval/interval.js';
import { figure, figures, listed } from '../../words/sentence.js';
import type { Finding, Property } from '../explanation.js';
import { type Curvature, curvatureOf } from '../facts/curvature.js';
import { type Forms, provedFor } from '../facts/settled.js';
import { measured, proved, refuted } from '../finding.js';
import { CANDIDATES, cannotTell, isBelow } from '../probe/certain.js';

/** Two predictions for the same target, and how values of predictions are read. */
export interface Segments {
  readonly count: number;
  /** The ends of each segment and its middle, in this order, one prediction after another: 3 * count of them. */
  readonly values: Float64Array;
  /** Bounds of the values of some segments: ends and middles. */
  certain(chosen: readonly number[]): readonly { from: Interval; to: Interval; middle: Interval }[];
  /** What segment i runs between, for a witness. */
  ends(i: number): { from: readonly number[]; to: readonly number[]; target: number | readonly number[] };
}

/** What is known of the bend of a loss in its predictions, and for which parameters. */
export interface Bend {
  readonly curvature: Curvature;
  readonly proved: string;
}

export const isConvex = ({ curvature }: Bend): boolean =>
  curvature === 'convex' || curvature === 'affine' || curvature === 'constant';

export function bendOf(forms: Forms): Bend {
  const of = (compiled: CompiledLoss): Curvature =>
    curvatureOf(
      compiled.formula.value,
      compiled.inputs.filter((input) => !input.data).map((input) => input.node),
    );
  const extent = provedFor(forms, (compiled) => of(compiled) !== 'unknown');
  return { curvature: of(forms.settled), proved: extent ?? '' };
}

interface Bent {
  readonly index: number;
  readonly middle: number;
  readonly chord: number;
  readonly share: number;
}

/** Segments whose middle costs more than the mean of the ends, the worst in relation to what it costs first. */
function bentSegments({ count, values }: Segments): Bent[] {
  const found: Bent[] = [];
  for (let index = 0; index < count; index++) {
    const [from, to, middle] = [values[3 * index]!, values[3 * index + 1]!, values[3 * index + 2]!];
    const chord = (from + to) / 2;
    const share = (middle - chord) / Math.max(1, Math.abs(from), Math.abs(to));
    if (share > 1e-9) found.push({ index, middle, chord, share });
  }
  return found.sort((a, b) => b.share - a.share).slice(0, CANDIDATES);
}

/** The first of them of which that is certain. */
function certainlyBent(segments: Segments, bent: readonly Bent[]): Bent | undefined {
  const bounds = segments.certain(bent.map(({ index }) => index));
  const half = exactly(0.5);
  return bent.find((_, i) => {
    const { from, to, middle } = bounds[i]!;
    return isBelow(multiply(add(from, to), half), middle);
  });
}

/** `convex` or `convex in the logits`: proved by composition, else looked for on segments. */
export function explainConvexity(
  property: Extract<Property, 'convex' | 'convex in the logits'>,
  known: Bend,
  inWhat: readonly string[],
  segments: Segments | undefined,
): Finding[] {
  const base = { topic: 'shape', property } as const;
  const where = inWhat.length > 1 ? `${listed(inWhat)} together` : (inWhat[0] ?? 'the prediction');
  if (isConvex(known)) {
    const what = known.curvature === 'convex' ? 'Convex' : 'Linear';
    return [
      proved(
        base,
        `${what} in ${where}: every local minimum is a global one.`,
        `By composition: every operator of the formula preserves it, ${known.proved} (disciplined convex programming).`,
      ),
    ];
  }
  if (segments === undefined) {
    return known.curvature === 'concave'
      ? [
          {
            ...base,
            status: 'proved',
            holds: false,
            statement: `Concave in ${where}.`,
            reason: `By composition: every operator of the formula preserves it, ${known.proved}.`,
          },
        ]
      : [];
  }
  const bent = bentSegments(segments);
  const worst = certainlyBent(segments, bent);
  if (worst === undefined && bent.length > 0)
    return [cannotTell(base, `the loss is convex in ${where}`, 'in the middle of segments')];
  if (worst !== undefined) {
    const { middle, chord } = worst;
    const ends = segments.ends(worst.index);
    const shown = (xs: readonly number[]): string =>
      xs.length === 1 ? figure(xs[0]!) : `${figures(xs.slice(0, 6))}${xs.length > 6 ? ' and so on' : ''}`;
    return [
      refuted(
        base,
        `Not convex in ${where}.`,
        `Between ${shown(ends.from)} and ${shown(ends.to)} the value in the middle is ${figure(middle)}, which is ${figure(middle - chord)} above the mean of the ends.`,
        { witness: { target: ends.target, from: ends.from, to: ends.to, middle, mean: chord } },
      ),
    ];
  }
  return [
    measured(
      base,
      `Convex in ${where} in every case that was tried: no counterexample in ${segments.count} segments.`,
      'In none of them was the value in the middle above the mean of the ends.',
    ),
  ];
}
