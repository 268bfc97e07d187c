import { linearScale, roundTicks, type Scale } from './scale.js';
import { coordinate, escapeXml, textElement, tickLabel } from './svg.js';

/** A line of a panel. `style` is its class: `line0`, `line1`, … of `STYLE`. */
export interface PanelLine {
  readonly style: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** A place on the line that is worth a dot. */
  readonly dot?: { readonly x: number; readonly y: number } | undefined;
}

/** A straight line across a panel, with a word at its end. */
export interface Mark {
  readonly x: number;
  readonly label: string;
}

export interface Panel {
  /** Unique in the picture: the frame that clips the lines is called after it. */
  readonly id: string;
  readonly title: string;
  readonly xTitle: string;
  readonly x: { readonly low: number; readonly high: number };
  readonly y: { readonly low: number; readonly high: number };
  readonly lines: readonly PanelLine[];
  readonly marks?: readonly Mark[];
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Room around the frame for titles and numbers. */
export const INSET = { left: 58, right: 14, top: 30, bottom: 46 };

/** A panel as SVG elements: grid, axes with numbers and titles, lines clipped to the frame. */
export function drawPanel(panel: Panel, box: Box): string[] {
  const left = box.left + INSET.left;
  const right = box.left + box.width - INSET.right;
  const top = box.top + INSET.top;
  const bottom = box.top + box.height - INSET.bottom;
  const x = linearScale(panel.x.low, panel.x.high, left, right);
  const y = linearScale(panel.y.low, panel.y.high, bottom, top);
  const clip = `clip-${escapeXml(panel.id)}`;
  const across = roundTicks(panel.x.low, panel.x.high, 6);
  const up = roundTicks(panel.y.low, panel.y.high, 6);
  const frame = `x="${coordinate(left)}" y="${coordinate(top)}" width="${coordinate(right - left)}" height="${coordinate(bottom - top)}"`;
  return [
    `<clipPath id="${clip}"><rect ${frame}/></clipPath>`,
    ...across.map((tick) => straight('grid', x.place(tick), top, x.place(tick), bottom)),
    ...up.map((tick) => straight('grid', left, y.place(tick), right, y.place(tick))),
    ...zeroLine(y, left, right),
    ...across.map((tick) => textElement(x.place(tick), bottom + 17, tickLabel(tick), { anchor: 'middle' })),
    ...up.map((tick) => textElement(left - 7, y.place(tick) + 4, tickLabel(tick), { anchor: 'end' })),
    ...(panel.marks ?? []).flatMap((mark) => drawMark(mark, x, top, bottom)),
    `<rect ${frame} class="frame"/>`,
    textElement(left, box.top + 18, panel.title, { className: 'title' }),
    textElement((left + right) / 2, bottom + 37, panel.xTitle, { anchor: 'middle' }),
    `<g clip-path="url(#${clip})">`,
    ...panel.lines.flatMap((line) => drawLine(line, x, y)),
    '</g>',
  ];
}

function straight(className: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${className}" x1="${coordinate(x1)}" y1="${coordinate(y1)}" x2="${coordinate(x2)}" y2="${coordinate(y2)}"/>`;
}

const zeroLine = (y: Scale, left: number, right: number): string[] =>
  y.low < 0 && y.high > 0 ? [straight('zero', left, y.place(0), right, y.place(0))] : [];

function drawMark({ x: value, label }: Mark, x: Scale, top: number, bottom: number): string[] {
  if (value < x.low || value > x.high) return [];
  const place = x.place(value);
  const nearEnd = value > (x.low + x.high) / 2;
  return [
    straight('mark', place, top, place, bottom),
    textElement(place + (nearEnd ? -4 : 4), top + 13, label, {
      anchor: nearEnd ? 'end' : 'start',
      className: 'note',
    }),
  ];
}

/** Farther than this from the frame, coordinates are cut: renderers lose precision on them, and nobody sees them. */
const OUTSIDE = 2000;

function drawLine({ style, points, dot }: PanelLine, x: Scale, y: Scale): string[] {
  const cut = (scale: Scale, value: number): string => {
    const ends = [scale.place(scale.low), scale.place(scale.high)];
    const place = Math.max(
      Math.min(...ends) - OUTSIDE,
      Math.min(Math.max(...ends) + OUTSIDE, scale.place(value)),
    );
    return coordinate(place);
  };
  // A value that is not finite breaks the line.
  const pieces: string[][] = [[]];
  for (const point of points) {
    if (!Number.isFinite(point.y)) pieces.push([]);
    else pieces.at(-1)!.push(`${cut(x, point.x)},${cut(y, point.y)}`);
  }
  const drawn = pieces
    .filter((piece) => piece.length > 1)
    .map((piece) => `<polyline class="line ${style}" points="${piece.join(' ')}"/>`);
  if (dot === undefined) return drawn;
  const place = `cx="${cut(x, dot.x)}" cy="${cut(y, dot.y)}"`;
  return [...drawn, `<circle class="dot ${style}" ${place} r="3.5"/>`];
}
