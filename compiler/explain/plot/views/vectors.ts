/** Losses of vectors: pairs of embeddings, kinds of them, batches that should be alike. */
import type { LoweredInput } from '../../../lower/lowered.js';
import { type Entry, held, moved, side } from '../entry.js';
import { type Path, type Room, roomOf } from '../path.js';
import { isInvariant, SHIFT, STRETCH, TURN } from './invariance.js';
import { allHeld, type Drawing, entriesOf, type Subject, type View } from './view.js';

/** Two directions are all that is needed. */
const FEATURES = 2;
/** Short of the ends, where the other side of the vector has no slope. */
const COSINES = { from: -0.999, to: 0.999 };
/** A distance has no slope at 0. */
const DISTANCES = { from: 1e-3, to: 3 };

const isVector = ({ domain, axes }: LoweredInput): boolean => domain === 'real' && axes.length === 1;

/** The vectors of a loss of nothing else but perhaps a label; undefined where there are fewer than two. */
function vectorsOf({ loss, target }: Subject): readonly LoweredInput[] | undefined {
  const vectors = loss.inputs.filter(isVector);
  const others = loss.inputs.filter((input) => !isVector(input));
  const isLabel = (input: LoweredInput): boolean =>
    input === target && (input.domain === 'binary' || input.domain === 'sign') && input.axes.length === 0;
  const areAlike = vectors.every(({ axes }) => axes[0] === vectors[0]!.axes[0]);
  return vectors.length > 1 && areAlike && others.every(isLabel) ? vectors : undefined;
}

/** A vector in each item of a room whose first two numbers are those. */
const pointing = (input: LoweredInput, room: Room, first: Entry, second: Entry): readonly Entry[] =>
  entriesOf(input, room, ([, at]) => (at === 0 ? first : at === 1 ? second : held(0)));

/** One embedding leaves the others of its item, by distance or by angle. */
export const pair: View = (subject) => {
  const { loss, target, together } = subject;
  const vectors = vectorsOf(subject);
  if (vectors === undefined || together) return;
  const room = roomOf(loss, FEATURES);
  const names = vectors.map(({ name }) => name);
  const isDistance = isInvariant(room, names, SHIFT);
  const isAngle = !isDistance && (isInvariant(room, names, STRETCH) || isInvariant(room, names, TURN));
  // Vectors of which each number means something of its own.
  if (!isDistance && !isAngle) return;
  const last = vectors.findLast((input) => !input.data)!;
  const leaving = vectors.length > 2 ? vectors.filter((input) => !input.data) : [last];
  const base = isAngle ? held(1) : held(0);
  const gone = isAngle ? ([moved(), side()] as const) : ([moved(), held(0)] as const);
  const labels =
    target === undefined || isVector(target) ? [undefined] : [1, target.domain === 'sign' ? -1 : 0];
  const paths = leaving.flatMap((one) =>
    labels.map((value): Path => {
      const inputs = new Map(
        vectors.map((input) => [
          input.name,
          pointing(input, room, ...(input === one ? gone : ([base, held(0)] as const))),
        ]),
      );
      if (value !== undefined) inputs.set(target!.name, allHeld([value]));
      const notes = [
        ...(leaving.length > 1 ? [`${one.name} moved`] : []),
        ...(value === undefined ? [] : [`${value === 1 ? 'alike' : 'different'} (${target!.name} ${value})`]),
      ];
      return { note: notes.join(', '), ...(isAngle ? COSINES : DISTANCES), inputs };
    }),
  );
  return { along: isAngle ? 'cosine' : 'distance', room, paths };
};

/** Four vectors at right angles, one for each item: their mean is 0, and they are spread alike in both directions. */
const CROSS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

const crossed = (
  input: LoweredInput,
  room: Room,
  at: (corner: readonly number[], axis: number) => Entry,
): readonly Entry[] =>
  entriesOf(input, room, ([item, axis]) => (axis! < 2 ? at(CROSS[item!]!, axis!) : held(0)));

/** Turned by the angle of which x is the cosine: (a, b) becomes (ax - bs, as + bx) with the sine s. */
function turned([a, b]: readonly number[], axis: number): Entry {
  const [byCosine, bySine] = axis === 0 ? [a!, -b!] : [b!, a!];
  if (byCosine !== 0) return moved(0, byCosine > 0 ? 1 : -1);
  return side(bySine > 0 ? 1 : -1);
}

/** Two batches of embeddings, each of which has its own in the other one: all turn away from theirs at once. */
export const turnedBatch: View = (subject) => {
  const vectors = vectorsOf(subject);
  if (vectors?.length !== 2 || !subject.together || subject.target !== undefined) return;
  const room = roomOf(subject.loss, FEATURES);
  const last = vectors.findLast((input) => !input.data)!;
  const inputs = new Map(
    vectors.map((input) => [
      input.name,
      crossed(input, room, (corner, axis) => (input === last ? turned(corner, axis) : held(corner[axis]!))),
    ]),
  );
  return { along: 'cosine', room, paths: [{ note: '', ...COSINES, inputs }] };
};

/** Two batches that are compared as distributions, wherever both are: one is moved, or stretched. */
export const movedBatch: View = (subject) => {
  const vectors = vectorsOf(subject);
  if (vectors?.length !== 2 || !subject.together || subject.target !== undefined) return;
  const room = roomOf(subject.loss, FEATURES);
  const names = vectors.map(({ name }) => name);
  const last = vectors.findLast((input) => !input.data)!;
  // Batches that are brought to one size first differ by angles only.
  if (!isInvariant(room, names, SHIFT) || isInvariant(room, [last.name], STRETCH)) return;
  const path = (note: string, changed: (corner: readonly number[], axis: number) => Entry): Path => ({
    note,
    from: -1,
    to: 3,
    inputs: new Map(
      vectors.map((input) => [
        input.name,
        crossed(input, room, (corner, axis) =>
          input === last ? changed(corner, axis) : held(corner[axis]!),
        ),
      ]),
    ),
  });
  const paths = [
    path(`${last.name} moved`, (corner, axis) => (axis === 0 ? moved(corner[0]) : held(corner[axis]!))),
    path(`${last.name} stretched`, (corner, axis) => {
      const value = corner[axis]!;
      return value === 0 ? held(0) : moved(value, value > 0 ? 1 : -1);
    }),
  ];
  return { along: 'batches', room, paths };
};

/** Embeddings of two kinds: one of them between the place of its own kind and that of the other. */
export const kinds: View = ({ loss, data, prediction, together }): Drawing | undefined => {
  const [given, ...others] = data;
  if (prediction === undefined || !isVector(prediction) || !together) return;
  if (given?.domain !== 'integer' || given.axes.length > 0 || others.length > 0) return;
  const room = roomOf(loss, FEATURES);
  const isAngle = isInvariant(room, [prediction.name], STRETCH);
  const own = isAngle ? [held(1), held(0)] : [held(0), held(0)];
  const other = isAngle ? [held(0), held(1)] : [held(2), held(0)];
  const between = isAngle ? [moved(), side()] : [moved(), held(0)];
  const places = [between, own, other, other];
  const inputs = new Map([
    [given.name, allHeld([0, 0, 1, 1])],
    [prediction.name, entriesOf(prediction, room, ([item, axis]) => places[item!]![axis!] ?? held(0))],
  ]);
  const reach = isAngle ? { from: 1e-3, to: 1 - 1e-3 } : { from: -1, to: 3 };
  return { along: isAngle ? 'kinds' : 'kind-distance', room, paths: [{ note: '', ...reach, inputs }] };
};
