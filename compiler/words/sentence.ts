/** Numbers and lists as they stand in sentences. */

/** A figure for a sentence: four significant digits. */
export function figure(x: number): string {
  if (Number.isNaN(x)) return 'not a number';
  if (!Number.isFinite(x)) return x > 0 ? 'infinity' : 'minus infinity';
  const rounded = Number(x.toPrecision(4));
  const size = Math.abs(rounded);
  const text = size !== 0 && (size < 1e-4 || size >= 1e6) ? rounded.toExponential() : String(rounded);
  return text.replace('e+', 'e');
}

/** Several figures as a list of the language. */
export const figures = (xs: readonly number[]): string => `[${xs.map(figure).join(', ')}]`;

/** `3 classes`, `1 class`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** Names as a person lists them. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
