/** A file of the standard library, to be read where a name in the editor is defined there. */
import type { Place } from '../messages.js';
import { byId } from './dom.js';
import { ShownText } from './editor/shown-text.js';
import { library } from './library.js';

/** Opens as a dialog; `onOpen` takes the text into the editor. */
export function sourceDialog(onOpen: (text: string) => void): (place: Place) => Promise<void> {
  const dialog = byId<HTMLDialogElement>('source');
  let shown: ShownText | undefined;
  let text = '';
  byId('open-source').addEventListener('click', () => {
    dialog.close();
    onOpen(text);
  });
  byId('close-source').addEventListener('click', () => dialog.close());
  return async ({ standard, ...place }) => {
    const { files } = await library();
    text = files[standard!]!;
    byId('source-title').textContent = `std/${standard}`;
    dialog.showModal();
    shown ??= new ShownText(byId('source-text'));
    shown.show(text, place, `std/${standard}`);
  };
}
