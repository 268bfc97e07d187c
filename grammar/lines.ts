import type { IToken, TokenType } from 'chevrotain';
import type { Span } from './ast.js';
import * as message from './messages.js';
import { endOf, insertedToken, type Report, repairForeign, retype, spanOf } from './repair.js';
import * as t from './tokens.js';

/** Brackets, `then`, signs and `^` nest at most this deep, so that no later pass runs out of stack. */
export const MAX_DEPTH = 100;

/** The tokens of one declaration, with NewLine where a line ends a statement and BodyEnd where the body does. */
export interface Chunk {
  readonly tokens: IToken[];
  /** Offsets at which statements, inputs, parameters and entries begin: one parser error in each is enough. */
  readonly starts: number[];
  /** Parser errors in here only follow from a bracket that was reported already. */
  readonly quiet: Span[];
  /** Offsets of tokens that were left out: parser errors behind them, in the same statement, may follow from that. */
  readonly dropped: number[];
  /** Not parsed: reported already. */
  tooDeep: boolean;
  /** Where the `=` between signature and body is. */
  headEnd: number;
}

interface Frame {
  /** The bracket that opened it; none at the outermost level. */
  readonly open: IToken | undefined;
  /** `then`s without their `else` so far. */
  thens: number;
  /** Signs, `not`s and `^` in a row. */
  chain: number;
}

const DECLARATIONS = new Set<TokenType>([t.Import, t.Loss, t.Fn, t.Sketch, t.Test]);
/** Behind these a declaration, a `let` and `data` are followed by a name. */
const BEFORE_NAME = new Set<TokenType>([t.Loss, t.Fn, t.Sketch, t.Test, t.Let, t.Data]);
/** A line can end a statement behind these… */
const ENDS = new Set<TokenType>([t.Name, t.NumberLiteral, t.RightParen, t.RightSquare, t.Hole]);
/** …and a new one can begin with these. */
const BEGINS = new Set<TokenType>([
  ...[t.Name, t.NumberLiteral, t.LeftParen, t.Minus, t.Hole],
  ...[t.Let, t.If, t.Not],
]);
const OPENERS = new Map<TokenType, TokenType>([
  [t.LeftParen, t.RightParen],
  [t.LeftSquare, t.RightSquare],
  [t.LeftCurly, t.RightCurly],
]);
const CLOSERS = new Set(OPENERS.values());
const RESERVED = new Set(t.RESERVED);
/** Tokens that leave a run of signs and `^` open. */
const IN_CHAIN = new Set<TokenType>([
  ...[t.Name, t.NumberLiteral, t.Hole, t.Not, t.Caret],
  ...[...OPENERS.keys(), ...CLOSERS],
]);

/**
 * The line filter: one pass over the tokens that cuts them into declarations, puts in NewLine and BodyEnd, counts nesting,
 * pairs brackets, and reports and repairs what can be repaired on the spot, so that the parser sees the rest as it was meant.
 */
class LineFilter {
  readonly chunks: Chunk[] = [];
  private chunk: Chunk | undefined;
  private frames: Frame[] = [];
  private depth = 0;
  private rounds = 0;
  private last: IToken | undefined;
  private keyword: TokenType | undefined;
  private inHoles = false;
  private inOperators = false;
  private hasBodyEnd = false;
  private strays = false;
  private newLineAt: number;

  constructor(
    private readonly text: string,
    private readonly report: Report,
    private readonly isFile: boolean,
  ) {
    this.newLineAt = text.indexOf('\n');
    if (!isFile) this.open();
  }

  accept(token: IToken, next: IToken | undefined): void {
    if (!repairForeign(token, this.report)) return;
    const startsLine = this.startsLine(token);
    if (RESERVED.has(token.tokenType)) {
      if (this.startsDeclaration(token, next, startsLine)) {
        this.close();
        this.open(token);
        this.push(token);
        return;
      }
      this.repairReserved(token, next, startsLine);
    }
    if (this.chunk === undefined) {
      if (!this.strays) this.report(message.outsideDeclaration(message.quote(token.image), spanOf(token)));
      this.strays = true;
      this.last = token;
      return;
    }
    if (token.tokenType === t.Let && this.rounds > 0 && startsLine) this.closeBrackets(token.startOffset);
    if (this.repairBefore(token)) return;
    if (startsLine) this.newLine(token);
    if (token.tokenType === t.With && this.frames.length === 1) this.bodyEnd();
    if (token.tokenType === t.Equals && this.frames.length === 1 && this.chunk.headEnd < 0)
      this.chunk.headEnd = token.startOffset;
    this.countDepth(token);
    this.push(token);
    this.track(token);
  }

  finish(): Chunk[] {
    this.close();
    return this.chunks;
  }

  private startsLine(token: IToken): boolean {
    if (this.last === undefined) return true;
    const from = endOf(this.last);
    if (this.newLineAt >= 0 && this.newLineAt < from) this.newLineAt = this.text.indexOf('\n', from);
    return this.newLineAt >= 0 && this.newLineAt < token.startOffset;
  }

