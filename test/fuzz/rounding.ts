import { createRandom } from '../../src/random.js';
import { compareAnswer, emptyTally, type Fault } from './comparison.js';
import type { Target } from './targets/target.js';
import { compileTrial, expected, lossOf, type Trial } from './trial.js';

const SHAKES = 8;
/** How far the inputs move: a thousand times what float32 tells apart. */
const STEP = 1e-4;

/**
 * Whether a difference in float32 is rounding. What a wrong formula is off by hardly changes when the inputs move a little;
 * rounding is gone, or has another sign.
 */
export async function isRounding(target: Target, trial: Trial, fault: Fault): Promise<boolean> {
  const random = createRandom(7);
  let same = 0;
  for (let i = 0; i < SHAKES; i++) {
    const inputs = new Map(trial.given.inputs);
    for (const { name, data } of lossOf(trial.file).inputs) {
      if (data || name.name === 'target') continue;
      const { shape, data: numbers } = inputs.get(name.name)!;
      inputs.set(name.name, { shape, data: numbers.map((x) => Math.fround(x * (1 - STEP * random.next()))) });
    }
    const shaken = { ...trial, given: { ...trial.given, inputs } };
    const [answer] = await target.run([{ trial: shaken, compiled: compileTrial(shaken) }]);
    if (answer instanceof Error) return false;
    const tally = emptyTally();
    const again = compareAnswer(target.name, expected(shaken, 'single'), answer!, target.floor, tally);
    if (again?.what === fault.what) same++;
  }
  return same < SHAKES * 0.75;
}
