import { sin } from '../../../elementary/trigonometric.js';
import { Probe } from '../../probe/probe.js';
import type { Room } from '../path.js';

/** What is done to every vector of some inputs. */
type Change = (vector: Float64Array) => Float64Array;

/** Makes it twice as long. */
export const STRETCH: Change = (vector) => vector.map((value) => 2 * value);
/** Moves it somewhere. */
export const SHIFT: Change = (vector) => vector.map((value, at) => value + 0.7 + 0.4 * at);
/** Adds the same number to all of its numbers. */
export const RAISE: Change = (vector) => vector.map((value) => value + 0.7);
/** Turns it by a right angle. */
export const TURN: Change = (vector) =>
  Float64Array.from(vector).map((_, at) => (at === 0 ? -vector[1]! : at === 1 ? vector[0]! : vector[at]!));

/** Whether a change of the named inputs leaves a loss as it is, seen at numbers that are nothing special. */
export function isInvariant(
  { compiled, world, items }: Room,
  names: readonly string[],
  change: Change,
): boolean {
  const probe = new Probe(compiled, world);
  const plain = new Map<string, Float64Array>();
  let count = 0;
  for (const { name, domain } of compiled.inputs) {
    const width = probe.width(name);
    const size = items * width;
    if (names.includes(name))
      plain.set(
        name,
        new Float64Array(size).map(() => 1.3 * sin(++count * count)),
      );
    // Two items of either kind, for a loss that asks which are alike.
    else if (domain === 'integer')
      plain.set(
        name,
        new Float64Array(size).map((_, i) => Math.floor(i / 2)),
      );
    else if (domain === 'real' || domain === 'nonnegative')
      plain.set(
        name,
        new Float64Array(size).map((_, i) => i + 1),
      );
  }
  const changed = new Map(plain);
  for (const name of names) {
    const width = probe.width(name);
    const all = plain.get(name)!.slice();
    for (let start = 0; start < all.length; start += width)
      all.set(change(all.subarray(start, start + width)), start);
    changed.set(name, all);
  }
  const [before, after] = [plain, changed].map((given) => probe.batch(items, given).values);
  return before!.every((value, i) => Math.abs(value - after![i]!) <= 1e-6 * Math.max(1e-3, Math.abs(value)));
}