  private push(token: IToken): void {
    this.chunk!.tokens.push(token);
    this.last = token;
  }

  private open(keyword?: IToken): void {
    this.chunk = {
      tokens: [],
      starts: [keyword?.startOffset ?? 0],
      quiet: [],
      dropped: [],
      tooDeep: false,
      headEnd: -1,
    };
    this.chunks.push(this.chunk);
    this.frames = [{ open: undefined, thens: 0, chain: 0 }];
    this.depth = 0;
    this.rounds = 0;
    this.keyword = keyword?.tokenType;
    this.inHoles = false;
    this.inOperators = false;
    this.hasBodyEnd = !this.isFile || this.keyword === t.Import || this.keyword === t.Test;
    this.strays = false;
  }

  private close(): void {
    if (this.chunk === undefined) return;
    this.closeBrackets(this.last === undefined ? 0 : endOf(this.last));
    this.bodyEnd();
    this.chunk = undefined;
  }

  private bodyEnd(): void {
    if (this.hasBodyEnd) return;
    this.hasBodyEnd = true;
    const offset = endOf(this.last!);
    this.chunk!.tokens.push(insertedToken(t.BodyEnd, offset));
  }

  /** Does a declaration begin here, or is the word used as a name? */
  private startsDeclaration(token: IToken, next: IToken | undefined, startsLine: boolean): boolean {
    if (!this.isFile || !DECLARATIONS.has(token.tokenType)) return false;
    const named =
      next === undefined ||
      next.tokenType === (token.tokenType === t.Import ? t.LeftCurly : t.Name) ||
      RESERVED.has(next.tokenType);
    if (this.chunk === undefined) return true;
    if (startsLine) return named || next?.tokenType === t.LeftParen || next?.tokenType === t.LeftCurly;
    const complete = this.frames.length === 1 && this.last !== undefined && this.canEnd(this.last);
    return named && complete;
  }

  private canEnd(token: IToken): boolean {
    return ENDS.has(token.tokenType) || token.tokenType === t.RightCurly || token.tokenType === t.Text;
  }

  /** A reserved word where only a name can stand becomes one. */
  private repairReserved(token: IToken, next: IToken | undefined, startsLine: boolean): void {
    if (this.last === undefined || this.chunk === undefined) return;
    const type = token.tokenType;
    const before = this.last.tokenType;
    const afterValue = this.canEnd(this.last);
    const inSignature = this.rounds > 0 && next?.tokenType === t.Colon;
    let misused = BEFORE_NAME.has(before) || inSignature;
    if (DECLARATIONS.has(type)) misused = true;
    else if (type === t.From) misused ||= before !== t.RightCurly && this.keyword !== t.Import;
    else if (type === t.With) misused ||= !afterValue;
    else if (type === t.Operators) misused ||= before !== t.With;
    else if (type === t.Leaves) misused ||= !this.inHoles;
    else if (type === t.Data) {
      const named = next !== undefined && (next.tokenType === t.Name || RESERVED.has(next.tokenType));
      misused ||= !(named && (before === t.LeftParen || before === t.Comma));
    } else if (type === t.Where && before !== t.Comma && !(afterValue && (this.rounds > 0 || !startsLine))) {
      if (next?.tokenType === t.LeftParen && !misused) {
        this.report(message.whereCall(spanOf(token)));
        retype(token, t.Name);
      } else misused = true;
    }
    if (!misused) return;
    this.report(message.reservedWord(token.image, spanOf(token)));
    const { image } = token;
    retype(token, t.Name);
    token.image = image;
  }

  /** Commas and signs that are too many. True if the token is to be left out. */
  private repairBefore(token: IToken): boolean {
    const last = this.last;
    if (last === undefined) return false;
    const type = token.tokenType;
    if (last.tokenType === t.Comma && (CLOSERS.has(type) || type === t.Where || type === t.Semicolon)) {
      this.report(message.trailingComma(message.quote(token.image), spanOf(last)));
      this.chunk!.tokens.pop();
      this.last = this.chunk!.tokens.at(-1);
    }
    if (type === t.Plus && !this.inOperators && !this.canEnd(last)) {
      this.report(message.unaryPlus(spanOf(token)));
      return true;
    }
    if (last.tokenType === t.NumberLiteral && endOf(last) === token.startOffset) {
      const span = { start: last.startOffset, end: endOf(token) };
      if (type === t.NumberLiteral || (type === t.Name && /^e$/i.test(token.image))) {
        this.report(message.malformedNumber(last.image + token.image, span));
        return true;
      }
      if (type === t.Name) {
        this.report(message.missingTimes(last.image, token.image, span));
        this.chunk!.tokens.push(insertedToken(t.Star, token.startOffset));
      }
    }
    return false;
  }

