import { readFileSync } from 'node:fs';

/** Numbers in nested lists. */
export type Nested = number | readonly Nested[];

/** One point of a loss with numbers that were worked out in Python: see reference/make.py. */
export interface Case {
  readonly loss: string;
  readonly note: string;
  readonly source: 'torch' | 'formula';
  readonly inputs: Readonly<Record<string, Nested>>;
  readonly parameters: Readonly<Record<string, Nested>>;
  /** In the shape of the items; null where the loss reduces the batch itself. */
  readonly perItem: Nested | null;
  /** The mean over the items. */
  readonly value: number;
  /** Derivatives of that mean, by input or parameter. */
  readonly gradients: Readonly<Record<string, Nested>>;
}

export const CASES = JSON.parse(
  readFileSync(new URL('cases.json', import.meta.url), 'utf8'),
) as readonly Case[];

export const casesOf = (loss: string): readonly Case[] => CASES.filter((entry) => entry.loss === loss);

export const flat = (value: Nested): readonly number[] =>
  typeof value === 'number' ? [value] : value.flatMap((item) => flat(item));
