import { definitionAt } from '../../../language-server/definition.js';
import type { Asks } from '../../messages.js';
import { placeOf } from '../place.js';
import { DOCUMENTS, viewOf } from '../text.js';

export function definition(ask: Asks['definition']['ask']): Asks['definition']['answer'] {
  const { view, at } = viewOf(ask);
  const found = definitionAt(DOCUMENTS, view, at);
  return found && placeOf(found);
}
