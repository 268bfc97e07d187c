/**
 * What to say to a word of another language or library: PyTorch, NumPy, JAX, TensorFlow, MATLAB, R, Julia, SymPy, Stan, or plain
 * mathematics. Spelling alone would lead from `cosh` to `cos`.
 */
export type Advice =
  /** To be written instead: an expression on values such as x and y, and on the axes `axis` and `other`. */
  | { readonly kind: 'write'; readonly text: string; readonly note?: string }
  /** A loss or function of the standard library, of the file of that name or of another. */
  | { readonly kind: 'standard'; readonly name: string; readonly file: string }
  /** There is nothing to write for it: why, and where to look. */
  | { readonly kind: 'say'; readonly text: string };

/** Words, with blanks between them, that mean the same; upper case and underscores do not count. */
export type Row = readonly [words: string, advice: Advice];

export const write = (text: string, note?: string): Advice => ({
  kind: 'write',
  text,
  ...(note !== undefined && { note }),
});
export const standard = (name: string, file = name): Advice => ({ kind: 'standard', name, file });
export const say = (text: string): Advice => ({ kind: 'say', text });

/** A word as the tables have it: `LogSigmoid`, `log_sigmoid` and `logsigmoid` are one. */
export const plainWord = (word: string): string => word.replaceAll('_', '').toLowerCase();

/** A table to look words up in; the first row that has a word counts. */
export function tableOf(rows: readonly Row[]): ReadonlyMap<string, Advice> {
  const table = new Map<string, Advice>();
  for (const [words, advice] of rows)
    for (const word of words.split(' ')) if (!table.has(word)) table.set(word, advice);
  return table;
}
