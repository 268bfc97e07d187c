/** The worker of the page: answers what it is asked about texts, one after another. */
import { giveLibrary } from '../instead/stdlib.js';
import type { LibraryData, Reply, Request } from '../messages.js';
import { answer } from './answer.js';

/** What a worker has and a page has not. */
interface WorkerScope {
  postMessage(message: Reply): void;
  addEventListener(type: 'message', listener: (event: { readonly data: Request }) => void): void;
}
const scope = globalThis as unknown as WorkerScope;

const library = fetch(new URL('./library.json', import.meta.url))
  .then((response) => response.json() as Promise<LibraryData>)
  .then((data) => {
    giveLibrary(data.files);
    scope.postMessage({ ready: true });
    return data;
  });

scope.addEventListener('message', async ({ data: { id, kind, ask } }) => {
  try {
    const { version } = await library;
    scope.postMessage({ id, answer: await answer(kind, ask, version) });
  } catch (thrown) {
    scope.postMessage({ id, refused: thrown instanceof Error ? thrown.message : String(thrown) });
  }
});
