import type { Span } from '../../../grammar/tree/ast.js';
import { refuse } from '../refused.js';

export interface Token {
  readonly kind: 'number' | 'name' | 'string' | 'operator' | 'newline' | 'end';
  readonly text: string;
  readonly span: Span;
}

const NUMBER = /(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const NAME = /[\p{Letter}_][\p{Letter}\p{Number}\p{Mark}_]*/uy;
const STRING = /[rbuRBU]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y;
const OPERATOR =
  /\*\*=|\/\/=|<<|>>|\*\*|\/\/|->|:=|==|!=|<=|>=|[-+*/%@&|^]=|\.\.\.|[-+*/%@<>=()[\]{},:.~^&|;]/y;
const BLANK = /[ \t\f\r]+|#[^\n]*|\\\r?\n/y;

const KINDS = [
  ['string', STRING],
  ['number', NUMBER],
  ['name', NAME],
  ['operator', OPERATOR],
] as const;

/** The words of a Python text. Within brackets lines do not end; indentation is left to who reads them. */
export function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  const at = (pattern: RegExp, offset: number): string | undefined => {
    pattern.lastIndex = offset;
    return pattern.exec(text)?.[0];
  };
  for (let offset = 0; offset < text.length; ) {
    const blank = at(BLANK, offset);
    if (blank !== undefined) {
      offset += blank.length;
      continue;
    }
    if (text[offset] === '\n') {
      if (depth === 0) tokens.push({ kind: 'newline', text: '\n', span: { start: offset, end: offset + 1 } });
      offset += 1;
      continue;
    }
    const kind = KINDS.find(([, pattern]) => at(pattern, offset) !== undefined);
    if (kind === undefined) {
      const span = { start: offset, end: offset + 1 };
      if (/["']/.test(text[offset]!)) refuse(span, 'this string is not closed');
      refuse(
        span,
        `${text[offset]} is not part of Python`,
        'is it LaTeX or mathjs? --from latex, --from mathjs',
      );
    }
    const found = at(kind[1], offset)!;
    const span = { start: offset, end: offset + found.length };
    if (kind[0] === 'number') demandPlain(found, text[span.end], span);
    if (/^[([{]$/.test(found)) depth += 1;
    if (/^[)\]}]$/.test(found)) depth = Math.max(0, depth - 1);
    tokens.push({ kind: kind[0], text: found, span });
    offset = span.end;
  }
  const end = { start: text.length, end: text.length };
  tokens.push({ kind: 'newline', text: '\n', span: end }, { kind: 'end', text: '', span: end });
  return tokens;
}

/** What follows a number directly belongs to it: `0x1f`, `2j`. */
function demandPlain(text: string, next: string | undefined, span: Span): void {
  if (next === undefined || !/[\p{Letter}_]/u.test(next)) return;
  const whole = { start: span.start, end: span.end + 1 };
  if (/[jJ]/.test(next)) refuse(whole, 'a loss cannot have complex numbers');
  refuse(whole, `${text}${next}… is not a decimal number`, 'write numbers as 2, 0.5 or 1e-7');
}
