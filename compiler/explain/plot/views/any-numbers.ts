import type { LoweredInput, LoweredLoss } from '../../../lower/lowered.js';
import { DOMAINS } from '../../../resolve/domains.js';
import { figure } from '../../../words/sentence.js';
import { type Entry, held, moved, rest, uniform } from '../entry.js';
import { type Path, type Room, roomOf, sizeOf } from '../path.js';
import { entriesOf, reachOf, type Subject, type View } from './view.js';

/** Most lines of one loss that a picture can hold. */
const LINES = 6;

/**
 * What no other view is for: predictions moved one after the other; where there is one, all of its numbers at once for each of some
 * telling data, or each of its numbers for itself.
 */
export const anyNumbers: View = (subject) => drawn(subject, 1);

/** The same with data nearer to 0, for a loss that has no gradient left where sums of them are large. */
export const nearNumbers: View = (subject) => drawn(subject, 1 / 16);

const drawn = (subject: Subject, spread: number): ReturnType<View> => {
  const { loss, predictions, prediction, together } = subject;
  const widest = Math.max(0, ...loss.inputs.map(({ axes }) => axes.length));
  const areMixed = subject.data.some(({ domain }) => DOMAINS[domain].simplex);
  const room = roomOf(loss, widest > 1 || predictions.length > 1 || areMixed ? 2 : 4);
  if (prediction === undefined) {
    const paths = predictions.map((input) => ({
      note: `${input.name} moved`,
      ...reachOf(input),
      inputs: new Map([
        ...heldData(subject, room, new Map(), spread),
        ...othersHeld(predictions, input, room),
        [input.name, allMoved(input, room)],
      ]),
    }));
    return {
      along: 'number',
      axis: `value of ${predictions.map(({ name }) => name).join(', ')}, each separately`,
      room,
      paths,
    };
  }
  const choices = together ? [] : choicesOf(subject);
  if (choices.length > 1 || DOMAINS[prediction.domain].simplex) {
    const paths = (choices.length > 0 ? choices : [new Map<string, number>()]).map((choice) => ({
      note: [...choice].map(([name, value]) => `${name} ${value}`).join(', '),
      ...reachOf(prediction),
      inputs: new Map([
        ...heldData(subject, room, choice, spread),
        [prediction.name, allMoved(prediction, room)],
      ]),
    }));
    return { along: 'number', axis: axisOf(prediction, room), room, paths };
  }
  const paths = Array.from({ length: Math.min(sizeOf(room, prediction), LINES) }, (_, i) =>
    oneMoved(subject, prediction, room, i, spread),
  );
  return {
    along: 'number',
    axis: `${prediction.name} of one ${placeName(prediction, loss)}, the others held`,
    room,
    paths,
  };
};

const axisOf = (prediction: LoweredInput, room: Room): string => {
  if (DOMAINS[prediction.domain].simplex) {
    const { name } = room.compiled.lowered.graph.axes.get(prediction.simplexAxis!);
    return `${prediction.name} of ${name} ${favoured(room, prediction)}, the rest shared by the others`;
  }
  return prediction.axes.length === 0
    ? prediction.name
    : `${prediction.name} of every ${placeName(prediction, room.compiled.lowered)}`;
};

/** What a number of a prediction belongs to. */
const placeName = ({ axes }: LoweredInput, { graph }: Pick<LoweredLoss, 'graph'>): string =>
  axes.length === 1 ? graph.axes.get(axes[0]!).name : axes.length === 0 ? 'item' : 'entry';

type Choice = ReadonlyMap<string, number>;

/** Telling values of data that is one number for an item, in all combinations that a picture can hold. */
function choicesOf({ data, prediction }: Subject): readonly Choice[] {
  const isDistribution = prediction !== undefined && DOMAINS[prediction.domain].simplex;
  let choices: readonly Choice[] = [new Map()];
  for (const input of data) {
    const values = tellingValues(input, isDistribution);
    if (values.length < 2 || values.length * choices.length > LINES) continue;
    choices = choices.flatMap((choice) => values.map((value) => new Map(choice).set(input.name, value)));
  }
  return choices;
}

function tellingValues(input: LoweredInput, isDistribution: boolean): readonly number[] {
  if (input.axes.length > 0) return [];
  // A place among the entries: all of them are moved, so one place is like another.
  if (input.indexAxis !== undefined || input.labelAxis !== undefined) return [];
  if (isDistribution && (input.domain === 'real' || input.domain === 'nonnegative')) return [1, 1.5, 2];
  return TELLING[input.domain] ?? [];
}

const TELLING: { readonly [D in LoweredInput['domain']]?: readonly number[] } = {
  binary: [1, 0],
  sign: [1, -1],
  integer: [0, 1, 2],
  unit: [1, 0.75, 0.5],
};

