import { hoverAt } from '../../../language-server/hover.js';
import { viewAt } from '../../../language-server/view.js';
import type { Asks } from '../../messages.js';
import { documentOf } from '../text.js';

export function hover({ text, offset }: Asks['hover']['ask']): Asks['hover']['answer'] {
  const document = documentOf(text);
  const view = viewAt(document, document.text.positionAt(offset));
  const found = hoverAt(view, view.offset(document.text.positionAt(offset)));
  if (found?.range === undefined) return undefined;
  const { contents, range } = found;
  const markdown = typeof contents === 'object' && 'value' in contents ? contents.value : String(contents);
  return { from: document.text.offsetAt(range.start), to: document.text.offsetAt(range.end), markdown };
}
