/** Names for which the distance is worked out; of more, those are taken that share the longest beginning and end. */
const MOST_COMPARED = 40;

/** Names that a misspelt one may have meant, closest first; at most two. */
export function suggestions(name: string, known: Iterable<string>): readonly string[] {
  const limit = Math.max(1, Math.floor(name.length / 3));
  const fitting: string[] = [];
  for (const candidate of known)
    if (Math.abs(candidate.length - name.length) <= limit && candidate.length <= 60) fitting.push(candidate);
  const scored: { readonly known: string; readonly distance: number }[] = [];
  for (const candidate of likeliest(name, fitting)) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), limit);
    if (distance <= limit) scored.push({ known: candidate, distance });
  }
  scored.sort((a, b) => a.distance - b.distance || (a.known < b.known ? -1 : 1));
  return scored.slice(0, 2).map((entry) => entry.known);
}

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

/** Damerau-Levenshtein distance with adjacent swaps, or more than `limit` when it is larger. */
function editDistance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, before[j - 2]! + 1);
      row.push(best);
    }
    if (row.every((distance) => distance > limit)) return limit + 1;
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
