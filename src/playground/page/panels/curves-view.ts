/** Curves with a legend, whose numbers follow the pointer, or the arrow keys. */
import type { Row } from '../../../charts/row.js';
import type { Rows } from '../../../charts/rows.js';
import { tickLabel } from '../../../charts/svg.js';
import { element, fill } from '../dom.js';
import { svgElement } from '../svg.js';
import { plotPanel } from './plot-panel.js';

/** Where two pictures stand beside each other. */
const WIDE = 600;
const HEIGHT = { wide: 300, narrow: 250 };
const GAP = 16;

/** Draws rows into a place, again whenever its width changes. */
export class CurvesView {
  readonly element = element('div', { class: 'curves' });
  #rows: Rows = { rows: [], missing: [] };
  #width = 0;

  /** Names of clips are of the whole page: `id` tells those of one view from those of another. */
  constructor(private readonly id: string) {
    new ResizeObserver(() => {
      if (this.element.clientWidth !== this.#width) this.#draw();
    }).observe(this.element);
  }

  show(rows: Rows): void {
    this.#rows = rows;
    this.#draw();
  }

  #draw(): void {
    this.#width = this.element.clientWidth;
    if (this.#width === 0) return;
    const { rows, missing } = this.#rows;
    fill(
      this.element,
      ...rows.map((row) => rowCard({ ...row, id: `${this.id}-${row.id}` }, this.#width)),
      missing.length === 0
        ? undefined
        : element(
            'p',
            { class: 'note' },
            `Not plotted, because no line with a gradient was found: ${missing.join(', ')}`,
          ),
    );
  }
}

function rowCard(row: Row, available: number): HTMLElement {
  const inner = available - 38;
  const isWide = inner >= WIDE;
  // The width that a browser tells is rounded, perhaps up.
  const width = isWide ? Math.floor((inner - 1 - GAP) / 2) : inner;
  const height = isWide ? HEIGHT.wide : HEIGHT.narrow;
  const entries = row.legend.map(({ text, style }) => legendEntry(text, style));
  const place = element('output', { class: 'place' });
  const panels = [
    { id: `${row.id}-loss`, title: 'Loss', plane: row.loss },
    { id: `${row.id}-gradient`, title: row.gradientTitle, plane: row.gradient },
  ].map(({ id, title, plane }) =>
    plotPanel(
      { id, title, xTitle: row.xTitle, x: row.x, marks: row.marks, y: plane.frame, lines: plane.lines },
      width,
      height,
    ),
  );
  const points = row.loss.lines[0]?.points ?? [];
  const follow = (x: number | undefined): void => {
    for (const panel of panels) panel.mark(x);
    place.textContent = x === undefined ? '' : `at ${tickLabel(x)}`;
    for (const [i, entry] of entries.entries()) {
      const at = x === undefined ? -1 : nearest(row.loss.lines[i]!.points, x);
      const [value, slope] = [row.loss, row.gradient].map((plane) => plane.lines[i]!.points[at]?.y);
      entry.say(value, slope);
    }
  };
  for (const panel of panels) panel.onPlace(follow);
  const pictures = element('div', {
    class: 'pictures',
    tabindex: '0',
    role: 'group',
    'aria-label': 'Curves: use the arrow keys to read values',
  });
  pictures.append(...panels.map(({ picture }) => picture));
  let at = Math.floor(points.length / 2);
  pictures.addEventListener('keydown', (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    at = Math.min(points.length - 1, Math.max(0, at + move * 4));
    follow(points[at]?.x);
  });
  pictures.addEventListener('blur', () => follow(undefined));
  return element(
    'section',
    { class: 'card' },
    element('div', { class: 'bar' }, element('h3', {}, row.heading), place),
    element('ul', { class: 'legend' }, ...entries.map((entry) => entry.element)),
    pictures,
    row.notes.length === 0
      ? undefined
      : element(
          'details',
          { class: 'note' },
          element('summary', {}, 'Inputs'),
          ...row.notes.map((note) => element('p', {}, note)),
        ),
  );
}

function legendEntry(text: string, style: string) {
  const swatch = svgElement('svg', { class: 'chart swatch', viewBox: '0 0 26 8', width: 26, height: 8 });
  swatch.append(svgElement('line', { class: `line ${style}`, x1: 0, x2: 26, y1: 4, y2: 4 }));
  const number = element('output', {});
  return {
    element: element('li', {}, swatch, ` ${text} `, number),
    say(value: number | undefined, slope: number | undefined): void {
      number.textContent =
        value === undefined || slope === undefined ? '' : `${tickLabel(value)}, slope ${tickLabel(slope)}`;
    },
  };
}

/** The point of a line that is nearest to a place; lines go from left to right. */
function nearest(points: readonly { readonly x: number }[], x: number): number {
  let best = 0;
  for (const [i, point] of points.entries())
    if (Math.abs(point.x - x) < Math.abs(points[best]!.x - x)) best = i;
  return best;
}
