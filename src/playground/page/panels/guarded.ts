import { Refused } from '../client.js';
import { element, fill } from '../dom.js';

/** Does something in a part of the page, and says there why where it is refused. */
export const guarded =
  <A>(place: Element, run: (ask: A) => Promise<void>) =>
  async (ask: A): Promise<void> => {
    try {
      await run(ask);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      fill(place, element('p', { class: 'refused', role: 'status' }, error.message));
    }
  };
