import type { LoweredLoss } from '../../../lower/lowered.js';
import type { SampledLine, SampledLoss } from '../line.js';
import { isAlive, sampleAlong } from '../path.js';
import { anyNumbers } from './any-numbers.js';
import { center, label, overlap } from './classes.js';
import { box, fit, score } from './numbers.js';
import { kinds, movedBatch, pair, turnedBatch } from './vectors.js';
import { subjectOf, type View } from './view.js';

/** What a loss may be drawn along, the most telling first. A user's own loss with inputs of these kinds is drawn in the same way. */
const VIEWS: readonly View[] = [
  overlap,
  label,
  center,
  box,
  score,
  movedBatch,
  turnedBatch,
  pair,
  kinds,
  fit,
  anyNumbers,
];

/** A loss along the first view for it in which it has a gradient anywhere; undefined where there is none. */
export function sampleView(loss: LoweredLoss): SampledLoss | undefined {
  const subject = subjectOf(loss);
  for (const view of VIEWS) {
    const drawing = view(subject);
    if (drawing === undefined) continue;
    const { along, axis, room, paths } = drawing;
    const lines = unlike(paths.map((path) => sampleAlong(room, path)).filter(isAlive));
    if (lines.length > 0)
      return { loss: loss.name, along, ...(axis !== undefined && { axis }), classes: undefined, lines };
  }
  return undefined;
}

/** Lines that are one curve are drawn once, with all of their notes. */
function unlike(lines: readonly SampledLine[]): readonly SampledLine[] {
  const kept: SampledLine[] = [];
  for (const line of lines) {
    const at = kept.findIndex((other) => isSame(other.x, line.x) && isSame(other.values, line.values));
    if (at < 0) kept.push(line);
    else kept[at] = { ...kept[at]!, note: `${kept[at]!.note} or ${line.note}` };
  }
  return kept;
}

const isSame = (one: readonly number[], other: readonly number[]): boolean =>
  one.every((x, i) => Object.is(x, other[i]) || Math.abs(x - other[i]!) <= 1e-9 * Math.max(1, Math.abs(x)));
