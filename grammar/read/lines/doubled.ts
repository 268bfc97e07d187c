import type { IToken, TokenType } from 'chevrotain';
import { quote } from '../../diagnostics/error.js';
import * as message from '../../diagnostics/messages.js';
import { endOf, insertedToken, type Report, tokenSpan } from '../tokens/token.js';
import * as t from '../tokens/tokens.js';
import type { Chunk } from './chunk.js';
import { CLOSERS } from './nesting.js';

/** In front of these a comma is one too many. */
const AFTER_LIST = new Set<TokenType>([...CLOSERS, t.Where, t.Semicolon]);

/** What has to be known of the place of a token. */
export interface DoubledPlace {
  readonly chunk: Chunk;
  readonly last: IToken | undefined;
  readonly inOperators: boolean;
  /** Does a value end in front of the token? */
  readonly isComplete: boolean;
  readonly report: Report;
}

/**
 * Commas, signs and numbers that are one too many: `left out` if the token is, `changed` if what is in front of it is, false where
 * nothing is.
 */
export function repairDoubled(token: IToken, place: DoubledPlace): 'left out' | 'changed' | false {
  const { chunk, last, report } = place;
  const type = token.tokenType;
  if (last === undefined) return false;
  let found: 'changed' | false = false;
  if (last.tokenType === t.Comma && AFTER_LIST.has(type)) {
    report(message.trailingComma(quote(token.image), tokenSpan(last)));
    chunk.tokens.pop();
    found = 'changed';
  }
  if (type === t.Plus && !place.inOperators && !place.isComplete) {
    report(message.unaryPlus(tokenSpan(token)));
    return 'left out';
  }
  if (last.tokenType !== t.NumberLiteral || endOf(last) !== token.startOffset) return found;
  const span = { start: last.startOffset, end: endOf(token) };
  // 1_000, 1.2.3 and 1e
  if (type === t.NumberLiteral || (type === t.Name && /^(?:e|_[\d_]+)$/i.test(token.image))) {
    report(message.malformedNumber(last.image + token.image, span));
    // `0..1` is no number that the rest could be read with.
    if (last.image.endsWith('.')) chunk.dropped.push(last.startOffset);
    return 'left out';
  }
  if (type !== t.Name) return found;
  report(message.missingTimes(last.image, token.image, span));
  chunk.tokens.push(insertedToken(t.Star, token.startOffset));
  return 'changed';
}
