import { figure } from '../../words/sentence.js';
import type { Finding } from '../explanation.js';
import { type Labelled, stacked } from '../probe/labelled.js';
import { toldLabels } from './minimum.js';

/** The largest float32. */
export const FLOAT32_MAX = 3.4028234663852886e38;
/** Guarded and exact values that differ by more than this are told apart: float32 keeps seven digits. */
const DIFFERENT = 1e-4;
/** Gaps that are looked at: finely where `exp` leaves float32, then far out. */
const GAPS = [...Array.from({ length: 301 }, (_, i) => i / 2), 200, 500, 700, 1e3, 1e4, 1e5, 1e6];

/**
 * `saturation`: from which gap of the logits the guarded value or gradient no longer follows the exact one, because the exact
 * one does not fit into float32. `exact` is the same loss without guards.
 */
export function explainSaturation(guarded: Labelled, exact: Labelled): Finding[] {
  const base = { topic: 'finite', property: 'saturation', status: 'measured' } as const;
  const gaps = GAPS.length <= guarded.affordable(GAPS.length) ? GAPS : GAPS.filter((_, i) => i % 8 === 0);
  const findings: Finding[] = [];
  for (const label of toldLabels(guarded)) {
    for (const sign of [-1, 1]) {
      const found = firstDifference(
        guarded,
        exact,
        label,
        gaps.map((gap) => sign * gap),
      );
      if (found === undefined) continue;
      const side = sign < 0 ? 'below the others' : 'above the others';
      const who = guarded.family === 'classes' ? 'the label' : guarded.nameOf(label);
      const place =
        guarded.family === 'classes'
          ? `is ${figure(Math.abs(found.gap))} ${side}`
          : `has a gap of ${figure(found.gap)}`;
      findings.push({
        ...base,
        statement: `From logits, ${found.what} saturates where the logit of ${who} ${place}: it stays near ${figure(found.kept)}.`,
        reason: `The exact one is ${figure(found.exact)} there; the largest float32 is 3.4e38, and coefficients and sums need room.`,
        value: found.gap,
        witness: { target: guarded.targetOf(label), gap: found.gap, kept: found.kept },
      });
    }
  }
  if (findings.length > 0) return findings;
  return [
    {
      ...base,
      holds: false,
      statement: 'From logits, value and gradient agree with the exact ones over the whole range of float32.',
      reason: `Evaluated at logit gaps up to ${figure(Math.max(...gaps))}, in both directions, with and without guards.`,
    },
  ];
}

interface Difference {
  readonly gap: number;
  readonly what: 'the value' | 'the gradient';
  readonly kept: number;
  readonly exact: number;
}

function firstDifference(
  guarded: Labelled,
  exact: Labelled,
  label: number,
  gaps: readonly number[],
): Difference | undefined {
  const rows = stacked(gaps.map((gap) => guarded.row(label, gap)));
  const labels = new Int32Array(gaps.length).fill(label);
  const [kept, real] = [guarded.read(labels, rows), exact.read(labels, rows)];
  const { width } = guarded;
  for (const [i, gap] of gaps.entries()) {
    const value = compare(kept.values[i]!, real.values[i]!);
    if (value) return { gap, what: 'the value', kept: kept.values[i]!, exact: real.values[i]! };
    const own = i * width + (guarded.family === 'classes' ? label : 0);
    if (compare(kept.gradients[own]!, real.gradients[own]!))
      return { gap, what: 'the gradient', kept: kept.gradients[own]!, exact: real.gradients[own]! };
  }
  return undefined;
}

/** Whether the exact number is too large for float32, or the guarded one has left it behind. */
function compare(kept: number, exact: number): boolean {
  if (Number.isNaN(exact)) return false;
  if (Math.abs(exact) > FLOAT32_MAX) return true;
  return Math.abs(exact) > 1e30 && Math.abs(kept - exact) > DIFFERENT * Math.abs(exact);
}
