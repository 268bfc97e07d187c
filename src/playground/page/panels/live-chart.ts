import type { PanelLine } from '../../../charts/panel.js';
import { element, fill } from '../dom.js';
import { plotPanel } from './plot-panel.js';

interface LiveFrame {
  readonly title: string;
  readonly xTitle: string;
  readonly x: { readonly low: number; readonly high: number };
  readonly y: { readonly low: number; readonly high: number };
}

const HEIGHT = 320;

/** A frame that is drawn again as its lines grow. */
export class LiveChart {
  readonly element = element('div', { class: 'live' });
  #frame: LiveFrame | undefined;
  #lines: readonly PanelLine[] = [];
  #dots: readonly { readonly x: number; readonly y: number }[] = [];
  #isAsked = false;

  constructor(private readonly id: string) {
    new ResizeObserver(() => this.#draw()).observe(this.element);
  }

  /** `dots` stand behind the lines. */
  show(
    frame: LiveFrame,
    lines: readonly PanelLine[],
    dots: readonly { readonly x: number; readonly y: number }[] = [],
  ): void {
    this.#frame = frame;
    this.#lines = lines;
    this.#dots = dots;
    // News come faster than anybody sees.
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      this.#draw();
    });
  }

  #draw(): void {
    const width = this.element.clientWidth;
    if (this.#frame === undefined || width === 0) return;
    const panel = plotPanel({ ...this.#frame, id: this.id, lines: this.#lines }, width, HEIGHT);
    panel.addDots(this.#dots);
    fill(this.element, panel.picture);
  }
}
