import { referencesAt } from '../../../language-server/references.js';
import type { Asks } from '../../messages.js';
import { placeOf } from '../place.js';
import { DOCUMENTS, viewOf } from '../text.js';

export function uses(ask: Asks['uses']['ask']): Asks['uses']['answer'] {
  const { view, at } = viewOf(ask);
  return (referencesAt(DOCUMENTS, view, at, true) ?? []).map(placeOf);
}