/** 1, or what is nearest to it in the domain. */
const plainNumber = ({ node: { range } }: LoweredInput): number => Math.max(range.lo, Math.min(range.hi, 1));

/** Data: what a choice says; rows that differ from each other where there are several numbers, 1 where there is one. */
function heldData(
  { data, together }: Subject,
  room: Room,
  choice: Choice,
  spread: number,
): ReadonlyMap<string, readonly Entry[]> {
  const simplexes = data.filter(({ domain }) => DOMAINS[domain].simplex);
  return new Map(
    data.map((input): [string, readonly Entry[]] => {
      const chosen = choice.get(input.name);
      const isRow = input.axes.length > 0 || together;
      const nth = simplexes.indexOf(input);
      return [
        input.name,
        entriesOf(input, room, (place, position) => {
          if (nth >= 0)
            return held(
              Number(
                place[1 + input.axes.indexOf(input.simplexAxis!)] ===
                  nth % room.world.sizes[input.simplexAxis!]!,
              ),
            );
          if (chosen !== undefined && input.axes.length === 0) return held(chosen);
          return held(isRow ? ramp(input, position, sizeOf(room, input), spread) : plainNumber(input));
        }),
      ];
    }),
  );
}

/** Numbers that differ: 1, 2, 3, ... or around 0 where they may be negative. */
function ramp({ domain, node: { range } }: LoweredInput, position: number, size: number, spread = 1): number {
  if (domain === 'binary' || domain === 'sign') return 1;
  if (domain === 'integer') return position % 2;
  if (range.hi < Number.POSITIVE_INFINITY)
    return range.lo + ((range.hi - range.lo) * (2 * position + 1)) / (2 * size);
  return range.lo < 0 ? spread * (position - (size - 1) / 2) : position + 1;
}

/** The class or bin that gets `x` of a distribution. */
const favoured = ({ world }: Room, input: LoweredInput): number =>
  world.sizes[input.simplexAxis!]! > 2 ? 1 : 0;

const allMoved = (input: LoweredInput, room: Room): readonly Entry[] => {
  if (!DOMAINS[input.domain].simplex) return entriesOf(input, room, () => moved());
  const along = 1 + input.axes.indexOf(input.simplexAxis!);
  const [own, count] = [favoured(room, input), room.world.sizes[input.simplexAxis!]!];
  return entriesOf(input, room, (place) => (place[along] === own ? moved() : rest(count - 1)));
};

/** Other predictions, at rest; centers of components, which weights share, differ. */
function othersHeld(
  predictions: readonly LoweredInput[],
  one: LoweredInput,
  room: Room,
): readonly (readonly [string, readonly Entry[]])[] {
  const shared = predictions.flatMap(({ simplexAxis }) => simplexAxis ?? []);
  return predictions
    .filter((input) => input !== one)
    .map((input) => [
      input.name,
      entriesOf(input, room, (_, position) => {
        if (DOMAINS[input.domain].simplex) return uniform(room.world.sizes[input.simplexAxis!]!);
        const isShared = input.axes.some((axis) => shared.includes(axis)) && input.domain === 'real';
        return held(isShared ? ramp(input, position, sizeOf(room, input)) : restOf(input));
      }),
    ]);
}

/** Where a prediction rests: 0, 1 for a size, the middle of what is bounded. */
function restOf({ node: { range } }: LoweredInput): number {
  if (Number.isFinite(range.lo) && Number.isFinite(range.hi)) return (range.lo + range.hi) / 2;
  return range.lo >= 0 ? 1 : 0;
}

function oneMoved(
  subject: Subject,
  prediction: LoweredInput,
  room: Room,
  which: number,
  spread: number,
): Path {
  const { target, loss } = subject;
  const axes = prediction.axes.map((axis) => loss.graph.axes.get(axis));
  // Numbers along an axis of fixed length mean different things; others are held where the target is.
  const isExact =
    target?.domain === 'real' &&
    target.axes.length === 0 &&
    !subject.together &&
    axes.every(({ size }) => size === undefined);
  const at = isExact ? plainNumber(target) : restOf(prediction);
  return {
    note: `${placeName(prediction, loss)} ${which}${settingOf(subject, prediction, which)}`,
    ...reachOf(prediction),
    inputs: new Map([
      ...heldData(subject, room, new Map(), spread),
      [
        prediction.name,
        entriesOf(prediction, room, (_, position) => (position === which ? moved() : held(at))),
      ],
    ]),
  };
}

/** The number of a parameter that belongs to an entry of a row, such as the level of a quantile. */
function settingOf({ loss }: Subject, { axes }: LoweredInput, which: number): string {
  const own = loss.parameters.find((parameter) => axes.length === 1 && parameter.axes.join() === axes.join());
  const value = typeof own?.default === 'object' ? own.default[which] : undefined;
  return typeof value === 'number' ? `, ${own!.name} ${figure(value)}` : '';
}
