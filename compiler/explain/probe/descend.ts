import { hypot } from '../../elementary/hyperbolic.js';
import { pow } from '../../elementary/power.js';
import { type Labelled, stacked } from './labelled.js';

/** Starts that are followed down, and steps that each may take. */
const FOLLOWED = 6;
const STEPS = 60;
/** First step in units of logits, and how far steps shrink. */
const FIRST = 2;
const SHRINK = 0.9;
/** Beyond this, a probability is 0 in all that float64 can tell. */
const FARTHEST = 30;

/** The lowest value that descent in the logits finds from the best of the starts. Steps have a length, so scale does not matter. */
export function descended(
  loss: Labelled,
  label: number,
  starts: readonly Float64Array[],
): { row: Float64Array; value: number } {
  const first = loss.read(new Int32Array(starts.length).fill(label), stacked(starts));
  const order = [...starts.keys()]
    .filter((i) => Number.isFinite(first.values[i]))
    .sort((a, b) => first.values[a]! - first.values[b]!)
    .slice(0, FOLLOWED);
  let rows = order.map((i) => starts[i]!);
  const labels = new Int32Array(rows.length).fill(label);
  let best = { row: rows[0] ?? loss.row(label, 0), value: first.values[order[0] ?? 0]! };
  for (let step = 0; step < STEPS; step++) {
    const { values, gradients } = loss.read(labels, stacked(rows));
    for (const [i, row] of rows.entries()) if (values[i]! < best.value) best = { row, value: values[i]! };
    rows = rows.map((row, i) => {
      const gradient = gradients.subarray(i * loss.width, (i + 1) * loss.width);
      const length = hypot(...gradient);
      const scale = length > 0 && Number.isFinite(length) ? (FIRST * pow(SHRINK, step)) / length : 0;
      return row.map((z, k) => Math.max(-FARTHEST, Math.min(FARTHEST, z - scale * gradient[k]!)));
    });
  }
  return best;
}
