import type { CompiledLoss } from '../../compile.js';
import type { LoweredInput, ParameterValue } from '../../lower/lowered.js';
import { DOMAINS } from '../../resolve/domains.js';
import { fillerOf, type World } from '../probe/world.js';
import { type Entry, held, nestedText, uniform } from './entry.js';
import type { Stated } from './line.js';

/** What an input is held at when no view says otherwise. */
export function plainEntries(input: LoweredInput, { sizes }: World, items: number): readonly Entry[] {
  const values = [...fillerOf(input, sizes, items)];
  // The middle of -1 and 1 is no sign.
  if (input.domain === 'sign') return values.map(() => held(1));
  if (input.domain === 'onehot' || !DOMAINS[input.domain].simplex) return values.map(held);
  return values.map(() => uniform(sizes[input.simplexAxis!] ?? 1));
}

/** Texts of the entries of inputs that do not stand still or have a value of their own, by name. */
export type Texts = ReadonlyMap<string, readonly string[]>;

/** All that one has to give `lossc eval` for the value at an x. */
export function statedOf(
  { inputs, lowered }: Pick<CompiledLoss, 'inputs' | 'lowered'>,
  world: World,
  items: number,
  texts: Texts,
): readonly Stated[] {
  const given = inputs.map((input) => {
    const entries = texts.get(input.name) ?? plainEntries(input, world, items).map(({ text }) => text);
    return {
      name: input.name,
      text: nestedText(entries, [items, ...input.axes.map((axis) => world.sizes[axis]!)]),
    };
  });
  const settings = lowered.parameters
    .filter((parameter) => parameter.default === undefined)
    .map(({ name }) => ({ name, text: settingText(world.parameters.get(name)!) }));
  return [...given, ...settings];
}

const settingText = (value: ParameterValue): string =>
  typeof value === 'number' ? held(value).text : `[${value.map(settingText).join(', ')}]`;
