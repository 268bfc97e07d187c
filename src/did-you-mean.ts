import { suggestions } from '../compiler/words/suggest.js';

/** A hint for a name that is none of the known ones: what may have been meant, and then all that there is. */
export function didYouMean(written: string, known: readonly string[], all: string): string {
  const close = suggestions(written, known);
  return close.length > 0 ? `did you mean ${close.join(' or ')}? ${all}` : all;
}
