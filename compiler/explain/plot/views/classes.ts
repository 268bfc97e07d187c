/** Losses of labels and predictions along axes that mix: masks of pixels, classes among others, centers of classes. */
import { DOMAINS } from '../../../resolve/domains.js';
import { held, moved, rest } from '../entry.js';
import { type Path, roomOf } from '../path.js';
import {
  type Drawing,
  entriesFor,
  entriesOf,
  nearZero,
  type Place,
  reachOf,
  type Subject,
  sameAxes,
  type View,
} from './view.js';

const SHARE = { from: 1e-3, to: 1 - 1e-3 };

/** A mask and the predicted probability of each of its pixels. */
export const overlap: View = ({ loss, target, prediction, together }) => {
  if (target?.domain !== 'binary' || prediction?.domain !== 'unit' || !sameAxes(target, prediction)) return;
  if (target.axes.length === 0 && !together) return;
  const room = roomOf(loss, entriesFor(target));
  // The mask is the first half.
  const mask = entriesOf(target, room, () => held(0)).map((_, i, { length }) => i < length / 2);
  const path = (note: string, inside: boolean, outside: boolean): Path => ({
    note,
    ...SHARE,
    inputs: new Map([
      [target.name, mask.map((isInside) => held(Number(isInside)))],
      [
        prediction.name,
        mask.map((isInside) => (isInside ? (inside ? moved() : held(1)) : outside ? rest(1) : held(0))),
      ],
    ]),
  });
  const paths = [
    path('missing inside', true, false),
    path('too much outside', false, true),
    path('both', true, true),
  ];
  return { along: 'overlap', room, paths };
};

/** Classes along an axis, in rows that may be one loss together. */
export const label: View = ({ loss, target, prediction }) => {
  const classes = target?.simplexAxis;
  if (target === undefined || prediction === undefined || classes === undefined) return;
  if (!sameAxes(target, prediction)) return;
  const room = roomOf(loss, entriesFor(target));
  const count = room.world.sizes[classes]!;
  const along = 1 + target.axes.indexOf(classes);
  /** How far a class is from the label of its row: 0 for the label. Rows have one label after the other. */
  const distance = (place: Place): number => {
    const row = place.reduce((sum, at, i) => (i === along ? sum : sum + at), 0);
    return (((place[along]! - row) % count) + count) % count;
  };
  const labels = entriesOf(target, room, (place) => held(distance(place) === 0 ? 1 : 0));
  const isSimplex = DOMAINS[prediction.domain].simplex;
  const path = (note: string, which: number): Path => ({
    note,
    ...(isSimplex ? SHARE : reachOf(prediction)),
    inputs: new Map([
      [target.name, labels],
      [
        prediction.name,
        entriesOf(prediction, room, (place) =>
          distance(place) === which ? moved() : isSimplex ? rest(count - 1) : held(nearZero(prediction)),
        ),
      ],
    ]),
  });
  if (isSimplex) return { along: 'label', axis: 'probability of the label', room, paths: [path('', 0)] };
  const axis = `${prediction.name} of one class, ${nearZero(prediction)} for the others`;
  return {
    along: 'label',
    axis,
    room,
    paths: [path('label moved', 0), path('another class moved', 1)],
  };
};

/** An embedding among centers of classes that are parameters: from its own center to another. */
export const center: View = ({ loss, target, prediction }: Subject): Drawing | undefined => {
  const [classes, ...further] = target?.axes ?? [];
  const [feature, ...more] = prediction?.axes ?? [];
  if (target?.domain !== 'onehot' || prediction?.domain !== 'real') return;
  if (classes === undefined || feature === undefined || further.length + more.length > 0) return;
  const centers = loss.parameters.find(
    ({ axes, default: value }) => value === undefined && axes.join() === [classes, feature].join(),
  );
  if (centers === undefined) return;
  const plain = roomOf(loss, 2);
  const { sizes, parameters } = plain.world;
  const corners = Array.from({ length: sizes[classes]! }, (_, row) =>
    Array.from({ length: sizes[feature]! }, (__, column) => Number(row === column)),
  );
  const room = { ...plain, world: { sizes, parameters: new Map(parameters).set(centers.name, corners) } };
  const inputs = new Map([
    [target.name, entriesOf(target, room, ([, at]) => held(at === 0 ? 1 : 0))],
    [
      prediction.name,
      entriesOf(prediction, room, ([, at]) => (at === 0 ? rest(1) : at === 1 ? moved() : held(0))),
    ],
  ]);
  return { along: 'center', room, paths: [{ note: '', from: -1, to: 2, inputs }] };
};
