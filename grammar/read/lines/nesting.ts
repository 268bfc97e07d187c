import type { IToken, TokenType } from 'chevrotain';
import * as t from '../tokens/tokens.js';

/** Each opening bracket and what closes it. */
export const CLOSER_OF: ReadonlyMap<TokenType, TokenType> = new Map([
  [t.LeftParen, t.RightParen],
  [t.LeftSquare, t.RightSquare],
  [t.LeftCurly, t.RightCurly],
]);
export const CLOSERS: ReadonlySet<TokenType> = new Set(CLOSER_OF.values());

/** Tokens that leave a run of signs and `^` open. */
const IN_CHAIN = new Set<TokenType>([
  ...[t.Name, t.DottedName, t.NumberLiteral, t.Hole, t.Not, t.Caret],
  ...[...CLOSER_OF.keys(), ...CLOSERS],
]);

interface Frame {
  /** The bracket that opened it; none at the outermost level. */
  readonly open: IToken | undefined;
  /** `then`s without their `else` so far. */
  thens: number;
  /** Signs, `not`s and `^` in a row. */
  chain: number;
}

/** How deep a place in a declaration is nested: in brackets, `then`, signs and `^`. */
export class Nesting {
  private readonly frames: Frame[] = [{ open: undefined, thens: 0, chain: 0 }];
  private total = 0;
  private rounds = 0;

  /** Everything that is open, counted. */
  get depth(): number {
    return this.total;
  }

  /** Open brackets. */
  get brackets(): number {
    return this.frames.length - 1;
  }

  /** Inside ( ) or [ ], where newlines mean nothing? */
  get isInline(): boolean {
    return this.rounds > 0;
  }

  /** The innermost open bracket. */
  get innermost(): IToken | undefined {
    return this.frames.at(-1)!.open;
  }

  /** Is a bracket open that this closes? */
  canClose(closer: TokenType): boolean {
    return this.frames.some(({ open }) => open !== undefined && CLOSER_OF.get(open.tokenType) === closer);
  }

  open(bracket: IToken): void {
    this.frames.push({ open: bracket, thens: 0, chain: 0 });
    this.total += 1;
    if (bracket.tokenType !== t.LeftCurly) this.rounds += 1;
  }

  /** Closes the innermost bracket. */
  close(): void {
    const frame = this.frames.pop()!;
    this.total -= 1 + frame.thens + frame.chain;
    if (frame.open?.tokenType !== t.LeftCurly) this.rounds -= 1;
  }

  /** Counts a token that is no bracket; `isSign` tells a minus in front of a value from one between two. */
  count(type: TokenType, isSign: boolean): void {
    const frame = this.frames.at(-1)!;
    if (!isSign && !IN_CHAIN.has(type)) this.endChain(frame);
    if (isSign || type === t.Caret) {
      frame.chain += 1;
      this.total += 1;
    } else if (type === t.Then) {
      frame.thens += 1;
      this.total += 1;
    } else if (type === t.Else && frame.thens > 0) {
      frame.thens -= 1;
      this.total -= 1;
    }
  }

  endStatement(): void {
    const frame = this.frames.at(-1)!;
    this.endChain(frame);
    this.total -= frame.thens;
    frame.thens = 0;
  }

  private endChain(frame: Frame): void {
    this.total -= frame.chain;
    frame.chain = 0;
  }
}
