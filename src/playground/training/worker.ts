/** The worker that trains: it is loaded, and TensorFlow.js with it, when training is asked for. */
import '../instead/set-immediate.js';
import { messageOf } from '../../errors.js';
import { openInBrowser } from '../../runtime/backends/browser.js';
import { giveLibrary } from '../instead/stdlib.js';
import type { LibraryData } from '../messages.js';
import type { TrainingAsk, TrainingNews } from './messages.js';
import { race } from './race.js';

interface WorkerScope {
  postMessage(message: TrainingNews): void;
  addEventListener(type: 'message', listener: (event: { readonly data: TrainingAsk }) => void): void;
}
const scope = globalThis as unknown as WorkerScope;
const tell = (news: TrainingNews): void => scope.postMessage(news);

scope.addEventListener('message', async ({ data: ask }) => {
  try {
    const response = await fetch(new URL('./library.json', import.meta.url));
    giveLibrary(((await response.json()) as LibraryData).files);
    const asked = ask.backend === 'automatic' ? undefined : ask.backend;
    const folder = new URL('./tfjs/', import.meta.url).href;
    tell({ kind: 'started', backend: await openInBrowser(asked, folder) });
    if (ask.kind === 'race') await race(ask.losses, ask.settings, tell);
    else {
      // Larger than all that a race needs.
      const { evolve } = await import('./evolution.js');
      await evolve(ask.sketch, ask.settings, tell);
    }
    tell({ kind: 'ended' });
  } catch (thrown) {
    tell({ kind: 'refused', message: messageOf(thrown) });
  }
});
