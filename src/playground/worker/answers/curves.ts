import { rowsOf } from '../../../charts/rows.js';
import type { Asks } from '../../messages.js';
import { lossOf } from '../losses.js';

/** Losses and their gradients along the lines that show them. */
export function curves({ losses }: Asks['curves']['ask']): Asks['curves']['answer'] {
  const rows = rowsOf(losses.map(({ loss, label }) => ({ ...lossOf(loss), label })));
  if (rows.rows.length > 0) return rows;
  const names = rows.missing.join(', ');
  throw new Error(`${names}: found no line of predictions along which the loss has a gradient.`);
}
