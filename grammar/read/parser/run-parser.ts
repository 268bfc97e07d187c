import type { CstNode, IToken } from 'chevrotain';
import type { Chunk } from '../lines/chunk.js';
import type { Report } from '../tokens/token.js';
import { LossParser, type RuleName } from './parser.js';
import { parserDiagnostic, parserMessages, resetErrorCount, TooManyErrors } from './parser-errors.js';

/** One for all, made when first needed: to make one takes longer than to parse a file. */
let shared: LossParser | undefined;

export interface Read {
  /** Chevrotain's tree; none where it gave up. With errors it has holes. */
  readonly cst: CstNode | undefined;
  readonly failed: boolean;
  /** Is there a parser error in the statement at an offset? */
  readonly isBroken: (offset: number) => boolean;
  /** Reports on the tree, but not on what is broken: that says nothing of the text. */
  readonly report: Report;
}

/**
 * Runs the parser on one chunk and reports its errors, one in each statement and none behind what was left out of it:
 * the others tend to follow from those. `unknown` are the offsets of characters that are no token.
 */
export function readChunk(
  chunk: Chunk,
  rule: 'declaration' | 'expression',
  unknown: readonly number[],
  report: Report,
): Read {
  const { tokens } = chunk;
  const broken = new Set<number>();
  const statementAt = (offset: number): number => lastAtMost(chunk.starts, offset) ?? 0;
  const isBroken = (offset: number): boolean => broken.has(statementAt(offset));
  const reportWhole: Report = (diagnostic) => {
    const { start, end } = diagnostic.span;
    if (start <= end && !isBroken(start)) report(diagnostic);
  };
  if (chunk.isUnread) return { cst: undefined, failed: true, isBroken, report: reportWhole };
  shared ??= new LossParser(parserMessages);
  const parser = shared;
  const cst = run(parser, tokens, rule);
  const quiet = [...chunk.quiet];
  for (const error of parser.errors) {
    const index = indexOf(tokens, error.token);
    const before = tokens[index - 1];
    const first = tokens[index - 2];
    const isFirst = before !== undefined && (first?.startOffset ?? -1) < statementAt(before.startOffset);
    const diagnostic = parserDiagnostic(error, { tokens, index, isFirst });
    const { start } = diagnostic.span;
    const statement = statementAt(start);
    // What was left out in front of the token that did not fit, if that is in the statement.
    const reach = nextInText(tokens, index)?.startOffset ?? chunk.end;
    const isFollowUp =
      broken.has(statement) ||
      quiet.some((span) => span.start <= start && start <= span.end) ||
      [unknown, chunk.dropped].some((offsets) => (lastAtMost(offsets, reach) ?? -1) >= statement);
    broken.add(statement);
    // What is left of a signature after a mistake between its parts, or in bounds that go on into it, is not read as one.
    if (BETWEEN_PARTS.has(error.context.ruleStack.at(-1)!)) quiet.push({ start, end: chunk.headEnd });
    if (!isFollowUp) report(diagnostic);
  }
  return { cst, failed: parser.errors.length > 0, isBroken, report: reportWhole };
}

const BETWEEN_PARTS: ReadonlySet<string> = new Set<RuleName>(['signature', 'bounds']);

function run(parser: LossParser, tokens: IToken[], rule: 'declaration' | 'expression'): CstNode | undefined {
  resetErrorCount();
  parser.input = tokens;
  try {
    return parser[rule]();
  } catch (error) {
    if (error instanceof TooManyErrors) return undefined;
    throw error;
  }
}

/** Where a token is among those of its chunk; the end of the input is behind them all. */
function indexOf(tokens: readonly IToken[], token: IToken): number {
  if (Number.isNaN(token.startOffset)) return tokens.length;
  let index = countBelow(tokens.length, (at) => tokens[at]!.startOffset < token.startOffset);
  while (index < tokens.length && tokens[index] !== token) index += 1;
  return index;
}

/** The first token from an index on that the line filter did not put in. */
function nextInText(tokens: readonly IToken[], from: number): IToken | undefined {
  let index = from;
  while (tokens[index]?.image === '') index += 1;
  return tokens[index];
}

/** The last of ascending numbers that is not above a limit. */
function lastAtMost(sorted: readonly number[], limit: number): number | undefined {
  return sorted[countBelow(sorted.length, (at) => sorted[at]! <= limit) - 1];
}

/** How many of `length` places, in order, are below something, by bisection. */
function countBelow(length: number, isBelow: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBelow(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
