/** Which axes the tensors of a formula have, from the numbers by which it names them. */
import type { Axis, Span } from '../../grammar/tree/ast.js';
import { refuse } from './refused.js';
import type { IndexedAxes } from './term.js';
import { axesOf, type Shape } from './value.js';

export interface Layout {
  /** Of every tensor that is no parameter. */
  readonly shape: Shape;
  /** Those that the domain of an input names; none where it takes any shape. */
  readonly axes: readonly Axis[] | undefined;
  /** Some inputs are taken to have one number per item, so that no axis by number may be that of the items. */
  readonly isGuess?: true;
  /** What was decided without being told. */
  readonly questions?: readonly string[];
}

const named = (name: string, many = false): Axis => ({ kind: 'axis', name: { name }, many });
const REST: Axis = { kind: 'rest' };

/** What a formula tells of its axes. */
export interface Clues {
  /** Every axis that it names by number. */
  readonly dims: ReadonlySet<number>;
  /** It makes all entries of an item one axis. */
  readonly flattens: boolean;
  /** Axes that it must have besides those that are named: one reduction after another takes the same number for two. */
  readonly hidden: number;
  /** It asks how many items there are. */
  readonly counts: boolean;
  /** It has probabilities or logits of classes. */
  readonly hasClasses: boolean;
  /** The axis of classes is number 1, whatever follows. */
  readonly classesFirst: boolean;
  /** No axis may be called as a value is. */
  readonly taken: ReadonlySet<string>;
}

export function layoutOf({ dims, flattens, hidden, counts, hasClasses, classesFirst, taken }: Clues): Layout {
  const free = (name: string): string => (taken.has(name) ? free(`${name}_axis`) : name);
  const main = free(hasClasses ? 'class' : 'feature');
  const all = [...dims];
  if (all.length === 0 && !counts && !flattens) return { shape: ['batch'], axes: undefined };
  if (all.every((dim) => dim === 0) || (flattens && all.every((dim) => Math.abs(dim) <= 1))) {
    const entry = free('entry');
    return {
      shape: ['batch', entry],
      axes: [named(entry, true)],
      questions: [
        `it distinguishes items from their entries, so its tensors are read as [batch, ${entry}, …] with at least one more axis: is that right?`,
      ],
    };
  }
  const most = Math.max(...all.map((dim) => (dim < 0 ? -dim : dim))) + hidden;
  if (all.every((dim) => dim < 0) && !counts) {
    const names = namesOf(most, main, false).map(free);
    return { shape: ['batch', ...names], axes: [REST, ...names.map((name) => named(name))] };
  }
  const count = Math.max(1, ...all.map((dim) => (dim < 0 ? -dim - 1 : dim))) + hidden;
  const names = namesOf(count, main, classesFirst).map(free);
  return {
    shape: ['batch', ...names],
    axes: names.map((name) => named(name)),
    questions: [`its tensors are read as [batch, ${names.join(', ')}], ${count + 1} axes: is that right?`],
  };
}

function namesOf(count: number, main: string, classesFirst: boolean): readonly string[] {
  if (count === 1) return [main];
  if (count === 2) return classesFirst ? ['class', 'position'] : ['row', 'column'];
  if (count === 3) return [classesFirst ? 'class' : 'channel', 'height', 'width'];
  return Array.from({ length: count }, (_, i) => `axis_${i + 1}`);
}

/** The axes of a formula that has letters for them. */
export const indexedLayout = ({ shape, questions }: IndexedAxes): Layout => ({
  shape,
  axes: namedAxes(shape),
  questions,
});

/** The axes of an item as a domain names them; none where it takes any shape. */
export function namedAxes(shape: Shape): readonly Axis[] | undefined {
  const own = axesOf(shape).filter((axis) => axis !== 'batch');
  return own.length === 0 ? undefined : own.map((one) => named(one));
}

/** Where a formula is about one item, its names are numbers, or vectors along one axis. */
export function itemLayout({
  hasVectors,
  hasClasses,
  taken,
}: Clues & { readonly hasVectors: boolean }): Layout {
  if (!hasVectors) return { shape: [], axes: undefined };
  const free = (name: string): string => (taken.has(name) ? free(`${name}_axis`) : name);
  const main = free(hasClasses ? 'class' : 'feature');
  return {
    shape: [main],
    axes: [named(main)],
    questions: [
      `it is read as the loss of one item, for which each name is a vector along ${main}: is that right?`,
    ],
  };
}

/** The place in a shape that a number names. */
export function placeOf(dim: number, shape: Shape, { axes, isGuess }: Layout, span: Span): number {
  const place = dim < 0 ? shape.length + dim : dim;
  if (place < 0 || place >= shape.length)
    refuse(span, `axis ${dim} is not one of [${shape.join(', ')}]`, 'count the batch as axis 0');
  if (shape[place] === 'batch' && isGuess === true) refuse(span, `axis ${dim} would be the batch axis`);
  if (shape[place] === 'batch' && axes?.[0]?.kind === 'rest')
    refuse(
      span,
      `axis ${dim} would be one of the leading axes, whose number is not known`,
      'reduce the rest with .mean() or .sum()',
    );
  return place;
}
