import type { GuardNotes } from '../../guard/notes.js';
import { guardSentences } from '../../guard/sentences.js';
import { filled } from '../../words/fill.js';

/** Columns of a line of a doc comment, less those of the bullet. */
const WIDTH = 94;

/** What guards decide, as lines of the doc comment of a loss, after an empty one; none where none can. */
export function guardDoc(notes: GuardNotes): readonly string[] {
  const sentences = guardSentences(notes);
  if (sentences.length === 0) return [];
  const items = sentences.flatMap((sentence) =>
    filled(sentence, WIDTH).map((line, i) => `${i === 0 ? '- ' : '  '}${line}`),
  );
  return ['', 'Guards that can decide:', ...items];
}
