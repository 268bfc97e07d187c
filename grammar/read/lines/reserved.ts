import type { IToken, TokenType } from 'chevrotain';
import * as t from '../tokens/tokens.js';

/** Where a reserved word was found. */
export interface WordPlace {
  /** The keyword of the declaration. */
  readonly keyword: TokenType | undefined;
  /** The token before; a word that begins a declaration is not asked about. */
  readonly before: TokenType;
  /** Does a value end there? */
  readonly afterValue: boolean;
  readonly next: IToken | undefined;
  readonly startsLine: boolean;
  /** Inside ( ) or [ ]? */
  readonly isInline: boolean;
  /** Behind the `with` of a sketch? */
  readonly inHoles: boolean;
}

/** The words that begin a declaration. */
export const DECLARATION_WORDS: ReadonlySet<TokenType> = new Set([t.Import, t.Loss, t.Fn, t.Sketch, t.Test]);
const RESERVED = new Set(t.RESERVED);

export function isReserved(token: IToken | undefined): boolean {
  return token !== undefined && RESERVED.has(token.tokenType);
}

/** Behind these stands a name. */
const BEFORE_NAME = new Set<TokenType>([t.Loss, t.Fn, t.Sketch, t.Test, t.Let, t.Data]);

/** Where each word can stand; the others (`let if then else and or not`) say enough by the parser's message. */
const FITS: ReadonlyMap<TokenType, (place: WordPlace) => boolean> = new Map([
  ...[...DECLARATION_WORDS].map((word): [TokenType, () => boolean] => [word, () => false]),
  [t.From, ({ before, keyword }: WordPlace) => before === t.RightCurly || keyword === t.Import],
  [t.With, ({ afterValue }: WordPlace) => afterValue],
  [t.Operators, ({ before }: WordPlace) => before === t.With],
  [t.Leaves, ({ inHoles }: WordPlace) => inHoles],
  [
    t.Data,
    ({ before, next }: WordPlace) =>
      (before === t.LeftParen || before === t.Comma) && (next?.tokenType === t.Name || isReserved(next)),
  ],
  [
    t.Where,
    ({ before, afterValue, isInline, startsLine }: WordPlace) =>
      before === t.Comma || (afterValue && (isInline || !startsLine)),
  ],
]);

/** Is a reserved word used where only a name can stand? */
export function isUsedAsName(type: TokenType, place: WordPlace): boolean {
  const isDeclared = place.isInline && place.next?.tokenType === t.Colon;
  if (BEFORE_NAME.has(place.before) || isDeclared) return true;
  return FITS.get(type)?.(place) === false;
}
