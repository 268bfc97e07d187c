import type { IToken, TokenType } from 'chevrotain';
import { quote } from '../../diagnostics/error.js';
import * as message from '../../diagnostics/messages.js';
import { endOf, insertedToken, type Report, retype, tokenSpan } from '../tokens/token.js';
import * as t from '../tokens/tokens.js';
import { declarationHint } from '../word-hints.js';
import { type Chunk, emptyChunk } from './chunk.js';
import { type DoubledPlace, repairDoubled } from './doubled.js';
import { type ForeignPlace, repairForeign } from './foreign.js';
import { withoutBars, withoutForeignLines } from './foreign-lines.js';
import { CLOSER_OF, CLOSERS, Nesting } from './nesting.js';
import { DECLARATION_WORDS, isReserved, isUsedAsName } from './reserved.js';
import { dropEmptyCall, repairStatement, type StatementPlace } from './statements.js';

/** Brackets, `then`, signs and `^` nest at most this deep, so that no later pass runs out of stack. */
const MAX_DEPTH = 100;

/** A line can end a statement behind these… */
const ENDS = new Set<TokenType>([
  ...[t.Name, t.DottedName, t.NumberLiteral, t.RightParen, t.RightSquare, t.Hole],
]);
/** …and a new one can begin with these. */
const BEGINS = new Set<TokenType>([
  ...[t.Name, t.DottedName, t.NumberLiteral, t.LeftParen, t.Minus, t.Hole],
  ...[t.Let, t.If, t.Not],
]);
/** Behind these a declaration can end. */
const COMPLETE = new Set<TokenType>([...ENDS, t.RightCurly, t.Text]);
/** Words that begin a function in other languages. */
const FUNCTION_WORDS: ReadonlySet<string> = new Set(['def', 'function', 'func', 'fun', 'procedure']);

/**
 * The line filter: one pass over the tokens that cuts them into declarations, puts in NewLine and BodyEnd, counts nesting,
 * pairs brackets, and reports and repairs what can be repaired on the spot, so that the parser sees the rest as it was meant.
 */
class LineFilter {
  private readonly chunks: Chunk[] = [];
  private chunk: Chunk | undefined;
  private nesting = new Nesting();
  private keyword: TokenType | undefined;
  private last: IToken | undefined;
  /** Reserved words that this declaration uses as names: reported once each. */
  private namedSo = new Set<string>();
  /** What one word is enough for: kinds of repairs, in a declaration. */
  private said = new Set<string>();
  private inHoles = false;
  private inOperators = false;
  private needsBodyEnd = false;
  private hasStrays = false;
  /** Names that are not there because the text that declares or imports them is of another language. */
  readonly missing: string[] = [];
  private newLineAt: number;

  /** Without `isFile` the text is one expression. */
  constructor(
    private readonly text: string,
    private readonly report: Report,
    private readonly isFile: boolean,
  ) {
    this.newLineAt = text.indexOf('\n');
    if (!isFile) this.begin();
  }

  run(tokens: readonly IToken[]): Chunk[] {
    for (const [index, token] of tokens.entries()) {
      const next = tokens[index + 1];
      if (this.isFunctionElsewhere(token, next)) this.leave(token, next!);
      for (const repaired of repairForeign(token, this.placeOf(next))) this.accept(repaired, next);
    }
    this.end();
    return this.chunks;
  }

  private placeOf(next: IToken | undefined): ForeignPlace {
    const { said, reportHere: report } = this;
    const isOperand = next !== undefined && BEGINS.has(next.tokenType);
    return { said, report, isImport: this.keyword === t.Import, isPostfix: this.isComplete() && !isOperand };
  }

  /** Behind text that stands outside any declaration, which has been reported, nothing more is said until one begins. */
  private readonly reportHere: Report = (diagnostic) => {
    if (this.chunk !== undefined || !this.hasStrays) this.report(diagnostic);
  };

  /** `def f(x):` behind a declaration. */
  private isFunctionElsewhere(token: IToken, next: IToken | undefined): boolean {
    if (this.chunk === undefined || !FUNCTION_WORDS.has(token.image) || next?.tokenType !== t.Name)
      return false;
    return this.isFile && this.nesting.brackets === 0 && this.startsLine(token);
  }

  /** Ends the declaration in front of text that belongs to none. */
  private leave(token: IToken, name: IToken): void {
    this.end();
    this.chunk!.end = token.startOffset;
    this.chunk = undefined;
    this.nesting = new Nesting();
    this.hasStrays = false;
    this.missing.push(name.image);
  }

  private accept(token: IToken, next: IToken | undefined): void {
    const startsLine = this.startsLine(token);
    if (this.startsDeclaration(token, next, startsLine)) {
      this.end();
      if (this.chunk !== undefined) this.chunk.end = token.startOffset;
      this.begin(token);
      this.push(token);
    } else if (this.chunk === undefined) {
      if (!this.hasStrays)
        this.report(
          message.outsideDeclaration(quote(token.image), tokenSpan(token), this.strayHint(token, next)),
        );
      this.hasStrays = true;
      this.last = token;
    } else if (this.chunk.isUnread) {
      this.push(token);
    } else {
      this.acceptInside(token, next, startsLine, this.chunk);
    }
  }

