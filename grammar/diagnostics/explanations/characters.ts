import type { CHARACTER_CODES } from '../codes/characters.js';
import type { Explanation } from './explanation.js';

export const CHARACTER_EXPLANATIONS: { readonly [K in keyof typeof CHARACTER_CODES]: Explanation } = {
  unknownCharacter: {
    title: 'a character that is not part of the language',
    help: 'delete it, or write its name: names are made of the letters a to z, digits and _',
    see: 'words-numbers-comments',
  },
  primeInName: {
    title: "a name with `'` in it",
    help: 'give it a name of letters, such as `x_prime`',
    see: 'words-numbers-comments',
  },
  numberTooLarge: {
    title: 'a number that is too large',
    help: 'the largest is about 1.8e308',
    see: 'words-numbers-comments',
  },
  numberTooSmall: {
    title: 'a number that is so small that it rounds to 0',
    help: 'write 0, or at least 5e-324',
    see: 'words-numbers-comments',
  },
  numberTooLong: {
    title: 'a number of more than 100 characters',
    help: 'only about 17 digits are kept: write no more',
    see: 'words-numbers-comments',
  },
  malformedNumber: {
    title: 'something that begins like a number but is not one',
    help: 'write the digits without separators, with at most one point and one exponent',
    see: 'words-numbers-comments',
  },
  missingTimes: {
    title: 'a number in front of a name, such as `2x`',
    help: 'to multiply, write `2 * x`',
    see: 'expressions',
  },
  unclosedString: {
    title: 'a string that is not closed',
    help: 'strings end with `"` on the same line',
    see: 'words-numbers-comments',
  },
  singleQuotes: {
    title: 'a string in single or curly quotes',
    help: 'strings are written in straight double quotes',
    see: 'words-numbers-comments',
  },
  backslashInString: {
    title: 'a string with `\\` in it',
    help: 'paths are written with `/`',
    see: 'words-numbers-comments',
  },
  hashComment: {
    title: 'a comment that begins with `#`',
    help: 'comments begin with `//`',
    see: 'words-numbers-comments',
  },
  blockComment: {
    title: 'a comment between `/*` and `*/`',
    help: 'begin each line of it with `//`',
    see: 'words-numbers-comments',
  },
  foreignOperator: {
    title: 'an operator of another language: `&&`, `**`, `:=`, `≤`, `²` …',
    help: 'the message says what to write instead',
    see: 'expressions',
  },
  barsAround: { title: 'bars around a value: `|x|`', help: 'write `abs(x)`', see: 'functions' },
  factorial: {
    title: 'a factorial `!`',
    help: 'write `exp(lgamma(x + 1))`, and for its logarithm `lgamma(x + 1)`',
    see: 'functions',
  },
  reservedWord: {
    title: 'a reserved word as a name',
    help: 'choose another name, such as `data_`',
    see: 'words-numbers-comments',
  },
  bracketNotClosed: {
    title: 'a bracket that is not closed',
    help: 'close it where its contents end',
    see: 'expressions',
  },
  bracketClosesNothing: {
    title: 'a closing bracket without an opening one',
    help: 'leave it out, or add the opening bracket',
    see: 'expressions',
  },
  bracketMismatch: {
    title: 'a bracket that closes a different kind of bracket',
    help: 'close with the same kind that was opened',
    see: 'expressions',
  },
  fileTooLarge: {
    title: 'a file that is too large',
    help: 'split it into several files and import what they declare',
    see: 'limits',
  },
  nestedTooDeep: { title: 'nesting that is too deep', help: 'name a part with `let`', see: 'limits' },
  commentAsDivisor: {
    title: 'a comment that is only a number, as if `//` were division',
    help: 'division is written `/`, floor division `floor(x / y)`',
    see: 'words-numbers-comments',
  },
};
