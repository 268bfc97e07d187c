import type { TextEdit } from 'vscode-languageserver';
import { formatSource } from '../../grammar/format/format.js';
import type { OpenDocument } from './documents.js';
import { rangeIn } from './view.js';

/** The edit that brings a document into canonical layout: none for a text with mistakes. */
export function formatting({ text, reading: { source } }: OpenDocument): TextEdit[] {
  const formatted = formatSource(source).text;
  if (formatted === source.text) return [];
  // Only what changes, so that the cursor and marks outside of it stay where they are; a range cannot part `\r\n`.
  const most = source.text.includes('\r') ? 0 : Math.min(source.text.length, formatted.length);
  let start = 0;
  while (start < most && source.text[start] === formatted[start]) start += 1;
  let end = 0;
  while (end < most - start && source.text.at(-1 - end) === formatted.at(-1 - end)) end += 1;
  const range = rangeIn(text, { start, end: source.text.length - end });
  return [{ range, newText: formatted.slice(start, formatted.length - end) }];
}
