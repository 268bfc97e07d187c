/** A key of the gradient on fixed inputs: equal for losses that teach the same, whatever their formulas. */

import { log } from '../../../compiler/elementary/logarithm.js';
import type { NumericLoss } from '../../../compiler/loss/numeric.js';
import { hash32 } from '../../random.js';
import type { Learning } from '../../runtime/tasks/learning.js';
import { lengthOf, randomBatch } from './fixed-inputs.js';

const ITEMS = 12;
/** Grid on which the entries of the normalised gradient are compared; losses that differ less train alike. */
const RESOLUTION = 1e-5;

export interface Fingerprint {
  /** Empty where the gradient is not finite or zero. */
  readonly key: string;
  readonly problem?: string;
}

/** `scaleMatters`: losses that differ by a positive factor get different keys too. */
export function fingerprint(loss: NumericLoss, learning: Learning, scaleMatters: boolean): Fingerprint {
  const { target, output, batch, outputs } = randomBatch(ITEMS, learning, 'fingerprint');
  const { gradient } = loss.evaluate(target, output, batch, outputs);
  const length = lengthOf(gradient);
  if (!Number.isFinite(length)) return { key: '', problem: 'the gradient is not finite' };
  if (length === 0) return { key: '', problem: 'the gradient is zero' };
  const grid = [...gradient].map((entry) => Math.round(entry / length / RESOLUTION));
  const scale = scaleMatters ? Math.round(log(length) / RESOLUTION) : 0;
  // -0 and 0 print alike.
  const text = `${scale}|${grid.join()}`;
  return {
    key: hash32(text, 1).toString(16).padStart(8, '0') + hash32(text, 2).toString(16).padStart(8, '0'),
  };
}
