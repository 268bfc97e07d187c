import { byId, element } from './dom.js';
import type { Panel, Subject } from './subject.js';

const NO_LOSS = 'The text has no loss. To search with a sketch, use Evolve.';

/** The panels, of which one is seen: a list of tabs as the ARIA pattern has it, with arrow keys. */
export class Tabs {
  #current: Panel;
  #subject: Subject | undefined;
  #isWithoutLoss = false;
  readonly #tabs: readonly HTMLButtonElement[];
  readonly #none = element('p', { class: 'refused' }, NO_LOSS);

  constructor(private readonly panels: readonly [Panel, ...Panel[]]) {
    this.#current = panels[0];
    const list = byId('tabs');
    byId('panels').append(this.#none);
    this.#tabs = panels.map(({ id, title, element: body }) => {
      const attributes = { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}` };
      const tab = element('button', attributes, title);
      tab.addEventListener('click', () => this.select(id));
      list.append(tab);
      const place = { role: 'tabpanel', id: `panel-${id}`, 'aria-labelledby': `tab-${id}` };
      byId('panels').append(element('div', place, body));
      return tab;
    });
    list.addEventListener('keydown', (event) => this.#onKey(event));
    this.#arrange();
  }

  select(id: string): void {
    this.#current = this.panels.find((panel) => panel.id === id) ?? this.#current;
    this.#arrange();
    // On a narrow page not all of them are in sight.
    this.#tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.#tell();
  }

  /** The keyboard goes on at the tab of the panel that is seen. */
  focus(): void {
    this.#tab.focus();
  }

  show(subject: Subject): void {
    this.#isWithoutLoss = false;
    this.#subject = subject;
    this.#arrange();
    this.#tell();
  }

  /** The text has no loss any more: panels that are about one say so. */
  showNothing(): void {
    this.#isWithoutLoss = true;
    this.#subject = undefined;
    this.#arrange();
    this.#tell();
  }

  get #tab(): HTMLButtonElement {
    return this.#tabs[this.panels.indexOf(this.#current)]!;
  }

  #tell(): void {
    if (this.#subject !== undefined) this.#current.show(this.#subject);
    else if (this.#isWithoutLoss) this.#current.showNothing?.();
  }

  #arrange(): void {
    const hasNothing = this.#isWithoutLoss && this.#current.showNothing === undefined;
    this.#none.hidden = !hasNothing;
    for (const [i, panel] of this.panels.entries()) {
      const isCurrent = panel === this.#current;
      this.#tabs[i]!.setAttribute('aria-selected', String(isCurrent));
      this.#tabs[i]!.tabIndex = isCurrent ? 0 : -1;
      byId(`panel-${panel.id}`).hidden = !isCurrent || hasNothing;
    }
  }

  #onKey(event: KeyboardEvent): void {
    const at = this.panels.indexOf(this.#current);
    const last = this.panels.length - 1;
    const to = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.select(this.panels[to]!.id);
    this.focus();
  }
}
