import type { IToken } from 'chevrotain';
import { type Comment, toComment } from './comment.js';
import * as message from './messages.js';
import { endOf, insertedToken, type Report } from './repair.js';
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
  for (const { offset, length } of errors) {
    const image = text.slice(offset, offset + length);
    report(message.unknownCharacter(image, { start: offset, end: offset + length }));
    if (message.isForeignName(image)) words.push(insertedToken(Name, offset, image));
    else unknown.push(offset);
  }
  const comments = (groups['comments'] ?? []).map(toComment);
  return { tokens: words.length === 0 ? tokens : withWords(tokens, words), comments, unknown };
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
