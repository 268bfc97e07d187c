/** The keys in their rows; those that touch are beside or one row apart. */
const KEYS = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'] as const;
const PLACES = new Map(
  KEYS.flatMap((row, y) =>
    [...row].map((key, x): [string, readonly [number, number]] => [key, [x + y / 2, y]]),
  ),
);
/** In words of fewer letters one letter for another is another word, unless the keys touch. */
const SHORT = 5;

/** Could one key be hit for another? */
function areBeside(a: string, b: string): boolean {
  const [one, other] = [PLACES.get(a), PLACES.get(b)];
  if (one === undefined || other === undefined) return false;
  return Math.abs(one[0] - other[0]) <= 1 && Math.abs(one[1] - other[1]) <= 1;
}

const isDigit = (letter: string): boolean => letter >= '0' && letter <= '9';

/**
 * How many slips lead from a name to one that was written: letters swapped, left out, put in, or another in place of one. More than `limit`
 * where there are more, or where a difference is no slip: another digit, another word at the front.
 */
export function slips(written: string, known: string, limit: number): number {
  if (written === known) return 0;
  const most = Math.max(written.length, known.length);
  if (most < 3) return most === 2 && written === `${known[1]}${known[0]}` ? 1 : limit + 1;
  if (Math.min(written.length, known.length) < 2) return limit + 1;
  const count = distance(written, known, limit);
  return count > 1 && written[0] !== known[0] ? limit + 1 : count;
}

/** The cost of one letter for another: a slip, or too much. */
function replaced(a: string, b: string, isShort: boolean): number {
  if (isDigit(a) && isDigit(b)) return Number.POSITIVE_INFINITY;
  return !isShort || areBeside(a, b) ? 1 : Number.POSITIVE_INFINITY;
}

/** Damerau-Levenshtein distance with adjacent swaps, or more than `limit` when it is larger. */
function distance(written: string, known: string, limit: number): number {
  const isShort = Math.min(written.length, known.length) < SHORT;
  let before: number[] = [];
  let previous = Array.from({ length: known.length + 1 }, (_, j) => j);
  for (let i = 1; i <= written.length; i++) {
    const a = written[i - 1]!;
    // A digit too many is a name of its own: x1 is not x. Hit twice it is a slip.
    const extra = isDigit(a) && a !== written[i - 2] ? Number.POSITIVE_INFINITY : 1;
    const row = [previous[0]! + extra];
    for (let j = 1; j <= known.length; j++) {
      const b = known[j - 1]!;
      let best = Math.min(
        previous[j]! + extra,
        row[j - 1]! + 1,
        previous[j - 1]! + (a === b ? 0 : replaced(a, b, isShort)),
      );
      if (i > 1 && j > 1 && a === known[j - 2] && written[i - 2] === b)
        best = Math.min(best, before[j - 2]! + 1);
      row.push(best);
    }
    if (row.every((cost) => cost > limit)) return limit + 1;
    before = previous;
    previous = row;
  }
  return previous[known.length]!;
}
