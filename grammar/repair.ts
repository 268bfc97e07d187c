import type { IToken, TokenType } from 'chevrotain';
import type { Span } from './ast.js';
import { createTokenInstance } from './chevrotain.js';
import type { Diagnostic } from './diagnostic.js';
import { invariant } from './invariant.js';
import * as message from './messages.js';
import * as t from './tokens.js';

/** Where diagnostics go as they are found. */
export type Report = (diagnostic: Diagnostic) => void;

/** Numbers longer than this are a mistake or an attack: 17 digits tell any two numbers apart. */
const MAX_NUMBER_LENGTH = 100;

/** What the operators of other languages stand for here. */
const MEANT: Readonly<Record<string, TokenType>> = {
  '&': t.And,
  '&&': t.And,
  '|': t.Or,
  '||': t.Or,
  '!': t.Not,
  '**': t.Caret,
  '===': t.EqualEqual,
  '!==': t.NotEqual,
  '<>': t.NotEqual,
  ':=': t.Equals,
  '\u2264': t.LessEqual,
  '\u2265': t.GreaterEqual,
  '\u2260': t.NotEqual,
  '\u2212': t.Minus,
  '\u00d7': t.Star,
  '\u00b7': t.Star,
  '\u00f7': t.Slash,
};

/** The offset behind a token. The lexer gives none: only tokens that a repair changed or put in have their own. */
export function endOf(token: IToken): number {
  return token.endOffset === undefined ? token.startOffset + token.image.length : token.endOffset + 1;
}

export function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: endOf(token) };
}

/** A token that is not in the text, at an offset; with an image, one that is there and that the lexer did not take. */
export function insertedToken(type: TokenType, offset: number, image = ''): IToken {
  const shown = typeof type.PATTERN === 'string' ? type.PATTERN : image;
  const end = offset + image.length - 1;
  return createTokenInstance(type, shown, offset, end, Number.NaN, Number.NaN, Number.NaN, Number.NaN);
}

/** Makes a token one of another type, in the same place. */
export function retype(token: IToken, type: TokenType): void {
  token.endOffset = endOf(token) - 1;
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx!;
  if (typeof type.PATTERN === 'string') token.image = type.PATTERN;
}

/**
 * Reports what other languages write and turns it into what it stands for. False if the token is to be left out.
 */
export function repairForeign(token: IToken, report: Report): boolean {
  const span = spanOf(token);
  switch (token.tokenType) {
    case t.HashComment:
      report(message.hashComment({ start: span.start, end: span.start + 1 }));
      return false;
    case t.BlockComment:
      report(
        message.blockComment(token.image.length > 3 && token.image.endsWith('*/'), {
          start: span.start,
          end: span.start + 2,
        }),
      );
      return false;
    case t.ForeignOperator: {
      const meant = MEANT[token.image];
      invariant(meant !== undefined, `no meaning for ${token.image}`);
      report(message.foreignOperator(token.image, String(meant.PATTERN), span));
      retype(token, meant);
      return true;
    }
    case t.BadText: {
      const closed = token.image.length > 1 && token.image.endsWith(token.image[0]!);
      if (!closed) report(message.unclosedString(span));
      else if (token.image.startsWith("'")) report(message.singleQuotes(span));
      else report(message.backslashInString(span));
      retype(token, t.Text);
      return true;
    }
    case t.NumberLiteral:
      checkNumber(token, report);
      return true;
    default:
      return true;
  }
}

function checkNumber(token: IToken, report: Report): void {
  const { image } = token;
  if (image.length > MAX_NUMBER_LENGTH) {
    report(message.numberTooLong(image.length, MAX_NUMBER_LENGTH, spanOf(token)));
    return;
  }
  const value = Number(image);
  if (value === Number.POSITIVE_INFINITY) report(message.numberTooLarge(spanOf(token)));
  else if (value === 0 && /[1-9]/.test(image.replace(/[eE].*/, '')))
    report(message.numberTooSmall(spanOf(token)));
}
