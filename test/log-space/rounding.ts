/** How far rounding the inputs moves the numbers of an expression. */
import type { NumberArray } from '../../compiler/evaluate/bind.js';
import { compiled, type Expression, type Found, inputsOf, type Place } from './corpus.js';
import { byReference } from './targets.js';

/** Half the distance to the next float32 of this size. */
const halfUnit = (x: number): number => 2 ** (Math.floor(Math.log2(Math.abs(x))) - 24);

const numberAt = (found: Found, { of, index }: Place): number =>
  (of === 'value' ? found.value : found.gradient[of.input]!)[index]!;

/**
 * By how much of itself each number moves when every input is rounded once, to first order: the sum of what each input alone does. Labels and
 * masks are exact.
 */
export function movements(expression: Expression, places: readonly Place[]): readonly number[] {
  const loss = compiled(expression);
  const inputs = inputsOf(expression);
  const before = byReference({ loss, inputs });
  const moved = places.map(() => 0);
  for (const [name, numbers] of inputs) {
    if (numbers.data.every((x) => Number.isInteger(x) && Math.abs(x) <= 2)) continue;
    const width = numbers.data.length / numbers.shape[0]!;
    for (let column = 0; column < width; column++) {
      const after = byReference({
        loss,
        inputs: new Map([...inputs, [name, shifted(numbers, column, width)]]),
      });
      for (const [i, place] of places.entries())
        moved[i]! += Math.abs(numberAt(after, place) / numberAt(before, place) - 1);
    }
  }
  return moved;
}

/** The same with one number of each point moved towards 0. */
function shifted({ shape, data }: NumberArray, column: number, width: number): NumberArray {
  const move = (x: number, i: number): number =>
    i % width === column && x !== 0 ? x - Math.sign(x) * halfUnit(x) : x;
  return { shape, data: Float64Array.from(data, move) };
}
