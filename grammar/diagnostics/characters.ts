/** Characters that are no part of the language, and what is written for them. */
const WRITTEN: Readonly<Record<string, string>> = {
  '@': 'a product along an axis is `sum(a * b, axis)`',
  '%': 'a remainder is `mod(x, y)`, and 5 % is written `0.05`',
  $: 'names are made of the letters a to z, digits and _',
  '\\': 'write plain formulas, not LaTeX: `log(x)`, `a / b`, `x^2`; `lossc import` reads LaTeX',
  '`': 'names are written without quotes',
  '.': 'there are no attributes and no methods: write `log(x)`',
  '\u221a': 'write `sqrt(x)`',
  '\u221b': 'write `sign(x) * abs(x)^(1 / 3)`',
  '\u221e': 'write `infinity`',
  '\u2211': 'write `sum(e, axis)`',
  '\u220f': 'write `prod(e, axis)`',
  '\u2202': 'gradients are derived from the loss',
  '\u2207': 'gradients are derived from the loss',
  '\u222b': 'there is no integration',
  '\u2208': 'a domain follows `:`, as in `x: real`',
  '\u2216': 'there are no sets',
  '\u2016': 'import { norm } from "std/math", and write `norm(v, axis)`',
  '\u2225': 'import { norm } from "std/math", and write `norm(v, axis)`',
  '\u2299': 'write `a * b`',
  '\u2218': 'write `a * b`',
  '\u2297': 'write `a * rename(b, axis, other)`',
  '\u2248': 'in a test write `value ~ 1`',
  '\u2261': 'write `==`',
  '\u2192': 'write `if c then a else b`',
  '\u2190': 'a value is named with `let x = \u2026`',
  '\u00bd': 'write `1 / 2`',
  '\u00b0': 'write `x * pi / 180`',
  '\u22a4': 'write `rename(e, axis, other)`',
};
const INDEXED = '\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089';
const ROUNDING = '\u230a\u230b\u2308\u2309';
const WIDE_NUMBERS = /^[\uff10-\uff19]/;

/** What to write for a character that is no token. */
export function characterHint(text: string): string | undefined {
  const [first] = text;
  if (first === undefined) return undefined;
  if (Object.hasOwn(WRITTEN, first)) return WRITTEN[first];
  if (INDEXED.includes(first)) return `write \`x${INDEXED.indexOf(first)}\` for a name`;
  if (ROUNDING.includes(first)) return 'to round, write `floor(x)` or `round(x)`, which have slope 0';
  return WIDE_NUMBERS.test(text) ? 'write the digits 0 to 9' : undefined;
}

/** Letters that names are not made of here: a name all the same, in the eyes of who wrote it. */
export function isForeignName(text: string): boolean {
  return /^[\p{Letter}\p{Mark}]+$/u.test(text);
}

/** Characters that nobody sees: marks of direction and joining, soft hyphens, controls. */
export function invisibleName(text: string): string | undefined {
  const [first] = text;
  if (first === undefined || !/^[\p{Cf}\p{Cc}\p{Zl}\p{Zp}\p{Zs}]/u.test(first)) return undefined;
  return `U+${first.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

const GREEK = [
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu',
  'nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega',
]
  .join(' ')
  .split(' ');
const SMALL_ALPHA = 0x3b1;
const CAPITAL_ALPHA = 0x391;
/** Other shapes of Greek letters. */
const SHAPES: Readonly<Record<string, string>> = {
  '\u03d5': 'phi',
  '\u03f5': 'epsilon',
  '\u03d1': 'theta',
  '\u03f1': 'rho',
  '\u00b5': 'mu',
  '\u0177': 'y_hat',
  '\u2113': 'l',
};

/** Letters that names are not made of, in letters that they are made of; undefined where that is not known. */
export function latinOf(word: string): string | undefined {
  if (Object.hasOwn(SHAPES, word)) return SHAPES[word];
  if ([...word].length !== 1) return undefined;
  const code = word.charCodeAt(0);
  const small = GREEK[code - SMALL_ALPHA];
  const capital = GREEK[code - CAPITAL_ALPHA];
  return small ?? (capital === undefined ? undefined : `${capital[0]!.toUpperCase()}${capital.slice(1)}`);
}
