import * as names from '../../../language-server/rename.js';
import type { Asks } from '../../messages.js';
import { DOCUMENTS, editIn, TEXT_NAME, viewOf } from '../text.js';

export function renameable(ask: Asks['renameable']['ask']): Asks['renameable']['answer'] {
  const { view, at } = viewOf(ask);
  return names.renameable(view, at)?.placeholder;
}

/** All that can be renamed is defined in the text: nothing else can name it. */
export function rename({ name, ...ask }: Asks['rename']['ask']): Asks['rename']['answer'] {
  const { view, at } = viewOf(ask);
  const edits = names.rename(DOCUMENTS, view, at, name)?.changes?.[TEXT_NAME] ?? [];
  return edits.map((edit) => editIn(view.document.text, edit));
}
