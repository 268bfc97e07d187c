import type { IToken, TokenType } from 'chevrotain';
import * as message from '../../diagnostics/messages.js';
import { endOf, insertedToken, type Report, retype, tokenSpan } from '../tokens/token.js';
import * as t from '../tokens/tokens.js';
import type { Chunk } from './chunk.js';
import { CLOSERS } from './nesting.js';
import { DECLARATION_WORDS } from './reserved.js';

/** What a repair has to know of the place of a token. */
export interface StatementPlace {
  readonly chunk: Chunk;
  readonly keyword: TokenType | undefined;
  readonly last: IToken | undefined;
  readonly next: IToken | undefined;
  readonly brackets: number;
  /** In front of the `=` of a body? */
  readonly isHead: boolean;
  /** Does a value end in front of it? */
  readonly isComplete: boolean;
  /** Kinds of mistakes that were reported in this declaration: one of each is enough. */
  readonly said: Set<string>;
  readonly text: string;
  readonly report: Report;
}

/** A token is kept, is left out, is dropped from a statement that goes on, or is to be replaced by one that ends the statement. */
export type Repaired = 'kept' | 'left out' | 'dropped' | IToken;

/** What stands between signature and body in other languages. */
const BODY_ELSEWHERE = new Set<TokenType>([t.LeftCurly, t.Colon, t.Minus]);
/** What a test compares, and gives no value. */
const COMPARED: ReadonlySet<string> = new Set(['value', 'gradient']);

/** Reports what ends, names or changes a statement in other languages, and makes of it what it stands for. */
export function repairStatement(token: IToken, place: StatementPlace): Repaired {
  const { chunk, last, report } = place;
  switch (token.tokenType) {
    case t.Semicolon:
      return semicolon(token, place);
    case t.Colon:
      if (place.keyword === t.Test) return colonInTest(token, place);
      break;
    case t.Method:
      report(message.method(token.image.slice(1), tokenSpan(token)));
      chunk.dropped.push(token.startOffset);
      return 'dropped';
    case t.Reassignment:
      report(
        message.reassignment(last?.tokenType === t.Name ? last.image : 'x', token.image, tokenSpan(token)),
      );
      chunk.dropped.push(token.startOffset);
      return 'dropped';
    case t.Prime:
      return prime(token, place);
  }
  const isBehindHead = place.isHead && place.brackets === 0 && last?.tokenType === t.RightParen;
  if (isBehindHead && BODY_ELSEWHERE.has(token.tokenType)) {
    const isArrow = token.tokenType === t.Minus && place.next?.tokenType === t.Greater;
    report(message.bodyForm(isArrow ? '->' : token.image, String(place.keyword!.PATTERN), tokenSpan(token)));
    chunk.isUnread = true;
  }
  return 'kept';
}

/** `;` is a new line, or a comma in a test, unless one follows anyway. */
function semicolon(token: IToken, place: StatementPlace): Repaired {
  const { keyword, chunk, next, said } = place;
  const isTest = keyword === t.Test;
  const isBetween = place.brackets === (isTest ? 1 : 0);
  if (!isBetween || !(isTest || chunk.headEnd >= 0 || keyword === t.Import)) return 'kept';
  if (!said.has(';')) place.report(message.semicolon(isTest, tokenSpan(token)));
  said.add(';');
  if (next === undefined || !place.isComplete) return 'left out';
  const isLast = CLOSERS.has(next.tokenType) || DECLARATION_WORDS.has(next.tokenType);
  const isDoubled = next.tokenType === t.Semicolon;
  if (isLast || isDoubled || place.text.slice(endOf(token), next.startOffset).includes('\n'))
    return 'left out';
  return insertedToken(isTest ? t.Comma : t.NewLine, token.startOffset);
}

function colonInTest(token: IToken, { brackets, last, said, report }: StatementPlace): Repaired {
  if (brackets !== 1 || last?.tokenType !== t.Name) return 'kept';
  const meant = COMPARED.has(last.image) ? t.Tilde : t.Equals;
  if (!said.has(':')) report(message.colonInTest(last.image, String(meant.PATTERN), tokenSpan(token)));
  said.add(':');
  retype(token, meant);
  return 'kept';
}

/** `p'` becomes the name `p_prime`. */
function prime(token: IToken, { last, said, report }: StatementPlace): Repaired {
  if (last === undefined) return 'left out';
  if (!said.has(token.image)) report(message.primeInName(last.image, tokenSpan(token)));
  said.add(token.image);
  last.image += '_prime';
  last.endOffset = endOf(token) - 1;
  return 'left out';
}

/** Takes `()` off a name with dots, `nn.MSELoss()(a, b)`: what has to be said of it is said of its name. */
export function dropEmptyCall(tokens: IToken[]): void {
  const [name, open, close] = tokens.slice(-3);
  if (name?.tokenType !== t.DottedName || open?.tokenType !== t.LeftParen) return;
  if (close?.tokenType === t.RightParen) tokens.splice(-2);
}
