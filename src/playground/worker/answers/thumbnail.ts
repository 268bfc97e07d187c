import { rowsOf } from '../../../charts/rows.js';
import type { Asks } from '../../messages.js';
import { lossOf } from '../losses.js';

/** Points of a small curve, of the many that a picture has. */
const EVERY = 8;

/** The first line of a loss in its frame; no points where nothing can be drawn. */
export function thumbnail({ loss }: Asks['thumbnail']['ask']): Asks['thumbnail']['answer'] {
  const [row] = rowsOf([lossOf(loss)]).rows;
  if (row === undefined) return [];
  const { low, high } = row.loss.frame;
  const height = (y: number): number =>
    Math.round((100 * (Math.min(high, Math.max(low, y)) - low)) / (high - low));
  const points = row.loss.lines[0]!.points.filter(({ y }, i) => i % EVERY === 0 && !Number.isNaN(y));
  return points.map(({ y }) => height(y));
}
