import type { CstNode, IToken } from 'chevrotain';
import type { Decl, Expr, LossFile } from './ast.js';
import { type Comment, DocFinder, toComment } from './comment.js';
import { type Diagnostic, LossError, type Source } from './diagnostic.js';
import { type Chunk, expressionChunk, splitFile } from './lines.js';
import * as message from './messages.js';
import { LossParser } from './parser.js';
import { parserDiagnostic, parserMessages, resetErrorCount, TooManyErrors } from './parser-errors.js';
import { endOf, type Report } from './repair.js';
import { TreeBuilder } from './to-ast.js';
import { ExpressionBuilder } from './to-expr.js';
import { lexer } from './tokens.js';

export type { Comment } from './comment.js';

export interface Parsed {
  /** What could be read: a declaration with an error in it is left out. */
  readonly file: LossFile;
  /** In the order of the text; empty if and only if all of it could be read. */
  readonly diagnostics: readonly Diagnostic[];
  /** In the order of the text. */
  readonly comments: readonly Comment[];
}

/** One megabyte of text; the largest file of losses seen has 30 kB. */
const MAX_LENGTH = 1_000_000;
/** More mistakes than this help nobody. */
const MAX_DIAGNOSTICS = 50;

const parser = new LossParser(parserMessages);

/** Keeps diagnostics to a number that can be read, and counts the rest. */
class Findings {
  private readonly kept: Diagnostic[] = [];
  private dropped = 0;
  readonly report: Report = (diagnostic) => {
    // Somewhat more than are shown, for they do not come in the order of the text.
    if (this.kept.length < 4 * MAX_DIAGNOSTICS) this.kept.push(diagnostic);
    else this.dropped += 1;
  };

  get isFull(): boolean {
    return this.dropped > 0;
  }

  sorted(): readonly Diagnostic[] {
    const all = this.kept.toSorted((a, b) => a.span.start - b.span.start);
    if (all.length + this.dropped <= MAX_DIAGNOSTICS) return all;
    const more = all.length - MAX_DIAGNOSTICS + this.dropped;
    const { span } = all[MAX_DIAGNOSTICS]!;
    return [...all.slice(0, MAX_DIAGNOSTICS), message.moreDiagnostics(more, this.dropped === 0, span)];
  }
}

/**
 * Reads a text as a file of declarations. Never throws on any text: what is wrong is in `diagnostics`, all of it at once,
 * and declarations without a mistake are in `file` even when others have one.
 */
export function parse(source: Source): Parsed {
  const { text } = source;
  if (text.length > MAX_LENGTH) {
    const diagnostics = [message.fileTooLarge(text.length, MAX_LENGTH)];
    return { file: { declarations: [] }, diagnostics, comments: [] };
  }
  const findings = new Findings();
  const { tokens, comments, unknown } = lex(text, findings.report);
  const docs = new DocFinder(comments, text);
  const declarations: Decl[] = [];
  for (const chunk of splitFile(tokens, text, findings.report)) {
    const start = chunk.tokens[0]!.startOffset;
    const end = endOf(chunk.tokens.at(-1)!);
    const doc = docs.next(start, end);
    // Enough is wrong already: the rest would not be shown.
    if (findings.isFull) continue;
    const { cst, failed, isBroken } = read(chunk, 'declaration', end, unknown, findings.report);
    const declaration =
      cst === undefined ? undefined : new TreeBuilder(findings.report, isBroken).declaration(cst);
    if (declaration === undefined || failed) continue;
    declarations.push(doc === undefined ? declaration : { ...declaration, doc });
  }
  return { file: { declarations }, diagnostics: findings.sorted(), comments };
}

/**
 * Reads one expression, for rule tables and tests.
 * @throws LossError with all that is wrong with it.
 */
export function parseExpression(text: string): Expr {
  const source: Source = { name: 'expression', text };
  if (text.length > MAX_LENGTH) throw new LossError([message.fileTooLarge(text.length, MAX_LENGTH)], source);
  const findings = new Findings();
  const { tokens, unknown } = lex(text, findings.report);
  const chunk = expressionChunk(tokens, text, findings.report);
  const { cst } = read(chunk, 'expression', text.length, unknown, findings.report);
  const expr = cst === undefined ? undefined : new ExpressionBuilder(findings.report).expression(cst).expr;
  const diagnostics = findings.sorted();
  if (diagnostics.length > 0 || expr === undefined) throw new LossError(diagnostics, source);
  return expr;
}

interface Lexed {
  readonly tokens: readonly IToken[];
  readonly comments: readonly Comment[];
  /** Offsets of characters that are no token, ascending. */
  readonly unknown: readonly number[];
}

function lex(text: string, report: Report): Lexed {
  const { tokens, errors, groups } = lexer.tokenize(text);
  for (const { offset, length } of errors)
    report(
      message.unknownCharacter(text.slice(offset, offset + length), { start: offset, end: offset + length }),
    );
  const comments = (groups['comments'] ?? []).map(toComment);
  return { tokens, comments, unknown: errors.map((error) => error.offset) };
}

interface Read {
  readonly cst: CstNode | undefined;
  readonly failed: boolean;
  /** Is there a parser error in the statement at an offset? */
  readonly isBroken: (offset: number) => boolean;
}

/** Runs the parser on one chunk and reports its errors, one in each statement: the rest tend to follow from the first. */
function read(
  chunk: Chunk,
  rule: 'declaration' | 'expression',
  end: number,
  unknown: readonly number[],
  report: Report,
): Read {
  const broken = new Set<number>();
  const statementAt = (offset: number): number => lastAtMost(chunk.starts, offset) ?? 0;
  const isBroken = (offset: number): boolean => broken.has(statementAt(offset));
  if (chunk.tooDeep) return { cst: undefined, failed: true, isBroken };
  resetErrorCount();
  parser.input = chunk.tokens;
  let cst: CstNode | undefined;
  try {
    cst = parser[rule]();
  } catch (error) {
    if (!(error instanceof TooManyErrors)) throw error;
  }
  const starts = parser.errors.length === 0 ? [] : chunk.tokens.map((token) => token.startOffset);
  const quiet = [...chunk.quiet];
  for (const error of parser.errors) {
    const at = Number.isNaN(error.token.startOffset) ? end : error.token.startOffset;
    const before = chunk.tokens[countBelow(starts, at) - 1];
    const isFirst = before !== undefined && before.startOffset === statementAt(before.startOffset);
    const diagnostic = parserDiagnostic(error, { before, isFirst, end });
    const { start } = diagnostic.span;
    const isFollowUp =
      isBroken(start) ||
      quiet.some((span) => span.start <= start && start <= span.end) ||
      [unknown, chunk.dropped].some((offsets) => (lastAtMost(offsets, start) ?? -1) >= statementAt(start));
    broken.add(statementAt(start));
    // What is left of a signature after a mistake between its parts is not read as one.
    if (error.context.ruleStack.at(-1) === 'signature') quiet.push({ start, end: chunk.headEnd });
    if (!isFollowUp) report(diagnostic);
  }
  return { cst, failed: parser.errors.length > 0, isBroken };
}

/** How many of ascending numbers are below a limit. */
function countBelow(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last of ascending numbers that is not above a limit. */
function lastAtMost(sorted: readonly number[], limit: number): number | undefined {
  return sorted[countBelow(sorted, limit + 1) - 1];
}
