import type { LossRef } from '../../messages.js';
import type { FrontLoss } from '../../training/messages.js';
import { type Client, orNothing } from '../client.js';
import { button, element, fill } from '../dom.js';
import type { Compared } from './compare.js';
import { percent } from './evolve-chart.js';

interface FrontEvents {
  readonly onTake: (text: string) => void;
  readonly onCompare: (loss: Compared) => void;
}

interface Entry {
  readonly element: HTMLElement;
  readonly accuracy: HTMLElement;
}

/** The losses that beat all smaller ones as mathematics, the best first: each can be taken into the editor, or compared. */
export class FrontList {
  readonly element = element('ol', { class: 'front', 'aria-label': 'Losses that beat all smaller ones' });
  readonly #entries = new Map<number, Entry>();
  #front: readonly FrontLoss[] = [];

  constructor(
    private readonly client: Client,
    private readonly events: FrontEvents,
  ) {}

  get best(): FrontLoss | undefined {
    return this.#front.at(-1);
  }

  show(front: readonly FrontLoss[]): void {
    const before = this.#front.map(({ id }) => id).join();
    this.#front = front;
    if (front.length === 0) this.#entries.clear();
    for (const loss of front) {
      const entry = this.#entries.get(loss.id) ?? this.#entryOf(loss);
      this.#entries.set(loss.id, entry);
      entry.accuracy.textContent = percent(loss.accuracy);
    }
    if (before === front.map(({ id }) => id).join()) return;
    // Whoever is at a button stays there.
    const focused = document.activeElement;
    fill(this.element, ...[...front].reverse().map(({ id }) => this.#entries.get(id)!.element));
    if (focused instanceof HTMLElement && this.element.contains(focused)) focused.focus();
  }

  #entryOf({ name, size, text }: FrontLoss): Entry {
    const { onTake, onCompare } = this.events;
    const loss: LossRef = { source: { text }, name, values: {} };
    const accuracy = element('strong', {});
    const formula = element('div', { class: 'display', tabindex: '0', role: 'group', 'aria-label': name });
    void this.#showFormula(loss, formula);
    const made = element(
      'li',
      { class: 'card' },
      element(
        'div',
        { class: 'bar' },
        element(
          'h3',
          {},
          accuracy,
          ` with ${size} ${size === 1 ? 'node' : 'nodes'} `,
          element('code', {}, name),
        ),
        element(
          'div',
          {},
          button('Compare', { class: 'quiet', 'aria-label': `Compare ${name}` }, () =>
            onCompare({ loss, label: name }),
          ),
          button('Open in the editor', { class: 'quiet', 'aria-label': `Open ${name} in the editor` }, () =>
            onTake(text),
          ),
        ),
      ),
      formula,
    );
    return { element: made, accuracy };
  }

  async #showFormula(loss: LossRef, place: HTMLElement): Promise<void> {
    const [found, { render }] = await Promise.all([
      orNothing(this.client.ask('formulas', { loss })),
      import('./latex.js'),
    ]);
    if (found !== undefined) fill(place, render(found.value));
  }
}
