import type { LoweredInput, LoweredLoss } from '../../../lower/lowered.js';
import { type Entry, held } from '../entry.js';
import type { Along } from '../line.js';
import { type Path, type Room, roomOf } from '../path.js';

/** What a view is chosen by: the inputs of a loss, with their roles, domains and axes. */
export interface Subject {
  readonly loss: LoweredLoss;
  readonly data: readonly LoweredInput[];
  readonly predictions: readonly LoweredInput[];
  readonly target: LoweredInput | undefined;
  /** The only prediction of a loss that has one. */
  readonly prediction: LoweredInput | undefined;
  /** The items of a batch are one loss together. */
  readonly together: boolean;
}

/** Lines of a loss through the space of its inputs, over one axis of a picture. */
export interface Drawing {
  readonly along: Along;
  readonly axis?: string;
  readonly room: Room;
  readonly paths: readonly Path[];
}

/** The lines that show a loss of a kind; undefined for losses of another kind. */
export type View = (subject: Subject) => Drawing | undefined;

export function subjectOf(loss: LoweredLoss): Subject {
  const predictions = loss.inputs.filter((input) => !input.data);
  return {
    loss,
    data: loss.inputs.filter((input) => input.data),
    predictions,
    target: loss.inputs.find(({ role }) => role === 'target'),
    prediction: predictions.length === 1 ? predictions[0] : undefined,
    together: roomOf(loss, 2).together,
  };
}

/** How long axes are in a picture of inputs: short enough to be written down. */
export const entriesFor = ({ axes }: LoweredInput): number => (axes.length > 1 ? 2 : 4);

export const sameAxes = (one: LoweredInput, other: LoweredInput): boolean =>
  one.axes.join() === other.axes.join();

/** Where an entry of an input is: its item, then its place along each axis. */
export type Place = readonly number[];

/** The entries of an input in the whole batch, from their places. */
export function entriesOf(
  input: LoweredInput,
  { world, items }: Room,
  entryAt: (place: Place, position: number) => Entry,
): readonly Entry[] {
  const lengths = [items, ...input.axes.map((axis) => world.sizes[axis]!)];
  const size = lengths.reduce((a, b) => a * b, 1);
  return Array.from({ length: size }, (_, position) => {
    let remaining = position;
    const place = lengths.toReversed().map((length) => {
      const at = remaining % length;
      remaining = Math.floor(remaining / length);
      return at;
    });
    return entryAt(place.reverse(), position);
  });
}

/** Farthest that a number is moved where its domain goes on. */
const WIDEST = 4;
/** Nearest to an end of the domain: logarithms and quotients have poles there. */
const EDGE = 1e-3;

/** From where to where a number on the domain of an input is moved. */
export function reachOf({ node: { range } }: LoweredInput): { readonly from: number; readonly to: number } {
  return {
    from: range.lo <= -WIDEST ? -WIDEST : range.lo + EDGE,
    to: range.hi >= WIDEST ? WIDEST : range.hi - EDGE,
  };
}

/** 0, or what is nearest to it in the domain of an input. */
export const nearZero = ({ node: { range } }: LoweredInput): number =>
  Math.max(range.lo, Math.min(range.hi, 0));

export const allHeld = (values: readonly number[]): readonly Entry[] => values.map(held);
