/** What searches and tunings of the public API are given: texts, seeds, and what all of them take. */
import { LossError, type Source } from '../../grammar/diagnostics/diagnostic.js';
import { collectSources } from '../evolve/losses/subject.js';
import { PRESETS } from '../evolve/model/settings.js';
import type { NamedSources } from '../evolve/model/sources.js';
import { type Expectation, listOf, oneOf, POSITIVE, TEXT, wholeFrom } from './demand.js';
import { importResolver, readLossFile } from './files.js';
import { SOURCE } from './kinds.js';
import { checkProgram, loadProgram, lossesOf, sketchesOf } from './programs.js';

/** A `.loss` text, a path that ends in `.loss`, `std/NAME` for a standard loss, or what `readLossFile` gives. */
export type LossSource = string | Source;

const isPlace = (text: string): boolean => /^std\/\w+$|^[^\n]+\.loss$/.test(text);

const LOSS_SOURCE: Expectation = {
  what: 'a text, a path that ends in .loss, "std/NAME" or { name, text }',
  holds: (value) => (typeof value === 'string' ? value.trim() !== '' : SOURCE.holds(value)),
};

const SEED: Expectation = {
  what: 'a text or a number',
  holds: (value) => typeof value === 'string' || Number.isFinite(value),
};

/** The options of `createSearch` and `evolve` about the search itself. */
export const SEARCH_EXPECTATIONS = {
  sketch: LOSS_SOURCE,
  losses: listOf(
    LOSS_SOURCE,
    'a list of losses, each a text, a path that ends in .loss, "std/NAME" or { name, text }',
  ),
  preset: oneOf(Object.keys(PRESETS)),
  population: wholeFrom(2),
  seed: SEED,
};

/** The options of `createTuning`. */
export const TUNING_EXPECTATIONS = {
  loss: LOSS_SOURCE,
  name: TEXT,
  start: {
    what: 'an object of numbers or lists of numbers, by the names of parameters',
    holds: (value: unknown) =>
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).every((one) => [one].flat().every(Number.isFinite)),
  },
  sigma: POSITIVE,
  population: wholeFrom(4),
  seed: SEED,
};

/** The one sketch of a text. Throws a LossError for mistakes in it. */
export function sketchOf(call: string, given: LossSource): NamedSources {
  const { sources, program } = opened(given, 'sketch.loss');
  const names = sketchesOf(program).map(({ name }) => name.name);
  const [name, second] = names;
  if (name === undefined)
    throw new TypeError(
      `${call}: ${sources.source.name} declares no sketch: "sketch NAME(…) = …" with a hole ? in it does`,
    );
  if (second !== undefined)
    throw new TypeError(
      `${call}: ${sources.source.name} has several sketches (${names.join(', ')}): leave one`,
    );
  return { sources, name };
}

/** The losses of a text, of which there is at least one. Throws a LossError for mistakes in it. */
export function lossesIn(call: string, given: LossSource): readonly Required<NamedSources>[] {
  const { sources, program } = opened(given, 'loss.loss');
  const losses = lossesOf(program).map(({ name }) => ({ sources, name: name.name }));
  if (losses.length === 0)
    throw new TypeError(`${call}: ${sources.source.name} declares no loss: "loss NAME(…) = …" does`);
  return losses;
}

/** A text that has no name imports what lies beside the working directory. */
function opened(given: LossSource, fallback: string) {
  const isText = typeof given === 'string' && !isPlace(given);
  const source =
    typeof given !== 'string' ? given : isText ? { name: fallback, text: given } : readLossFile(given);
  const program = loadProgram(source, importResolver(source.name));
  const errors = checkProgram(program).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new LossError(errors, source);
  return { sources: collectSources(source, importResolver(source.name)), program };
}
