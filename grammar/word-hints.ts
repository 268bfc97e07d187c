import { RESERVED } from './tokens.js';

/** Words of other languages, and what is written here. */
const FOREIGN_WORDS: Readonly<Record<string, string>> = {
  return: 'there is no `return`: the last line of a body is its value',
  const: 'a value is named with `let`',
  var: 'a value is named with `let`',
  def: 'a function is declared with `fn name(a, b) = …`',
  function: 'a function is declared with `fn name(a, b) = …`',
};

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

/** What a word that does not fit was likely meant to be. */
export function wordHint(word: string): string | undefined {
  if (Object.hasOwn(FOREIGN_WORDS, word)) return FOREIGN_WORDS[word];
  const meant = WORDS.find((one) => Math.abs(one.length - word.length) <= 1 && isSlip(word, one));
  return meant === undefined ? undefined : `did you mean \`${meant}\`?`;
}
