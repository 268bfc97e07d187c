import { formatting } from '../../../language-server/format.js';
import type { Asks } from '../../messages.js';
import { documentOf, editIn } from '../text.js';

export function format({ text }: Asks['format']['ask']): Asks['format']['answer'] {
  const document = documentOf(text);
  return formatting(document).map((edit) => editIn(document.text, edit));
}
