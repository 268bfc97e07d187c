import { RESERVED } from './tokens/tokens.js';

const NO_LOOPS =
  'there are no loops: operations apply to whole values, and `sum(e, axis)` runs along an axis';
const NO_TYPES = 'a value is named with `let`, and has no type';

/** Words of the syntax of other languages, and what is written here. */
const FOREIGN_WORDS: Readonly<Record<string, string>> = {
  return: 'there is no `return`: the last line of a body is its value',
  const: 'a value is named with `let`',
  var: 'a value is named with `let`',
  val: 'a value is named with `let`',
  auto: 'a value is named with `let`',
  mut: 'a value is named with `let`, and does not change',
  int: NO_TYPES,
  float: NO_TYPES,
  double: NO_TYPES,
  def: 'a function is declared with `fn name(a, b) = \u2026`',
  function: 'a function is declared with `fn name(a, b) = \u2026`',
  func: 'a function is declared with `fn name(a, b) = \u2026`',
  fun: 'a function is declared with `fn name(a, b) = \u2026`',
  procedure: 'a function is declared with `fn name(a, b) = \u2026`',
  lambda: 'a function is declared with `fn name(a, b) = \u2026`, outside the loss',
  for: NO_LOOPS,
  while: NO_LOOPS,
  foreach: NO_LOOPS,
  do: NO_LOOPS,
  in: 'there is no `in`: a `let` ends with its line, and the value is on the next line',
  begin: 'a body begins after `=` and has no `begin` and `end`',
  end: 'a body ends where the next declaration begins: there is no `end`',
  is: 'to compare, write `==`',
  elif: 'write `else if`',
  elseif: 'write `else if`',
  elsif: 'write `else if`',
  mod: 'a remainder is `mod(x, y)`',
  div: 'floor division is `floor(x / y)`',
  xor: 'write `a and not b or b and not a`',
  assert: 'values are compared in a `test`',
  using: 'write `import { name } from "std/name"`',
  include: 'write `import { name } from "./file.loss"`',
  require: 'write `import { name } from "./file.loss"`',
  use: 'write `import { name } from "std/name"`',
};

/** Words that only begin a declaration elsewhere: inside one they are names. */
const DECLARATIONS: ReadonlySet<string> = new Set(['class', 'struct', 'model', 'criterion', 'objective']);

const WORDS = RESERVED.map((type) => String(type.PATTERN)).filter((word) => word.length > 2);

/** Is one text the other with one letter changed, added, left out or swapped with the next? */
function isSlip(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  return (
    restA.slice(1) === restB.slice(1) ||
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    (restA.slice(2) === restB.slice(2) && restA[0] === restB[1] && restA[1] === restB[0])
  );
}

/** What is written for a word of another language. */
export function foreignWord(word: string): string | undefined {
  return Object.hasOwn(FOREIGN_WORDS, word) ? FOREIGN_WORDS[word] : undefined;
}

/** What a word that does not fit was likely meant to be. */
export function wordHint(word: string): string | undefined {
  const foreign = foreignWord(word);
  if (foreign !== undefined) return foreign;
  const meant = WORDS.find(
    (one) => one !== word && Math.abs(one.length - word.length) <= 1 && isSlip(word, one),
  );
  return meant === undefined ? undefined : `did you mean \`${meant}\`?`;
}

/** The same for a word that stands where a declaration begins. */
export const declarationHint = (word: string): string | undefined =>
  DECLARATIONS.has(word)
    ? 'a loss is declared with `loss name(target: real, prediction: real) = \u2026`'
    : wordHint(word);