  private newLine(token: IToken): void {
    const last = this.last;
    if (this.rounds > 0 || last === undefined) return;
    // A `let` that begins a line begins a statement, even where the one before it is broken.
    const isLet =
      token.tokenType === t.Let && last.startOffset > this.chunk!.headEnd && this.chunk!.headEnd >= 0;
    if (!isLet && !(ENDS.has(last.tokenType) && BEGINS.has(token.tokenType))) return;
    this.chunk!.tokens.push(insertedToken(t.NewLine, endOf(last)));
    this.chunk!.starts.push(token.startOffset);
    this.endChain();
    const frame = this.frames.at(-1)!;
    this.depth -= frame.thens;
    frame.thens = 0;
  }

  /** Keeps the stack of brackets and what depends on it. */
  private track(token: IToken): void {
    const type = token.tokenType;
    if (OPENERS.has(type)) {
      this.frames.push({ open: token, thens: 0, chain: 0 });
      if (type !== t.LeftCurly) this.rounds += 1;
    } else if (CLOSERS.has(type)) this.closeBracket(token);
    else if (type === t.With) this.inHoles = true;
    else if (type === t.Operators) this.inOperators = true;
    else if (type === t.Leaves) this.inOperators = false;
    else if (type === t.Let || ((type === t.Comma || type === t.Semicolon) && this.frames.length === 2))
      this.chunk!.starts.push(endOf(token));
  }

  private closeBracket(token: IToken): void {
    const wanted = token.tokenType;
    const fits = (frame: Frame): boolean =>
      frame.open !== undefined && OPENERS.get(frame.open.tokenType) === wanted;
    const frame = this.frames.at(-1)!;
    if (fits(frame)) {
      this.pop();
      return;
    }
    const tokens = this.chunk!.tokens;
    tokens.pop();
    if (this.frames.some(fits)) {
      // An inner bracket was left open: close it here.
      while (!fits(this.frames.at(-1)!)) this.closeInnermost(token.startOffset);
      this.pop();
      tokens.push(token);
    } else if (frame.open === undefined || wanted === t.RightCurly || frame.open.tokenType === t.LeftCurly) {
      this.chunk!.dropped.push(token.startOffset);
      if (!this.chunk!.tooDeep) this.report(message.bracketClosesNothing(token.image, spanOf(token)));
    } else {
      const open = frame.open;
      if (!this.chunk!.tooDeep)
        this.report(message.bracketMismatch(open.image, token.image, spanOf(open), spanOf(token)));
      retype(token, OPENERS.get(open.tokenType)!);
      tokens.push(token);
      this.pop();
    }
    this.last = token;
  }

  private closeBrackets(offset: number): void {
    if (this.frames.length === 1) return;
    const innermost = this.frames.at(-1)!.open!;
    if (!this.chunk!.tooDeep) this.report(message.bracketNotClosed(innermost.image, spanOf(innermost)));
    this.chunk!.quiet.push({ start: innermost.startOffset, end: offset });
    while (this.frames.length > 1) this.closeInnermost(offset, true);
  }

  private closeInnermost(offset: number, silent = false): void {
    const open = this.frames.at(-1)!.open!;
    if (!silent && !this.chunk!.tooDeep) {
      this.report(message.bracketNotClosed(open.image, spanOf(open)));
      this.chunk!.quiet.push({ start: open.startOffset, end: offset });
    }
    const closer = insertedToken(OPENERS.get(open.tokenType)!, offset);
    this.chunk!.tokens.push(closer);
    this.last = closer;
    this.pop();
  }

  private pop(): void {
    const frame = this.frames.pop()!;
    this.depth -= 1 + frame.thens + frame.chain;
    if (frame.open!.tokenType !== t.LeftCurly) this.rounds -= 1;
  }

  private endChain(): void {
    const frame = this.frames.at(-1)!;
    this.depth -= frame.chain;
    frame.chain = 0;
  }

  private countDepth(token: IToken): void {
    const type = token.tokenType;
    const frame = this.frames.at(-1)!;
    const sign = type === t.Not || (type === t.Minus && !(this.last !== undefined && this.canEnd(this.last)));
    if (!sign && !IN_CHAIN.has(type)) this.endChain();
    if (OPENERS.has(type)) this.depth += 1;
    else if (sign || type === t.Caret) {
      frame.chain += 1;
      this.depth += 1;
    } else if (type === t.Then) {
      frame.thens += 1;
      this.depth += 1;
    } else if (type === t.Else && frame.thens > 0) {
      frame.thens -= 1;
      this.depth -= 1;
    }
    if (this.depth > MAX_DEPTH && !this.chunk!.tooDeep) {
      this.chunk!.tooDeep = true;
      this.report(message.nestedTooDeep(MAX_DEPTH, spanOf(token)));
    }
  }
}

/** Cuts the tokens of a file into its declarations. */
export function splitFile(tokens: readonly IToken[], text: string, report: Report): Chunk[] {
  const filter = new LineFilter(text, report, true);
  for (const [index, token] of tokens.entries()) filter.accept(token, tokens[index + 1]);
  return filter.finish();
}

/** The tokens of a text that is one expression. */
export function expressionChunk(tokens: readonly IToken[], text: string, report: Report): Chunk {
  const filter = new LineFilter(text, report, false);
  for (const [index, token] of tokens.entries()) filter.accept(token, tokens[index + 1]);
  return filter.finish()[0]!;
}
