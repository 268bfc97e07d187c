/** The corpus as it is stored (make_corpus.py says how), and judging numbers by it. */
import { readFileSync } from 'node:fs';
import { type CompiledLoss, compileLoss } from '../../compiler/compile.js';
import type { NumberArray } from '../../compiler/evaluate/bind.js';
import { arrayOf } from '../../compiler/evaluate/bind.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { findFunction } from '../../compiler/resolve/functions.js';
import { loadProgram, lossesOf, type Program } from '../../compiler/resolve/program.js';

/** A number to 17 digits; a text where float32 does not hold it. */
export type Stored = number | string;
type StoredTree = Stored | readonly StoredTree[];

export interface Expression {
  readonly name: string;
  readonly kind: string;
  /** Functions that the language did not have when the corpus was made. */
  readonly needs?: readonly string[];
  /** Whether the loss is compiled to take logits. */
  readonly logits?: true;
  readonly loss: string;
  /** The points in a row, by input. */
  readonly inputs: Readonly<Record<string, ParameterValue>>;
  readonly value: readonly Stored[];
  readonly gradient: Readonly<Record<string, StoredTree>>;
}

const read = (file: string): readonly Expression[] =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Expression);

/** Every expression that the language can say today. */
export function corpus(): readonly Expression[] {
  const sayable = ({ needs }: Expression): boolean =>
    needs!.every((name) => findFunction(name) !== undefined);
  return [...read('corpus.jsonl'), ...read('needed.jsonl').filter(sayable)];
}

export const programOf = ({ name, loss }: Expression): Program =>
  loadProgram({ name: `${name}.loss`, text: `${loss}\n` });

export function compiled(expression: Expression): CompiledLoss {
  const program = programOf(expression);
  return compileLoss(program, lossesOf(program)[0]!, { fromLogits: expression.logits === true });
}

/** The inputs of all points as one batch: the float32 numbers nearest to what is written. */
export const inputsOf = ({ inputs }: Expression): ReadonlyMap<string, NumberArray> =>
  new Map(
    Object.entries(inputs).map(([name, rows]) => {
      const { shape, data } = arrayOf(rows);
      return [name, { shape, data: Float64Array.from(data, Math.fround) }];
    }),
  );

export const flatten = (tree: StoredTree): readonly Stored[] =>
  typeof tree === 'object' ? tree.flatMap(flatten) : [tree];

/** What a target gives for all points of an expression. */
export interface Found {
  readonly value: ArrayLike<number>;
  readonly gradient: Readonly<Record<string, ArrayLike<number>>>;
}

/** Relative to the right number itself, be it as small as it may. */
export const LIMIT = 1e-5;
/** What is exactly 0 may be so large. */
const ZERO = 1e-30;

/** How far a number is from the right one, in relation to it; infinite for what is no number. What float32 does not hold is not judged. */
function distance(found: number, right: Stored): number {
  if (typeof right === 'string') return 0;
  if (right === 0) return Math.abs(found) <= ZERO ? 0 : Number.POSITIVE_INFINITY;
  const off = Math.abs(found - right) / Math.abs(right);
  return Number.isNaN(off) ? Number.POSITIVE_INFINITY : off;
}

export interface Verdict {
  /** The largest relative error. */
  readonly off: number;
  /** Where it is, in words. */
  readonly where: string;
}

/** One number of an expression, of a point. */
export interface Place {
  /** The value, or the gradient of this input. */
  readonly of: 'value' | { readonly input: string };
  readonly index: number;
  readonly point: number;
}

/** How far each number is from the right one. */
export function distances(
  { value, gradient }: Expression,
  found: Found,
): readonly {
  readonly place: Place;
  readonly off: number;
  readonly found: number;
  readonly right: Stored;
}[] {
  const parts: readonly (readonly [Place['of'], readonly Stored[], ArrayLike<number>])[] = [
    ['value', value, found.value],
    ...Object.entries(gradient).map(
      ([input, tree]) => [{ input }, flatten(tree), found.gradient[input]!] as const,
    ),
  ];
  return parts.flatMap(([of, right, numbers]) =>
    right.map((number, index) => ({
      place: { of, index, point: Math.floor((index * value.length) / right.length) },
      off: distance(numbers[index]!, number),
      found: numbers[index]!,
      right: number,
    })),
  );
}

/** The worst number of an expression. */
export function judged(expression: Expression, found: Found): Verdict {
  let worst: Verdict = { off: 0, where: 'nowhere' };
  for (const { place, off, found: number, right } of distances(expression, found)) {
    const what = place.of === 'value' ? 'value' : `gradient of ${place.of.input}`;
    if (off > worst.off) worst = { off, where: `${what} at point ${place.point}: ${number} for ${right}` };
  }
  return worst;
}
