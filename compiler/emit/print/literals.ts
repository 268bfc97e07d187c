/** Strings and numbers as JavaScript. */

/** A string as JavaScript, with single quotes where nothing needs escaping. */
export const stringText = (text: string): string =>
  /^[\w(), .+:-]*$/.test(text) ? `'${text}'` : JSON.stringify(text);

/** A number as JavaScript. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  // 10 ** -24 is 1.0000000000000001e-24: the last digit says nothing.
  const rounded = String(Number(value.toPrecision(15)));
  const exact = String(value);
  return (rounded.length + 6 < exact.length ? rounded : exact).replace('e+', 'e');
}
