import type { Place } from '../messages.js';
import { button, byId, element, fill } from './dom.js';

interface UsesEvents {
  readonly onPlace: (place: Place) => void;
  readonly onClose: () => void;
}

/** Where a name is used, below the editor; the first of them has the focus. */
export function showUses(uses: readonly Place[], { onPlace, onClose }: UsesEvents): void {
  const place = byId('uses');
  const list = uses.map((use) => {
    const go = button('', { class: 'problem' }, () => onPlace(use));
    const where = `${use.standard === undefined ? '' : `std/${use.standard} `}line ${use.line}`;
    go.append(element('span', { class: 'at' }, where), ' ', element('code', {}, use.text));
    return element('li', {}, go);
  });
  const close = (): void => {
    hideUses();
    onClose();
  };
  fill(
    place,
    element(
      'div',
      { class: 'bar' },
      element('p', { role: 'status' }, uses.length === 1 ? 'Used once' : `Used ${uses.length} times`),
      button('Close', { class: 'quiet' }, close),
    ),
    element('ul', {}, ...list),
  );
  place.hidden = false;
  place.onkeydown = ({ key }) => {
    if (key === 'Escape') close();
  };
  place.querySelector<HTMLElement>('.problem')?.focus();
}

/** They are of a text that is another one now. */
export function hideUses(): void {
  byId('uses').hidden = true;
}
