import type { IToken, TokenType } from 'chevrotain';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../tree/ast.js';
import { createTokenInstance } from './chevrotain.js';

/** Where diagnostics go as they are found. */
export type Report = (diagnostic: Diagnostic) => void;

/** The offset behind a token. The lexer gives none: only tokens that a repair changed or put in have their own. */
export function endOf(token: IToken): number {
  return token.endOffset === undefined ? token.startOffset + token.image.length : token.endOffset + 1;
}

export function tokenSpan(token: IToken): Span {
  return { start: token.startOffset, end: endOf(token) };
}

/** A token that is not in the text, at an offset; with a length, one that stands for so much of the text. */
export function insertedToken(type: TokenType, offset: number, image = '', length = image.length): IToken {
  const shown = typeof type.PATTERN === 'string' ? type.PATTERN : image;
  const end = offset + length - 1;
  return createTokenInstance(type, shown, offset, end, Number.NaN, Number.NaN, Number.NaN, Number.NaN);
}

/** Makes a token one of another type, in the same place. */
export function retype(token: IToken, type: TokenType): void {
  token.endOffset = endOf(token) - 1;
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx!;
  if (typeof type.PATTERN === 'string') token.image = type.PATTERN;
}
