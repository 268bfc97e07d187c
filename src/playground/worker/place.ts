import { linesOf } from '../../language-server/documents.js';
import { readLossFile } from '../instead/stdlib.js';
import type { Place } from '../messages.js';
import { DOCUMENTS, type LinesAndColumns, type RangedPlace, TEXT_NAME } from './text.js';

/** A place of the protocol, which is in the text or in the standard library, by offsets. */
export function placeOf({ uri, range }: RangedPlace): Place {
  if (uri === TEXT_NAME) return placeIn(DOCUMENTS.find(uri)!.text, range);
  const { name, text } = readLossFile(uri);
  const standard = name.replace(/^std\/|\.loss$/g, '');
  return { standard, ...placeIn(linesOf(text), range) };
}

function placeIn(text: LinesAndColumns, { start, end }: RangedPlace['range']): Place {
  const line = text.getText().split('\n')[start.line] ?? '';
  return { from: text.offsetAt(start), to: text.offsetAt(end), line: start.line + 1, text: line.trim() };
}
