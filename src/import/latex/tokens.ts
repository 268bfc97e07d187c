import type { Span } from '../../../grammar/tree/ast.js';
import { refuse } from '../refused.js';

export interface LatexToken {
  /** `command` with its backslash; `text` is what stands in `\text{…}` and its like. */
  readonly kind: 'command' | 'letter' | 'number' | 'symbol' | 'end';
  readonly text: string;
  readonly span: Span;
}

/** Blanks, sizes of brackets and marks of mathematics, which say nothing. */
const SILENT =
  /(?:\s+|%[^\n]*|~|\\[,;:!> ]|\\(?:q?quad|left|right|[bB]igg?[lrm]?|displaystyle|textstyle|limits|nolimits|middle|nonumber|notag|(?:begin|end)\{(?:equation|align|aligned|gather|math|displaymath)\*?\})(?![A-Za-z])|\\[[\]()]|\$+)/y;
const WORD = /\\(?:[A-Za-z]+|[\\{}|&%#_])|\d+(?:\.\d+)?|\.\d+|[A-Za-z]|[-+*/=<>()[\]{}|^_,&!':;.]/y;

/** The words of a LaTeX formula. */
export function tokenise(text: string): readonly LatexToken[] {
  const tokens: LatexToken[] = [];
  for (let at = 0; at < text.length; ) {
    SILENT.lastIndex = at;
    const silent = SILENT.exec(text)?.[0];
    if (silent !== undefined) {
      at += silent.length;
      continue;
    }
    WORD.lastIndex = at;
    const found = WORD.exec(text)?.[0];
    const span = { start: at, end: at + (found?.length ?? 1) };
    if (found === undefined)
      refuse(span, `${text[at]} is not supported in LaTeX`, 'write its command, such as \\gamma');
    const kind = found.startsWith('\\')
      ? 'command'
      : /^[A-Za-z]$/.test(found)
        ? 'letter'
        : /\d/.test(found)
          ? 'number'
          : 'symbol';
    tokens.push({ kind, text: found, span });
    at = span.end;
  }
  // A formula in a sentence ends with its point or comma.
  while (tokens.at(-1)?.kind === 'symbol' && /^[.,;]$/.test(tokens.at(-1)!.text)) tokens.pop();
  return tokens;
}

export const endOfText = (text: string): LatexToken => ({
  kind: 'end',
  text: '',
  span: { start: text.length, end: text.length },
});
