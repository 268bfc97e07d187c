/** Losses of numbers in rows or batches: boxes, scores that are ranked, fits of a batch. */
import { held, moved } from '../entry.js';
import { type Path, roomOf } from '../path.js';
import { isInvariant, RAISE, STRETCH } from './invariance.js';
import { allHeld, sameAxes, type View } from './view.js';

/** Side of the box that is to be found. */
const SIDE = 4;

/** Two boxes `[x1, y1, x2, y2]`, as `std/boxes` has them: one moved sideways over the other, and one made wider. */
export const box: View = ({ loss, data, target, prediction }) => {
  if (target?.domain !== 'real' || prediction?.domain !== 'real' || !sameAxes(target, prediction)) return;
  const [axis, ...further] = target.axes;
  if (axis === undefined || further.length > 0 || data.length > 1) return;
  const { name, size } = loss.graph.axes.get(axis);
  if (name !== 'box' || size !== 4) return;
  const path = (note: string, from: number, left: number | undefined): Path => ({
    note,
    from,
    to: 6,
    inputs: new Map([
      [target.name, allHeld([0, 0, SIDE, SIDE])],
      [prediction.name, [left === undefined ? moved() : held(left), held(0), moved(SIDE), held(SIDE)]],
    ]),
  });
  const paths = [path('moved sideways', -6, undefined), path('right side moved', 0.1 - SIDE, 0)];
  return { along: 'box', room: roomOf(loss, 4), paths };
};

/** Scores of a list, of which the best should be first: that of the best and that of the worst item, the others in order. */
export const score: View = ({ loss, data, target, prediction }) => {
  if (target === undefined || prediction === undefined || data.length > 1) return;
  if (target.axes.length !== 1 || !sameAxes(target, prediction)) return;
  if (prediction.domain !== 'real' && prediction.domain !== 'logits') return;
  const room = roomOf(loss, 4);
  if (room.world.sizes[target.axes[0]!] !== 4 || room.items > 1) return;
  const isLabels = target.domain === 'binary';
  // Only the differences of scores say which item is before which; a vector that has a direction is no list of scores.
  const names = [prediction.name];
  if (!isLabels && (!isInvariant(room, names, RAISE) || isInvariant(room, names, STRETCH))) return;
  const relevance = isLabels ? [1, 1, 0, 0] : [3, 2, 1, 0];
  const scores = isLabels ? [1, 1, -1, -1] : [1.5, 0.5, -0.5, -1.5];
  const path = (note: string, at: number): Path => ({
    note,
    from: -4,
    to: 4,
    inputs: new Map([
      [target.name, allHeld(relevance)],
      [prediction.name, scores.map((value, i) => (i === at ? moved() : held(value)))],
    ]),
  });
  const paths = isLabels
    ? [path('a label that is true', 0), path('a label that is not', 3)]
    : [path('the best item', 0), path('the worst item', 3)];
  return { along: 'score', room, paths };
};

/** A batch of numbers that is fitted as a whole: one prediction is off, or all are. */
export const fit: View = ({ loss, data, target, prediction, together }) => {
  if (target === undefined || prediction === undefined || data.length > 1 || !together) return;
  if (target.axes.length + prediction.axes.length > 0) return;
  if (target.node.range.hi < 4 || prediction.node.range.hi < 4) return;
  const room = roomOf(loss, 1);
  const truth = Array.from({ length: room.items }, (_, i) => i + 1);
  const from = prediction.node.range.lo >= 0 ? -0.9 : -4;
  const path = (note: string, isOff: (i: number) => boolean): Path => ({
    note,
    from,
    to: 4,
    inputs: new Map([
      [target.name, allHeld(truth)],
      [prediction.name, truth.map((value, i) => (isOff(i) ? moved(value) : held(value)))],
    ]),
  });
  const paths = [
    path('the first prediction off', (i) => i === 0),
    path('the last prediction off', (i) => i === room.items - 1),
    path('all off', () => true),
  ];
  return { along: 'fit', room, paths };
};
