import type { IToken, TokenType } from 'chevrotain';
import * as t from '../../grammar/read/tokens/tokens.js';
import type { Random } from '../../src/random.js';

const ENDS = new Set<TokenType>([t.Name, t.NumberLiteral, t.RightParen, t.RightSquare, t.Hole]);
const BEGINS = new Set<TokenType>([
  t.Name,
  t.NumberLiteral,
  t.LeftParen,
  t.Minus,
  t.Hole,
  t.Let,
  t.If,
  t.Not,
]);

/**
 * A text of the language with other blanks, line breaks and comments between its tokens, everywhere the newline rule allows,
 * which is written here a second time, from the language contract.
 */
export function shaken(text: string, random: Random, { comments = true } = {}): string {
  const { tokens } = t.lexer.tokenize(text);
  const pieces: string[] = [];
  let depth = 0;
  let end = 0;
  for (const [index, token] of tokens.entries()) {
    pieces.push(gap(text.slice(end, token.startOffset), tokens[index - 1], token, depth));
    pieces.push(token.image);
    if (token.tokenType === t.LeftParen || token.tokenType === t.LeftSquare) depth += 1;
    if (token.tokenType === t.RightParen || token.tokenType === t.RightSquare) depth -= 1;
    end = token.startOffset + token.image.length;
  }
  pieces.push(text.slice(end));
  return pieces.join('');

  function gap(written: string, before: IToken | undefined, after: IToken, brackets: number): string {
    if (before === undefined || written.includes('//')) return written;
    const significant = ENDS.has(before.tokenType) && BEGINS.has(after.tokenType) && brackets === 0;
    const newLine = written.includes('\n');
    if (significant && !newLine) return random.pick([written, `${written} `]);
    const broken = comments
      ? random.pick([
          '\n',
          '\n\n\n   ',
          ' // beside\n',
          '\n  // own\n  ',
          '\n// left\n',
          ' // beside\r\n\n // own\n',
        ])
      : random.pick(['\n', '\n     ', ' \r\n']);
    if (significant) return broken;
    return random.pick([written, written, written, `${written} `, broken]);
  }
}
