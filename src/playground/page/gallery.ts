/** The standard library, to look for a loss and take it: into the editor, or beside one's own. */
import type { LibraryData, LibraryEntry } from '../messages.js';
import { Client, Refused } from './client.js';
import { button, byId, element, fill } from './dom.js';
import { found, library, sectionsOf } from './library.js';
import { svgElement } from './svg.js';

interface GalleryEvents {
  readonly onOpen: (text: string) => void;
  readonly onCompare: (entry: LibraryEntry) => void;
}

/** Opens with the button of the page, as a dialog. */
export function addGallery({ onOpen, onCompare }: GalleryEvents): void {
  const dialog = byId<HTMLDialogElement>('gallery');
  const words = byId<HTMLInputElement>('gallery-search');
  const list = byId('gallery-list');
  const count = byId('gallery-count');
  const drawn = thumbnails();
  const cardOf = (data: LibraryData, entry: LibraryEntry): HTMLElement => {
    const open = button('', { class: 'open' }, () => {
      dialog.close();
      onOpen(data.files[entry.name]!);
    });
    open.append(drawn(entry), element('strong', {}, entry.name), element('span', {}, entry.use));
    const compare =
      entry.losses.length === 0
        ? undefined
        : button('Compare', { class: 'quiet', 'aria-label': `Compare with ${entry.name}` }, () => {
            dialog.close();
            onCompare(entry);
          });
    return element('li', { class: 'entry' }, open, compare);
  };
  const show = async (): Promise<void> => {
    const data = await library();
    const entries = found(data, words.value.trim());
    count.textContent = `${entries.length} of ${data.catalogue.length}`;
    fill(
      list,
      ...[...sectionsOf(entries)].flatMap(([section, those]) => [
        element('h3', {}, section),
        element('ul', {}, ...those.map((entry) => cardOf(data, entry))),
      ]),
    );
    if (entries.length === 0)
      fill(list, element('p', { class: 'note' }, 'Nothing in the standard library matches.'));
  };
  byId('open-gallery').addEventListener('click', async () => {
    dialog.showModal();
    words.focus();
    words.select();
    await show();
  });
  byId('close-gallery').addEventListener('click', () => dialog.close());
  words.addEventListener('input', show);
}

/** Small curves, worked out by a worker of their own when they come into sight. */
function thumbnails(): (entry: LibraryEntry) => SVGSVGElement {
  const known = new Map<string, Promise<readonly number[]>>();
  let client: Client | undefined;
  const heightsOf = (entry: LibraryEntry): Promise<readonly number[]> => {
    const before = known.get(entry.name);
    if (before !== undefined) return before;
    client ??= new Client();
    const loss = { source: { standard: entry.name }, name: entry.losses[0]!, values: {} };
    const asked = client.ask('thumbnail', { loss }).catch((error: unknown) => {
      if (error instanceof Refused) return [];
      throw error;
    });
    known.set(entry.name, asked);
    return asked;
  };
  const entries = new WeakMap<Element, LibraryEntry>();
  const observer = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      const entry = entries.get(target);
      if (!isIntersecting || entry === undefined) continue;
      observer.unobserve(target);
      void heightsOf(entry).then((heights) => target.append(...curveOf(heights)));
    }
  });
  return (entry) => {
    const place = svgElement('svg', { class: 'thumbnail', viewBox: '0 0 64 40', 'aria-hidden': 'true' });
    if (entry.losses.length > 0) {
      entries.set(place, entry);
      observer.observe(place);
    }
    return place;
  };
}

function curveOf(heights: readonly number[]): readonly SVGElement[] {
  if (heights.length < 2) return [];
  const points = heights.map(
    (y, i) => `${((62 * i) / (heights.length - 1) + 1).toFixed(1)},${(38 - 0.36 * y).toFixed(1)}`,
  );
  return [svgElement('polyline', { points: points.join(' ') })];
}
