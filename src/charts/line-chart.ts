import { looksOf } from './colours.js';
import { decadeTicks, linearScale, logScale, roundTicks, type Scale, spanOf } from './scale.js';
import { lineStyle, STYLE } from './style.js';
import { coordinate, escapeXml, textElement, tickLabel } from './svg.js';

/** A plain line chart as SVG text: lines with bands, linear or logarithmic x, a legend. No script, no fonts to load. */
interface ChartLine {
  readonly name: string;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    /** Ends of the band around the line; NaN for none. */
    readonly low: number;
    readonly high: number;
  }[];
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly logarithmicX?: boolean;
  /** One for each loss; its name decides its colour. */
  readonly lines: readonly ChartLine[];
}

const WIDTH = 720;
const HEIGHT = 440;
const MARGIN = { left: 64, right: 24, top: 40, bottom: 56 };
const SWATCH = 26;

/** Draws a chart. Points that are not finite are left out. */
export function lineChart({ title, xLabel, yLabel, logarithmicX = false, lines: given }: Chart): string {
  const lines = given.map((line) => ({
    ...line,
    points: line.points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
  }));
  const all = lines.flatMap((line) => line.points);
  const [left, right, bottom] = [MARGIN.left, WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom];
  const across = spanOf(all.map(({ x }) => x));
  const up = spanOf(all.flatMap(({ y, low, high }) => [y, low, high]));
  const x = (logarithmicX && all.length > 0 ? logScale : linearScale)(across.low, across.high, left, right);
  const y = linearScale(up.low, up.high, bottom, MARGIN.top);
  const columns = logarithmicX ? decadeTicks(x.low, x.high) : roundTicks(x.low, x.high, 5);
  const rows = roundTicks(y.low, y.high, 5);
  const styles = looksOf(lines.map(({ name }) => name)).map(lineStyle);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}</style>`,
    '<rect class="paper" width="100%" height="100%"/>',
    ...rows.map((tick) => gridLine(left, right, y.place(tick))),
    ...rows.map((tick) => textElement(left - 8, y.place(tick) + 4, tickLabel(tick), { anchor: 'end' })),
    ...columns.map((tick) => textElement(x.place(tick), bottom + 20, tickLabel(tick), { anchor: 'middle' })),
    textElement(WIDTH / 2, 22, title, { anchor: 'middle', className: 'title' }),
    textElement((left + right) / 2, HEIGHT - 14, xLabel, { anchor: 'middle' }),
    textElement(16, (MARGIN.top + bottom) / 2, yLabel, { anchor: 'middle', upwards: true }),
    ...lines.map((line, i) => drawBand(line, styles[i]!, x, y)),
    ...lines.map((line, i) => drawLine(line, styles[i]!, x, y)),
    ...lines.map(({ name }, i) => legend(name, styles[i]!, right, bottom - 16 - 18 * (lines.length - 1 - i))),
    '</svg>\n',
  ].join('\n');
}

const gridLine = (left: number, right: number, at: number): string =>
  `<line class="grid" x1="${left}" x2="${right}" y1="${coordinate(at)}" y2="${coordinate(at)}"/>`;

const drawLine = ({ points }: ChartLine, style: string, x: Scale, y: Scale): string =>
  `<polyline class="line ${style}" points="${points.map((point) => place(point.x, point.y, x, y)).join(' ')}"/>`;

function drawBand({ points }: ChartLine, style: string, x: Scale, y: Scale): string {
  const banded = points.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
  if (banded.length < 2) return '';
  const above = banded.map((point) => place(point.x, point.high, x, y));
  const below = banded.map((point) => place(point.x, point.low, x, y)).reverse();
  return `<polygon class="band ${style}" points="${[...above, ...below].join(' ')}"/>`;
}

const place = (valueX: number, valueY: number, x: Scale, y: Scale): string =>
  `${coordinate(x.place(valueX))},${coordinate(y.place(valueY))}`;

/** Right below in the frame, the first line on top. */
function legend(name: string, style: string, right: number, at: number): string {
  const [from, to] = [right - 8 - SWATCH, right - 8].map(coordinate);
  return (
    `<line class="line ${style}" x1="${from}" x2="${to}" y1="${coordinate(at - 4)}" y2="${coordinate(at - 4)}"/>` +
    textElement(right - 16 - SWATCH, at, name, { anchor: 'end', className: 'legend' })
  );
}
