import type { IToken } from 'chevrotain';
import { isForeignName, latinOf } from '../../diagnostics/characters.js';
import * as message from '../../diagnostics/messages.js';
import { type Comment, toComment } from './comment.js';
import { endOf, insertedToken, type Report } from './token.js';
import { lexer, Name } from './tokens.js';

export interface Lexed {
  readonly tokens: readonly IToken[];
  readonly comments: readonly Comment[];
  /** Offsets of characters that are no token, ascending. */
  readonly unknown: readonly number[];
}

/** The tokens of a text; reports characters that are none. */
export function lex(text: string, report: Report): Lexed {
  const { tokens, errors, groups } = lexer.tokenize(text);
  const unknown: number[] = [];
  const words: IToken[] = [];
  const said = new Set<string>();
  for (const { offset, length } of errors) {
    const image = text.slice(offset, offset + length);
    const isName = isForeignName(image);
    // A letter is used again and again: once is enough.
    if (!isName || !said.has(image))
      report(message.unknownCharacter(image, { start: offset, end: offset + length }));
    said.add(image);
    if (isName) words.push(insertedToken(Name, offset, latinOf(image) ?? image, length));
    else unknown.push(offset);
  }
  const comments = (groups['comments'] ?? []).map(toComment);
  for (const { span } of comments) {
    const comment = text.slice(span.start, span.end);
    if (DIVISOR.test(comment) && isBehindValue(text, span.start))
      report(message.commentAsDivisor(comment, span));
  }
  return { tokens: words.length === 0 ? tokens : withWords(tokens, words), comments, unknown };
}

/** A comment that is a number and nothing else. */
const DIVISOR = /^\/\/\s*(?:\d+\.?\d*|\.\d+)$/;

function isBehindValue(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /[\w)\]]\s*$/.test(line);
}

/** The tokens with words of foreign letters as names among them, but for letters that touch a name and so belong to it. */
function withWords(tokens: readonly IToken[], words: readonly IToken[]): IToken[] {
  const all = [...tokens, ...words].sort((a, b) => a.startOffset - b.startOffset);
  const foreign = new Set(words);
  return all.filter((token, index) => {
    if (!foreign.has(token)) return true;
    const [before, after] = [all[index - 1], all[index + 1]];
    const touchesBefore = before?.tokenType === Name && endOf(before) === token.startOffset;
    const touchesAfter = after?.tokenType === Name && after.startOffset === endOf(token);
    return !touchesBefore && !touchesAfter;
  });
}
