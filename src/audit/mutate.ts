import { pow } from '../../compiler/elementary/power.js';
import type { Random } from '../random.js';
import { legal } from './draw.js';
import { stepped } from './float32.js';
import type { Point } from './point.js';
import type { Subject } from './subject.js';

/** A point beside another: some numbers of one input are moved, or the input is drawn anew where its values hang together. */
export function mutated(point: Point, subject: Subject, random: Random): Point {
  const inputs = new Map(point.inputs);
  const times = 1 + random.int(2);
  for (let i = 0; i < times; i++) {
    const name = random.pick([...inputs.keys()]);
    const data = inputs.get(name)!;
    if (data.length > 0) inputs.set(name, moved(point, name, data, subject, random));
  }
  return { ...point, inputs };
}

function moved(
  point: Point,
  name: string,
  data: Float64Array,
  subject: Subject,
  random: Random,
): Float64Array {
  const { domain, node } = subject.input(name);
  if (domain === 'between') {
    const { lo, hi } = node.range;
    const at = random.int(data.length);
    return data.map((x, k) =>
      k === at ? Math.fround(Math.min(Math.max(x + (hi - lo) * 0.1 * random.normal(), lo), hi)) : x,
    );
  }
  if (
    domain === 'onehot' ||
    domain === 'probability' ||
    domain === 'binary' ||
    domain === 'sign' ||
    domain === 'integer'
  )
    return subject.redrawn(point, name, random);
  const step = STEPS[random.int(STEPS.length)]!;
  const at = random.int(data.length);
  const other = [...point.inputs.values()][random.int(point.inputs.size)]!;
  const beside = other[Math.min(at, other.length - 1)]!;
  return data.map((x, k) => (k === at ? legal(domain, step(x, beside, random), point.region) : x));
}

/** What may become of a number; `beside` is another of the point. */
const STEPS: readonly ((x: number, beside: number, random: Random) => number)[] = [
  (x, _, random) => x * pow(2, random.normal()),
  (x, _, random) => x * pow(2, 6 * random.normal()),
  (x, _, random) => x + random.normal(),
  (x, _, random) => stepped(x, random.int(9) - 4),
  (_, beside) => beside,
  (_, beside, random) => stepped(beside, random.int(9) - 4),
  (x) => -x,
  (x) => 1 - x,
];
