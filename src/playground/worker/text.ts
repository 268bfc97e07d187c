/** The text of the editor as the language services have it. */
import { Documents, type OpenDocument } from '../../language-server/documents.js';
import type { Edit } from '../messages.js';

/** What diagnostics and emitted code call the text. */
export const TEXT_NAME = 'playground.loss';

export const DOCUMENTS = new Documents();
let version = 0;

/** The text, read once as long as it stays the same. */
export function documentOf(text: string): OpenDocument {
  if (DOCUMENTS.find(TEXT_NAME)?.reading.source.text !== text) {
    version += 1;
    DOCUMENTS.change(TEXT_NAME, version, text);
  }
  return DOCUMENTS.find(TEXT_NAME)!;
}

type LinesAndColumns = OpenDocument['text'];
interface RangedText {
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  readonly newText: string;
}

/** An edit of the protocol, by offsets. */
export const editIn = (text: LinesAndColumns, { range, newText }: RangedText): Edit => ({
  from: text.offsetAt(range.start),
  to: text.offsetAt(range.end),
  text: newText,
});
