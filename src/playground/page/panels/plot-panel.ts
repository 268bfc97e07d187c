import { drawPanel, INSET, type Panel } from '../../../charts/panel.js';
import { linearScale } from '../../../charts/scale.js';
import { picture, svgElement } from '../svg.js';

interface PlotPanel {
  readonly picture: SVGSVGElement;
  /** Marks a place on the lines; none for undefined. */
  mark(x: number | undefined): void;
  /** Faint dots for what is no line. */
  addDots(dots: readonly { readonly x: number; readonly y: number }[]): void;
  /** Is told where the pointer is. */
  onPlace(told: (x: number | undefined) => void): void;
}

/** One frame with its lines, and a mark that can be moved along them. */
export function plotPanel(panel: Panel, width: number, height: number): PlotPanel {
  const drawn = picture(drawPanel(panel, { left: 0, top: 0, width, height }), width, height);
  drawn.setAttribute('role', 'img');
  drawn.setAttribute('aria-label', panel.title);
  const [left, right] = [INSET.left, width - INSET.right];
  const [top, bottom] = [INSET.top, height - INSET.bottom];
  const across = linearScale(panel.x.low, panel.x.high, left, right);
  const up = linearScale(panel.y.low, panel.y.high, bottom, top);
  const pointer = svgElement('g', { class: 'pointer' });
  drawn.append(pointer);
  return {
    picture: drawn,
    mark(x) {
      pointer.replaceChildren();
      if (x === undefined) return;
      const at = across.place(x);
      pointer.append(svgElement('line', { class: 'mark', x1: at, x2: at, y1: top, y2: bottom }));
      for (const { style, points } of panel.lines) {
        const near = points.reduce((best, point) =>
          Math.abs(point.x - x) < Math.abs(best.x - x) ? point : best,
        );
        const cy = up.place(near.y);
        if (cy >= top && cy <= bottom)
          pointer.append(svgElement('circle', { class: `dot ${style}`, cx: at, cy, r: 3.5 }));
      }
    },
    addDots(dots) {
      const lines = drawn.querySelector('[clip-path]') ?? pointer;
      for (const { x, y } of dots)
        lines.before(svgElement('circle', { class: 'faint', cx: across.place(x), cy: up.place(y), r: 3 }));
    },
    onPlace(told) {
      drawn.addEventListener('pointermove', (event) => {
        const box = drawn.getBoundingClientRect();
        const share = ((event.clientX - box.left) * (width / box.width) - left) / (right - left);
        const { low, high } = panel.x;
        told(share < 0 || share > 1 ? undefined : low + share * (high - low));
      });
      drawn.addEventListener('pointerleave', () => told(undefined));
    },
  };
}
