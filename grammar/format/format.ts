import type { Diagnostic, Source } from '../diagnostics/diagnostic.js';
import { positionAt } from '../diagnostics/source.js';
import { invariant } from '../invariant.js';
import { splitFile } from '../read/lines/lines.js';
import { MAX_LENGTH, parse } from '../read/parse.js';
import type { Comment } from '../read/tokens/comment.js';
import { endOf } from '../read/tokens/token.js';
import { lexer } from '../read/tokens/tokens.js';
import type { Decl } from '../tree/ast.js';
import { equalTrees } from '../tree/walk.js';
import { declarationLayout } from './declaration-layout.js';
import { countNewLines, FormatTokens } from './format-tokens.js';
import { render } from './layout.js';

/** Columns that a line keeps to where it can be broken. */
const WIDTH = 100;

/** What `formatSource` gives. */
export interface Formatted {
  /** The text in canonical layout; the text as it was if there are diagnostics. */
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** A declaration or a comment between declarations, as it will stand in the file. */
interface Item {
  readonly text: string;
  readonly isComment: boolean;
  /** Was there an empty line above it? */
  readonly blankBefore: boolean;
}

/**
 * The text in canonical layout: only blanks, line breaks and the separators that they can stand for are changed, so it reads
 * back as the same tree with the same comments. A second run changes nothing. A text with mistakes is left alone, and so is one that
 * its indentation would make too large to be read.
 */
export function formatSource(source: Source): Formatted {
  const { file, comments, diagnostics } = parse(source);
  if (diagnostics.length > 0) return { text: source.text, diagnostics };
  const text = joined(items(source, file.declarations, comments));
  if (text.length > MAX_LENGTH) return { text: source.text, diagnostics };
  const again = parse({ name: source.name, text });
  invariant(again.diagnostics.length === 0 && equalTrees(again.file, file), 'formatting changed the meaning');
  return { text, diagnostics };
}

function items(source: Source, declarations: readonly Decl[], comments: readonly Comment[]): Item[] {
  const { text } = source;
  const { chunks } = splitFile(lexer.tokenize(text).tokens, text, () => {});
  const result: Item[] = [];
  let at = 0;
  let end = 0;
  const blankBefore = (start: number): boolean => end > 0 && countNewLines(text, end, start) > 1;
  const push = (one: string, isComment: boolean, start: number, stop: number): void => {
    result.push({ text: one, isComment, blankBefore: blankBefore(start) });
    end = stop;
  };
  const pushComments = (until: number): void => {
    for (; at < comments.length && comments[at]!.span.start < until; at += 1) {
      const { span } = comments[at]!;
      push(text.slice(span.start, span.end), true, span.start, span.end);
    }
  };
  for (const [index, { tokens }] of chunks.entries()) {
    const first = tokens[0]!;
    pushComments(first.startOffset);
    const last = endOf(tokens.at(-1)!);
    const own = { declaration: declarations[index]!, last, next: chunks[index + 1]?.tokens[0]?.startOffset };
    const inside = comments.slice(at, countInside(source, comments, at, own));
    at += inside.length;
    const doc = declarationLayout(declarations[index]!, new FormatTokens(tokens, inside, text));
    push(render(doc, WIDTH), false, first.startOffset, Math.max(last, inside.at(-1)?.span.end ?? 0));
  }
  pushComments(Number.POSITIVE_INFINITY);
  return result;
}

/**
 * The index behind the comments that stand in a declaration: up to its last token, on the line of that, and, where a body
 * ends it, those below that are indented.
 */
function countInside(
  source: Source,
  comments: readonly Comment[],
  from: number,
  own: { readonly declaration: Decl; readonly last: number; readonly next: number | undefined },
): number {
  const { last, next = source.text.length, declaration } = own;
  let at = from;
  while (at < comments.length && comments[at]!.span.start < last) at += 1;
  let end = last;
  const hasBody = declaration.kind !== 'import' && declaration.kind !== 'test';
  for (; at < comments.length && comments[at]!.span.start < next; at += 1) {
    const { kind, span } = comments[at]!;
    const isBeside = countNewLines(source.text, end, span.start) === 0;
    const isIndented = hasBody && kind === 'plain' && positionAt(source, span.start).column > 1;
    if (!isBeside && !isIndented) break;
    end = span.end;
  }
  return at;
}

/** Puts the parts of a file below each other: with an empty line around all that takes more than a line. */
function joined(parts: readonly Item[]): string {
  const lines: string[] = [];
  for (const [index, item] of parts.entries()) {
    const previous = parts[index - 1];
    const isTall = (one: Item | undefined): boolean =>
      one !== undefined && !one.isComment && one.text.includes('\n');
    const next = parts.slice(index).findIndex((one) => !one.isComment);
    const block = next < 0 ? [] : parts.slice(index, index + next + 1);
    const tallBelow =
      isTall(block.at(-1)) || block.some((one) => one.isComment && one.text.startsWith('///'));
    const needsBlank = previous?.isComment === false && (isTall(previous) || tallBelow);
    if (previous !== undefined && (item.blankBefore || needsBlank)) lines.push('');
    lines.push(item.text);
  }
  return lines.map((one) => `${one}\n`).join('');
}
