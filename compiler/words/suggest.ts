import { slips } from './slips.js';

/** Names for which the distance is worked out; of more, those are taken that share the longest beginning and end. */
const MOST_COMPARED = 40;
/** One slip in words up to this length; in longer ones one more for each as many letters. */
const LETTERS_PER_SLIP = 4;
/** By how many underscores two spellings of a name may differ. */
const UNDERSCORES = 3;
/** Longer names are written by programs. */
const LONGEST = 60;

/**
 * Names that a misspelt one may have meant, closest first; at most two. Only what a finger or a memory slips: letters in the wrong order,
 * left out, doubled or from the key beside, and upper case and underscores. Words of other languages are looked up before.
 */
export function suggestions(name: string, known: Iterable<string>): readonly string[] {
  const limit = Math.max(1, Math.floor(name.length / LETTERS_PER_SLIP));
  const written = plain(name);
  if (written.length < 2) return [];
  const names = [...known];
  const longer = onlyLonger(written, names);
  // Lengths as they are written, for there may be ten thousand names.
  const most = limit + UNDERSCORES;
  const fitting: string[] = [];
  for (const candidate of names)
    if (Math.abs(candidate.length - name.length) <= most && candidate.length <= LONGEST)
      fitting.push(candidate);
  const scored: { readonly known: string; readonly slips: number }[] = [];
  for (const candidate of likeliest(name, fitting)) {
    const count = slipsOf(written, plain(candidate), limit);
    if (count <= limit) scored.push({ known: candidate, slips: count });
  }
  scored.sort((a, b) => a.slips - b.slips || (a.known < b.known ? -1 : 1));
  return [...new Set([...longer, ...scored.map((entry) => entry.known)])].slice(0, 2);
}

/** The known name that begins with what was written, if that is half of it at least and there is no other. */
function onlyLonger(written: string, known: readonly string[]): readonly string[] {
  if (written.length < LETTERS_PER_SLIP) return [];
  const found: string[] = [];
  for (const candidate of known)
    if (candidate.length <= 2 * written.length && plain(candidate).startsWith(written)) found.push(candidate);
  return found.length === 1 ? found : [];
}

/** One and several of a thing differ by a slip: `class` and `classes`. */
function slipsOf(written: string, known: string, limit: number): number {
  const count = slips(written, known, limit);
  return count > limit && singular(written) === singular(known) ? limit : count;
}

const singular = (name: string): string =>
  name.length > 4 ? name.replace(/(?<=ss)es$|(?<=[^s])s$/, '') : name;

/** Upper case and underscores are not what tells two names apart. */
const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

/** Whether one name may be the other misspelt, or its plural; names of a letter or two are never alike. */
export const areAlike = (a: string, b: string): boolean =>
  Math.min(a.length, b.length) > 2 && (suggestions(a, [b]).length > 0 || suggestions(b, [a]).length > 0);

function likeliest(name: string, candidates: readonly string[]): readonly string[] {
  if (candidates.length <= MOST_COMPARED) return candidates;
  const byShared: string[][] = Array.from({ length: name.length + 1 }, () => []);
  for (const candidate of candidates) byShared[shared(name, candidate)]!.push(candidate);
  return byShared.reverse().flat().slice(0, MOST_COMPARED);
}

/** How many letters two names share at the beginning and, of the rest, at the end. */
function shared(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  let end = 0;
  while (start + end < most && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end++;
  return start + end;
}
