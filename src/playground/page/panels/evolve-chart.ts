import { GREY } from '../../../charts/colours.js';
import { lineStyle } from '../../../charts/style.js';
import type { FrontLoss } from '../../training/messages.js';
import { element, fill } from '../dom.js';
import { LiveChart } from './live-chart.js';

type Tried = Pick<FrontLoss, 'size' | 'accuracy'>;

/** Nodes that the chart has room for from the beginning. */
const ROOM = 12;
/** Accuracy below the worst loss of the front that is still seen: most of what is tried is worse. */
const BELOW = 0.25;
const STYLE = lineStyle({ colour: 0, further: 0 });
const REFERENCE_STYLE = lineStyle({ colour: GREY, further: 1 });

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Accuracy against size: all that was trained, and the steps of what beats everything smaller. */
export class EvolveChart {
  readonly #chart = new LiveChart('evolve');
  readonly #legend = element('ul', { class: 'legend' });
  readonly element = element('div', {}, this.#legend, this.#chart.element);
  #reference: number | undefined;
  #tried: readonly Tried[] = [];
  #front: readonly Tried[] = [];

  clear(): void {
    this.#tried = [];
    this.#reference = undefined;
    fill(this.#legend);
    this.showFront([]);
  }

  /** What cross-entropy came to. */
  showReference(accuracy: number): void {
    this.#reference = accuracy;
    fill(
      this.#legend,
      element('li', {}, key(0), ' the front: each beats all smaller losses'),
      element(
        'li',
        {},
        key(GREY),
        ' cross-entropy, trained the same way ',
        element('output', {}, percent(accuracy)),
      ),
    );
    this.#draw();
  }

  addTried({ size, accuracy }: Tried): void {
    this.#tried = [...this.#tried, { size, accuracy }];
    this.#draw();
  }

  showFront(front: readonly Tried[]): void {
    this.#front = front;
    this.#draw();
  }

  #draw(): void {
    const all = [...this.#front, ...this.#tried];
    const right = Math.max(ROOM, ...all.map(({ size }) => size + 1));
    const worst = Math.min(...this.#front.map(({ accuracy }) => accuracy));
    const low = this.#front.length === 0 ? 0 : Math.max(0, Math.floor(10 * (worst - BELOW)) / 10);
    const reference = this.#reference ?? Number.NaN;
    const at = ({ size, accuracy }: Tried) => ({ x: size, y: accuracy });
    const seen = this.#tried.filter(({ accuracy }) => accuracy >= low);
    this.#chart.show(
      {
        title: 'Accuracy on 400 held-out digits',
        xTitle: 'size (nodes in the formula)',
        x: { low: 0, high: right },
        y: { low, high: 1 },
      },
      [
        { style: REFERENCE_STYLE, points: [0, right].map((x) => ({ x, y: reference })) },
        { style: STYLE, points: this.#steps(right) },
        ...this.#front.map((loss) => ({ style: STYLE, points: [], dot: at(loss) })),
      ],
      seen.map(at),
    );
  }

  /** From each loss of the front across to the next, and up. */
  #steps(right: number): readonly { readonly x: number; readonly y: number }[] {
    return this.#front.flatMap(({ size, accuracy }, i) => [
      { x: size, y: accuracy },
      { x: this.#front[i + 1]?.size ?? right, y: accuracy },
    ]);
  }
}

const key = (colour: number): HTMLElement => element('i', { class: `key key${colour}` });
