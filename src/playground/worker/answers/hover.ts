import { hoverAt } from '../../../language-server/hover.js';
import type { Asks } from '../../messages.js';
import { viewOf } from '../text.js';

export function hover(ask: Asks['hover']['ask']): Asks['hover']['answer'] {
  const { view, at } = viewOf(ask);
  const found = hoverAt(view, at);
  if (found?.range === undefined) return undefined;
  const { contents, range } = found;
  const { text } = view.document;
  const markdown = typeof contents === 'object' && 'value' in contents ? contents.value : String(contents);
  return { from: text.offsetAt(range.start), to: text.offsetAt(range.end), markdown };
}
