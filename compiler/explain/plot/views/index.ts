import type { LoweredLoss } from '../../../lower/lowered.js';
import type { SampledLoss } from '../line.js';
import { sampleAlong } from '../path.js';
import { isAlive, unlike } from '../same-line.js';
import { anyNumbers, nearNumbers } from './any-numbers.js';
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
  nearNumbers,
];

/** A loss along the first view for it in which it has a gradient anywhere; empty where there is none. */
export function sampleView(loss: LoweredLoss): readonly SampledLoss[] {
  const subject = subjectOf(loss);
  for (const view of VIEWS) {
    const drawing = view(subject);
    if (drawing === undefined) continue;
    const { along, axis, room, paths } = drawing;
    const lines = unlike(paths.map((path) => sampleAlong(room, path)).filter(isAlive));
    if (lines.length > 0)
      return [{ loss: loss.name, along, ...(axis !== undefined && { axis }), classes: undefined, lines }];
  }
  return [];
}
