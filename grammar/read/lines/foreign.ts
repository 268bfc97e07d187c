import type { IToken, TokenType } from 'chevrotain';
import * as message from '../../diagnostics/messages.js';
import { invariant } from '../../invariant.js';
import { insertedToken, type Report, retype, tokenSpan } from '../tokens/token.js';
import * as t from '../tokens/tokens.js';

/** Numbers longer than this are a mistake or an attack: 17 digits tell any two numbers apart. */
const MAX_NUMBER_LENGTH = 100;

/** What the operators of other languages, and signs of other alphabets, stand for here. */
const MEANT: Readonly<Record<string, TokenType>> = {
  '&': t.And,
  '&&': t.And,
  '\u2227': t.And,
  '|': t.Or,
  '||': t.Or,
  '\u2228': t.Or,
  '!': t.Not,
  '\u00ac': t.Not,
  '**': t.Caret,
  '===': t.EqualEqual,
  '!==': t.NotEqual,
  '<>': t.NotEqual,
  ':=': t.Equals,
  '\u2264': t.LessEqual,
  '\u2265': t.GreaterEqual,
  '\u2260': t.NotEqual,
  '\u2212': t.Minus,
  '\u2013': t.Minus,
  '\u2014': t.Minus,
  '\u00d7': t.Star,
  '\u00b7': t.Star,
  '\u2217': t.Star,
  '\u22c5': t.Star,
  '\u2022': t.Star,
  '\u00f7': t.Slash,
  '\u2215': t.Slash,
  '\u2044': t.Slash,
  '\u2026': t.Dots,
  '\uff08': t.LeftParen,
  '\uff09': t.RightParen,
  '\uff3b': t.LeftSquare,
  '\uff3d': t.RightSquare,
  '\uff0c': t.Comma,
  '\uff1b': t.Semicolon,
  '\uff1a': t.Colon,
  '\uff1d': t.Equals,
  '\uff0b': t.Plus,
  '\uff0d': t.Minus,
  '\uff0a': t.Star,
  '\uff0f': t.Slash,
};

/** What a repair has to know of the place of a token. */
export interface ForeignPlace {
  readonly report: Report;
  /** Kinds of mistakes that were reported in this declaration, for which one word is enough. */
  readonly said: Set<string>;
  readonly isImport: boolean;
  /** Does a value end in front of it, and none begin behind it? */
  readonly isPostfix: boolean;
}

/** Signs as wide as a Chinese letter: who types one types all of them so. */
const isWide = (image: string): boolean => image >= '\uff01' && image <= '\uff5e';

/** Reports what other languages write, and gives what it stands for: none where it is to be left out. */
export function repairForeign(token: IToken, place: ForeignPlace): readonly IToken[] {
  const { report, said } = place;
  const span = tokenSpan(token);
  switch (token.tokenType) {
    case t.HashComment:
      report(message.hashComment({ start: span.start, end: span.start + 1 }));
      return [];
    case t.BlockComment:
      report(
        message.blockComment(token.image.length > 3 && token.image.endsWith('*/'), {
          start: span.start,
          end: span.start + 2,
        }),
      );
      return [];
    case t.ForeignOperator: {
      if (token.image === '!' && place.isPostfix) {
        report(message.factorial(span));
        return [];
      }
      const meant = MEANT[token.image];
      invariant(meant !== undefined, `no meaning for ${token.image}`);
      const kind = isWide(token.image) ? 'wide' : '';
      if (kind === '' || !said.has(kind))
        report(message.foreignOperator(token.image, String(meant.PATTERN), span));
      said.add(kind);
      retype(token, meant);
      return [token];
    }
    case t.Superscript:
      return power(token, report);
    case t.BadText:
      repairText(token, place);
      return [token];
    case t.NumberLiteral:
      checkNumber(token, report);
      return [token];
    default:
      return [token];
  }
}

/** `x\u00b2` as `x^2`. */
function power(token: IToken, report: Report): readonly IToken[] {
  const digits = '\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079';
  const number = [...token.image.replace('\u207b', '')].map((digit) => digits.indexOf(digit)).join('');
  const isNegative = token.image.startsWith('\u207b');
  report(message.foreignOperator(token.image, `^${isNegative ? '-' : ''}${number}`, tokenSpan(token)));
  const at = token.startOffset;
  const sign = isNegative ? [insertedToken(t.Minus, at)] : [];
  return [
    insertedToken(t.Caret, at),
    ...sign,
    insertedToken(t.NumberLiteral, at, number, token.image.length),
  ];
}

function repairText(token: IToken, { report, isImport }: ForeignPlace): void {
  const span = tokenSpan(token);
  const [first] = token.image;
  const last = token.image.at(-1)!;
  const isClosed = token.image.length > 1 && /["'\u201c\u201d\u2018\u2019]/.test(last);
  if (!isClosed) report(message.unclosedString(span));
  else if (first === '"' && last === '"') report(message.backslashInString(span));
  else if (isImport) report(message.singleQuotes(span));
  retype(token, t.Text);
}

function checkNumber(token: IToken, report: Report): void {
  const { image } = token;
  if (image.length > MAX_NUMBER_LENGTH) {
    report(message.numberTooLong(image.length, MAX_NUMBER_LENGTH, tokenSpan(token)));
    return;
  }
  const value = Number(image);
  if (value === Number.POSITIVE_INFINITY) report(message.numberTooLarge(tokenSpan(token)));
  else if (value === 0 && /[1-9]/.test(image.replace(/[eE].*/, '')))
    report(message.numberTooSmall(tokenSpan(token)));
}
