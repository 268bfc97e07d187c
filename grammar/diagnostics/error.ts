import type { Span } from '../tree/ast.js';
import { codeRow, type MessageName } from './codes.js';
import type { Diagnostic } from './diagnostic.js';

/** Texts quoted in messages are cut to this many characters. */
const MAX_QUOTE = 40;

/**
 * The error that a row of the catalogue stands for, in the words for one place. What cures it may be so exact that it is a text in
 * the place of what is wrong.
 */
export function error(
  name: MessageName,
  span: Span,
  message: string,
  hint?: string,
  instead?: string,
): Diagnostic {
  const { code, severity = 'error' } = codeRow(name);
  const says = instead === '' ? 'leave it out' : `write ${instead?.trim()}`;
  return {
    ...{ code, severity, message, span },
    ...(hint !== undefined && { hint }),
    ...(instead !== undefined && { fixes: [{ span, text: instead, says }] }),
  };
}

/** A piece of the source between backquotes, short and on one line. */
export function quote(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return `\`${line.length > MAX_QUOTE ? `${line.slice(0, MAX_QUOTE)}\u2026` : line}\``;
}