  private strayHint({ image }: IToken, next: IToken | undefined): string | undefined {
    const isCall = next?.tokenType === t.LeftParen;
    return declarationHint(image) ?? (isCall ? 'a loss begins with `loss`, a function with `fn`' : undefined);
  }

  private acceptInside(token: IToken, next: IToken | undefined, startsLine: boolean, chunk: Chunk): void {
    this.repairReserved(token, next, startsLine);
    if (startsLine && token.tokenType === t.Let && this.nesting.isInline)
      this.closeBrackets(token.startOffset, chunk);
    if (this.repairPlace(token, next, chunk)) return;
    if (startsLine) this.newLine(token, next, chunk);
    const type = token.tokenType;
    const isOutside = this.nesting.brackets === 0;
    if (isOutside && type === t.With) this.endBody();
    if (isOutside && type === t.Equals && chunk.headEnd < 0) {
      chunk.headEnd = token.startOffset;
      chunk.starts.push(endOf(token));
    }
    const isSign = type === t.Not || (type === t.Minus && !this.isComplete());
    if (CLOSERS.has(type)) {
      this.closeBracket(token, chunk);
    } else {
      this.nesting.count(type, isSign);
      if (CLOSER_OF.has(type)) this.nesting.open(token);
      if (type === t.LeftParen) dropEmptyCall(chunk.tokens);
      this.push(token);
    }
    this.note(token, chunk);
    if (this.nesting.depth > MAX_DEPTH) {
      chunk.isUnread = true;
      this.report(message.nestedTooDeep(MAX_DEPTH, tokenSpan(token)));
    }
  }

  private startsLine(token: IToken): boolean {
    if (this.last === undefined) return true;
    const from = endOf(this.last);
    if (this.newLineAt >= 0 && this.newLineAt < from) this.newLineAt = this.text.indexOf('\n', from);
    return this.newLineAt >= 0 && this.newLineAt < token.startOffset;
  }

  /** Does a declaration begin here, or is the word used as a name? */
  private startsDeclaration(token: IToken, next: IToken | undefined, startsLine: boolean): boolean {
    if (!this.isFile || !DECLARATION_WORDS.has(token.tokenType)) return false;
    if (this.chunk === undefined) return true;
    const wanted = token.tokenType === t.Import ? t.LeftCurly : t.Name;
    if (next === undefined || next.tokenType === wanted || isReserved(next))
      return startsLine || (this.nesting.brackets === 0 && this.isComplete());
    return startsLine && (next.tokenType === t.LeftParen || next.tokenType === t.LeftCurly);
  }

  private begin(keyword?: IToken): void {
    this.chunk = emptyChunk(keyword?.startOffset ?? 0, this.text.length);
    this.chunks.push(this.chunk);
    this.nesting = new Nesting();
    this.keyword = keyword?.tokenType;
    this.namedSo = new Set();
    this.said = new Set();
    this.inHoles = false;
    this.inOperators = false;
    this.needsBodyEnd = this.keyword === t.Loss || this.keyword === t.Fn || this.keyword === t.Sketch;
  }

  private end(): void {
    if (this.chunk === undefined) return;
    if (!this.chunk.isUnread) this.closeBrackets(this.lastEnd(), this.chunk);
    this.endBody();
  }

  private push(token: IToken): void {
    this.chunk!.tokens.push(token);
    this.last = token;
  }

  private lastEnd(): number {
    return this.last === undefined ? 0 : endOf(this.last);
  }

  private isComplete(): boolean {
    return this.last !== undefined && COMPLETE.has(this.last.tokenType);
  }

  private endBody(): void {
    if (this.needsBodyEnd) this.chunk!.tokens.push(insertedToken(t.BodyEnd, this.lastEnd()));
    this.needsBodyEnd = false;
  }

  /** A reserved word where only a name can stand becomes one. */
  private repairReserved(token: IToken, next: IToken | undefined, startsLine: boolean): void {
    if (!isReserved(token) || this.last === undefined) return;
    const isUsed = isUsedAsName(token.tokenType, {
      keyword: this.keyword,
      before: this.last.tokenType,
      afterValue: this.isComplete(),
      next,
      startsLine,
      isInline: this.nesting.isInline,
      inHoles: this.inHoles,
    });
    if (!isUsed) return;
    const { image } = token;
    const isCall = token.tokenType === t.Where && next?.tokenType === t.LeftParen;
    if (isCall) this.report(message.whereCall(tokenSpan(token)));
    else if (!this.namedSo.has(image)) this.report(message.reservedWord(image, tokenSpan(token)));
    this.namedSo.add(image);
    retype(token, t.Name);
    token.image = image;
  }

