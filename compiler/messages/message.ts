import { codeRow, type MessageName } from '../../grammar/diagnostics/codes.js';
import type { Diagnostic, Fix, Note, Source } from '../../grammar/diagnostics/diagnostic.js';
import type { Span } from '../../grammar/tree/ast.js';
import { type Located, spanOf } from '../../grammar/tree/span.js';

/**
 * Every diagnostic of the checker is made by one function in this folder, so that wording lives in one place: L2xx in `names.ts`,
 * L3xx in `axes.ts`, L40x in `tests.ts`, L41x in `sketches.ts`, L5xx in `imports.ts`.
 */

/** Where a message points: a span, and the file when it is not the one being compiled. */
export interface Place {
  readonly span: Span;
  readonly source: Source;
  readonly notes?: readonly Note[];
}

/** The place of the first of some nodes that has one, in a text. */
export function placeIn(source: Source, ...nodes: readonly Located[]): Place {
  return { span: spanOf(...nodes), source };
}

/** A hint that is so exact that it can be carried out, in one of these ways. */
export interface Cure {
  readonly hint: string;
  readonly fixes: readonly Fix[];
}

/** The diagnostic that a row of the catalogue stands for, in the words for one place. */
export function message(name: MessageName, place: Place, text: string, cure?: string | Cure): Diagnostic {
  const { code, severity = 'error' } = codeRow(name);
  const { hint, fixes = [] } = typeof cure === 'object' ? cure : { hint: cure };
  return {
    code,
    severity,
    message: text,
    span: place.span,
    source: place.source,
    ...(hint !== undefined && { hint }),
    ...(fixes.length > 0 && { fixes }),
    ...(place.notes !== undefined && place.notes.length > 0 && { notes: place.notes }),
  };
}

/** `"a"`, `"a" and "b"`, `"a", "b" and "c"`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? quoted(names) : `${quoted(names.slice(0, -1))} and ${quoted(names.slice(-1))}`;
export const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
export const didYouMean = (close: readonly string[]): string | undefined =>
  close.length === 0 ? undefined : `did you mean ${close.map((name) => `"${name}"`).join(' or ')}?`;

/** The same of what stands at a place, which is all to be replaced by the name, or by what is made of it. */
export function meantAt(
  { span }: Pick<Place, 'span'>,
  close: readonly string[],
  textOf: (name: string) => string = (name) => name,
): Cure | undefined {
  const hint = didYouMean(close);
  if (hint === undefined) return undefined;
  return { hint, fixes: close.map((name) => ({ span, text: textOf(name), says: `write ${textOf(name)}` })) };
}
