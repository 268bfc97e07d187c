/** Whether what a formula leaves of the samples is noise: noise of one row says nothing of the noise of the row beside it. */
import type { Rows } from './samples.js';

/** Correlation of neighbours, in standard errors, from which on something is left to be found. */
const TOLD = 2.5;

/** For each row the place of the one that is nearest, every input in units of its spread. */
export function nearestRows({ columns, wanted }: Rows): Int32Array {
  const scaled = columns.map(standardised);
  return Int32Array.from(wanted, (_, i) => {
    let best = i;
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < wanted.length; k++) {
      if (k === i) continue;
      let distance = 0;
      for (const column of scaled) {
        const apart = column[i]! - column[k]!;
        distance += apart * apart;
      }
      if (distance < least) [best, least] = [k, distance];
    }
    return best;
  });
}

function standardised(column: Float64Array): Float64Array {
  const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
  const spread = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / column.length);
  return column.map((x) => (spread === 0 ? 0 : x / spread));
}

/** Whether differences of neighbours have nothing to do with each other. */
export function looksLikeNoise(differences: Float64Array, nearest: Int32Array): boolean {
  let [together, alone] = [0, 0];
  for (let i = 0; i < nearest.length; i++) {
    together += differences[i]! * differences[nearest[i]!]!;
    alone += differences[i]! * differences[i]!;
  }
  return together <= (TOLD * alone) / Math.sqrt(nearest.length);
}
