import type { EmittedFunction } from './emitted-function.js';
import type { LibraryFunction, OwnWord, Piece } from './library-function.js';
import { LIBRARY } from './library-texts.js';

type Library = typeof LIBRARY;
type Files = {
  readonly [F in Exclude<keyof Library, 'fused'>]: keyof Library[F];
}[Exclude<keyof Library, 'fused'>];

/** The functions that a module can carry along. */
export type HelperName = Files & string;

/** How items and batch of a loss hang together: each item has its value, items depend on each other, or the loss has one value for all. */
export type Form = 'itemwise' | 'coupled' | 'scalar';

/** Which of the functions with the same name a loss needs. */
export interface Variant {
  readonly form: Form;
  /** Whether labels say which items count. */
  readonly counted: boolean;
}

const DIFFERENTIABLE = {
  itemwise: LIBRARY['differentiable-itemwise'],
  coupled: LIBRARY['differentiable-coupled'],
  scalar: LIBRARY['differentiable-scalar'],
} as const satisfies { readonly [F in Form]: unknown };

type Helpers = Readonly<Record<HelperName, LibraryFunction>>;

/** Put together once: there are a hundred of them. */
const HELPERS = new Map<string, Helpers>();

/** All helpers for a loss, in the order in which they stand in its module. */
function helpersFor({ form, counted }: Variant): Helpers {
  const key = `${form} ${counted}`;
  const known = HELPERS.get(key);
  if (known !== undefined) return known;
  const helpers: Helpers = {
    ...DIFFERENTIABLE[form],
    ...LIBRARY.seeds,
    ...LIBRARY.runtime,
    ...LIBRARY.reductions,
    ...LIBRARY[counted ? 'reductions-counted' : 'reductions-plain'],
    ...LIBRARY.labels,
    ...LIBRARY['input-checks'],
    ...LIBRARY.operators,
    ...LIBRARY.special,
    ...LIBRARY['error-function'],
    ...LIBRARY.bessel,
    ...LIBRARY.axes,
    ...LIBRARY.slices,
    ...LIBRARY.kernel,
  };
  HELPERS.set(key, helpers);
  return helpers;
}

export const HELPER_NAMES = Object.keys(
  helpersFor({ form: 'itemwise', counted: false }),
) as readonly HelperName[];

/** What stands in helpers for what is a loss's own. */
export type Own = Readonly<Record<OwnWord, string>> & { readonly optionsType: string };

/** Helpers and what they call in turn, with what is the loss's own put in. */
export function helperFunctions(wanted: Iterable<HelperName>, variant: Variant, own: Own): EmittedFunction[] {
  const helpers = helpersFor(variant);
  const all = new Set<string>(wanted);
  for (const name of all) for (const used of helpers[name as HelperName].uses) all.add(used);
  return HELPER_NAMES.filter((name) => all.has(name)).map((name) => emitted(name, helpers[name], own));
}

function emitted(name: string, entry: LibraryFunction, own: Own): EmittedFunction {
  const text = (pieces: readonly Piece[]): string =>
    pieces.map((piece) => (typeof piece === 'string' ? piece : own[piece.own])).join('');
  const type = (given: string): string => (given === 'Options' ? own.optionsType : given);
  return {
    name,
    parameters: entry.parameters.map((parameter) => ({ ...parameter, type: type(parameter.type) })),
    returns: type(entry.returns),
    body: text(entry.body),
    ...(entry.typed !== undefined && { typedBody: text(entry.typed) }),
    doc: entry.doc,
    exported: false,
  };
}