  /** What is one too many, and forms of other languages. True if the token is to be left out. */
  private repairPlace(token: IToken, next: IToken | undefined, chunk: Chunk): boolean {
    // One object for both: this is asked of every token of a file.
    const place: StatementPlace & DoubledPlace = {
      chunk,
      keyword: this.keyword,
      last: this.last,
      next,
      brackets: this.nesting.brackets,
      isHead: this.needsBodyEnd && chunk.headEnd < 0,
      isComplete: this.isComplete(),
      inOperators: this.inOperators,
      said: this.said,
      text: this.text,
      report: this.report,
    };
    const doubled = repairDoubled(token, place);
    if (doubled) this.last = chunk.tokens.at(-1);
    if (doubled === 'left out') return true;
    const repaired = repairStatement(
      token,
      doubled ? { ...place, last: this.last, isComplete: this.isComplete() } : place,
    );
    if (repaired === 'kept') return false;
    // What is left out of a statement does not end it.
    if (repaired === 'dropped') this.last = token;
    else if (repaired !== 'left out') {
      chunk.tokens.push(repaired);
      chunk.starts.push(next!.startOffset);
      this.nesting.endStatement();
    }
    return true;
  }

  private newLine(token: IToken, next: IToken | undefined, chunk: Chunk): void {
    const last = this.last;
    if (this.nesting.isInline || last === undefined) return;
    const ends = ENDS.has(last.tokenType) && BEGINS.has(token.tokenType);
    if (!ends && !this.beginsAnyway(token, next, last, chunk)) return;
    chunk.tokens.push(insertedToken(t.NewLine, endOf(last)));
    chunk.starts.push(token.startOffset);
    this.nesting.endStatement();
  }

  /** Does a line begin a `let` or an entry even though the one before it is broken? */
  private beginsAnyway(token: IToken, next: IToken | undefined, last: IToken, chunk: Chunk): boolean {
    if (token.tokenType === t.Let) return chunk.headEnd >= 0 && last.startOffset > chunk.headEnd;
    const isEntry = next?.tokenType === t.Equals || next?.tokenType === t.Tilde;
    const isInside = this.keyword === t.Test && this.nesting.brackets === 1;
    return isInside && isEntry && last.tokenType !== t.LeftCurly && last.tokenType !== t.Comma;
  }

  /** Remembers what later tokens depend on. */
  private note(token: IToken, chunk: Chunk): void {
    const type = token.tokenType;
    if (type === t.With) this.inHoles = true;
    else if (type === t.Operators) this.inOperators = true;
    else if (type === t.Leaves) this.inOperators = false;
    const isSeparator = (type === t.Comma || type === t.Semicolon) && this.nesting.brackets === 1;
    if (type === t.Let || isSeparator) chunk.starts.push(endOf(token));
  }

  private closeBracket(token: IToken, chunk: Chunk): void {
    const open = this.nesting.innermost;
    const wanted = open === undefined ? undefined : CLOSER_OF.get(open.tokenType);
    if (this.nesting.canClose(token.tokenType)) {
      // Inner brackets that were left open are closed here.
      while (CLOSER_OF.get(this.nesting.innermost!.tokenType) !== token.tokenType)
        this.closeInnermost(token.startOffset, chunk, true);
    } else if (open === undefined || wanted === t.RightCurly || token.tokenType === t.RightCurly) {
      chunk.dropped.push(token.startOffset);
      this.report(message.bracketClosesNothing(token.image, tokenSpan(token)));
      this.last = token;
      return;
    } else {
      this.report(message.bracketMismatch(open.image, token.image, tokenSpan(open), tokenSpan(token)));
      retype(token, wanted!);
    }
    this.nesting.close();
    this.push(token);
  }

  /** Closes all that is open, and reports the innermost: it is most often the only one that lacks its end. */
  private closeBrackets(offset: number, chunk: Chunk): void {
    if (this.nesting.brackets > 0) this.closeInnermost(offset, chunk, true);
    while (this.nesting.brackets > 0) this.closeInnermost(offset, chunk, false);
  }

  private closeInnermost(offset: number, chunk: Chunk, isReported: boolean): void {
    const open = this.nesting.innermost!;
    if (isReported) {
      this.report(message.bracketNotClosed(open.image, tokenSpan(open)));
      chunk.quiet.push({ start: open.startOffset, end: offset });
    }
    this.push(insertedToken(CLOSER_OF.get(open.tokenType)!, offset));
    this.nesting.close();
  }
}

export interface Split {
  readonly chunks: readonly Chunk[];
  /** Names that text of another language was to declare or import. */
  readonly missing: readonly string[];
}

/** Cuts the tokens of a file into its declarations. */
export function splitFile(tokens: readonly IToken[], text: string, report: Report): Split {
  const lines = withoutForeignLines(tokens, text, report);
  const filter = new LineFilter(text, report, true);
  return { chunks: filter.run(lines.tokens), missing: [...lines.missing, ...filter.missing] };
}

/** The tokens of a text that is one expression. */
export function expressionChunk(tokens: readonly IToken[], text: string, report: Report): Chunk {
  return new LineFilter(text, report, false).run(withoutBars(tokens, text, report))[0]!;
}
