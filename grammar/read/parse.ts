import { type Diagnostic, LossError, type Source } from '../diagnostics/diagnostic.js';
import * as message from '../diagnostics/messages.js';
import { atMostShown, MAX_DIAGNOSTICS } from '../diagnostics/shown.js';
import type { Decl, Expr, LossFile } from '../tree/ast.js';
import type { Chunk } from './lines/chunk.js';
import { expressionChunk, splitFile } from './lines/lines.js';
import { readChunk } from './parser/run-parser.js';
import { TreeBuilder } from './parser/to-ast.js';
import { ExpressionBuilder } from './parser/to-expr.js';
import { type Comment, DocFinder } from './tokens/comment.js';
import { lex } from './tokens/lex.js';
import { endOf, type Report } from './tokens/token.js';
import { Fn, Import, Loss, Name, Sketch } from './tokens/tokens.js';

/** What `parse` gives: all that could be read, and what could not. */
export interface Parsed {
  /** What could be read: a declaration with an error in it is left out. */
  readonly file: LossFile;
  /** Names of the functions, losses and sketches that are left out: calls of them are no mistakes. */
  readonly leftOut: readonly string[];
  /** In the order of the text; empty if and only if all of it could be read. */
  readonly diagnostics: readonly Diagnostic[];
  /** In the order of the text. */
  readonly comments: readonly Comment[];
}

/** One megabyte of text; the largest file of losses seen has 30 kB. */
export const MAX_LENGTH = 1_000_000;

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
    return atMostShown(
      this.kept.toSorted((a, b) => a.span.start - b.span.start),
      this.dropped,
    );
  }
}

/** The names that a declaration gives: its second word, or all words of an import, of which one may be the name that was meant. */
function namesOf({ tokens }: Chunk): readonly string[] {
  const [first, second] = tokens;
  if (first?.tokenType === Import)
    return tokens.filter(({ tokenType }) => tokenType === Name).map(({ image }) => image);
  const declares = first?.tokenType === Fn || first?.tokenType === Loss || first?.tokenType === Sketch;
  return declares && second?.tokenType === Name ? [second.image] : [];
}

/**
 * Reads a text as a file of declarations. Never throws on any text: what is wrong is in `diagnostics`, all of it at once,
 * and declarations without a mistake are in `file` even when others have one.
 */
export function parse(source: Source): Parsed {
  const { text } = source;
  if (text.length > MAX_LENGTH) {
    const diagnostics = [message.fileTooLarge(text.length, MAX_LENGTH)];
    return { file: { declarations: [] }, leftOut: [], diagnostics, comments: [] };
  }
  const findings = new Findings();
  const { tokens, comments, unknown } = lex(text, findings.report);
  const docs = new DocFinder(comments, text);
  const declarations: Decl[] = [];
  const { chunks, missing } = splitFile(tokens, text, findings.report);
  const leftOut: string[] = [...missing];
  for (const chunk of chunks) {
    const start = chunk.tokens[0]!.startOffset;
    const end = endOf(chunk.tokens.at(-1)!);
    const doc = docs.next(start, end);
    // Enough is wrong already: the rest would not be shown.
    if (findings.isFull) {
      leftOut.push(...namesOf(chunk));
      continue;
    }
    const { cst, failed, report, isBroken } = readChunk(chunk, 'declaration', unknown, findings.report);
    const declaration = cst === undefined ? undefined : new TreeBuilder(report, isBroken).declaration(cst);
    if (declaration === undefined || failed) leftOut.push(...namesOf(chunk));
    else declarations.push(doc === undefined ? declaration : { ...declaration, doc });
  }
  return { file: { declarations }, leftOut, diagnostics: findings.sorted(), comments };
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
  const { cst, report } = readChunk(chunk, 'expression', unknown, findings.report);
  const expr = cst === undefined ? undefined : new ExpressionBuilder(report).expression(cst).expr;
  const diagnostics = findings.sorted();
  if (diagnostics.length > 0 || expr === undefined) throw new LossError(diagnostics, source);
  return expr;
}
