/** How far a spelling of a loss is off, beside how far the standard one is. */
import * as tf from '@tensorflow/tfjs';
import { emitModule } from '../../../compiler/emit/tfjs/module.js';
import { loadModule } from '../../../src/runtime/load.js';
import type { Form } from '../forms.js';
import { BEYOND, LARGEST, measure, measureBy, type Pair, POINTS, SMALLEST } from '../precise.js';
import type { Spelled } from './spell.js';

/** An error may be so many times that of the standard spelling at the same point. */
const FACTOR = 8;
/** Whatever that was, so much may be lost to rounding, of the size of a value or of the largest entry of an item's gradient. */
const ROUNDING = 1e-5;

/** A number that is worse than that of the standard spelling. */
export interface Worse {
  readonly where: string;
  readonly off: number;
  readonly before: number;
}

/** The relative error; infinite for what is no stand-in for the exact number. */
function offOf({ found, exact, size }: Pair): number {
  if (!Number.isFinite(found)) return Number.POSITIVE_INFINITY;
  if (Number.isNaN(exact)) return 0;
  if (Math.abs(exact) > LARGEST)
    return Math.sign(found) === Math.sign(exact) && Math.abs(found) > BEYOND ? 0 : Number.POSITIVE_INFINITY;
  const beside = Math.abs(found - exact) - 100 * SMALLEST;
  return beside <= 0 ? 0 : beside / size;
}

const worstOf = (pairs: readonly Pair[]): number => Math.max(0, ...pairs.map(offOf));

/** The worst number in which a spelling falls behind; undefined where it keeps up. */
export function fallsBehind({ name, fromLogits }: Form, { compiled }: Spelled): Worse | undefined {
  const module = loadModule(tf, emitModule(compiled));
  let worst: Worse | undefined;
  for (const point of POINTS) {
    if (point.loss !== name || (point.form === 'logits') !== fromLogits) continue;
    const standard = measure(point);
    const spelled = measureBy(compiled, module, point);
    for (const group of ['values', 'gradients'] as const) {
      const before = worstOf(standard[group]);
      for (const pair of spelled[group]) {
        const off = offOf(pair);
        if (off <= Math.max(ROUNDING, FACTOR * before) || off <= (worst?.off ?? 0)) continue;
        const where = `${point.note}, ${pair.what}: ${pair.found} for ${pair.exact}`;
        worst = { where, off, before };
      }
    }
  }
  return worst;
}
