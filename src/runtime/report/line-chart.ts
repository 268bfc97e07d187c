import { log } from '../../../compiler/elementary/logarithm.js';
import { decadeOf, powerOfTen } from '../../../compiler/elementary/power.js';

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
  readonly lines: readonly ChartLine[];
}

const WIDTH = 720;
const HEIGHT = 440;
const MARGIN = { left: 64, right: 24, top: 40, bottom: 56 };
/** Okabe and Ito's colours, which people with the common colour-vision deficiencies can tell apart. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#999999'];

/** Draws a chart. Points that are not finite are left out. */
export function lineChart(chart: Chart): string {
  const lines = chart.lines.map((line) => ({
    ...line,
    points: line.points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
  }));
  const all = lines.flatMap((line) => line.points);
  const x = axis(
    all.map((point) => point.x),
    [MARGIN.left, WIDTH - MARGIN.right],
    chart.logarithmicX === true,
  );
  const y = axis(
    all.flatMap((point) => [point.y, point.low, point.high]).filter(Number.isFinite),
    [HEIGHT - MARGIN.bottom, MARGIN.top],
    false,
  );
  const body = [
    ...y.ticks.map(
      (tick) =>
        `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at(y.place(tick))}" y2="${at(y.place(tick))}" stroke="#ddd"/>` +
        text(MARGIN.left - 8, y.place(tick) + 4, label(tick), 'end'),
    ),
    ...x.ticks.map((tick) => text(x.place(tick), HEIGHT - MARGIN.bottom + 20, label(tick), 'middle')),
    text(WIDTH / 2, 22, chart.title, 'middle'),
    text((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 14, chart.xLabel, 'middle'),
    `<g transform="rotate(-90 16 ${HEIGHT / 2})">${text(16, HEIGHT / 2, chart.yLabel, 'middle')}</g>`,
    ...lines.map((line, index) => drawLine(line, colour(index), x.place, y.place)),
    ...lines.map((line, index) => legend(line.name, index)),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

type Place = (value: number) => number;

function drawLine(line: ChartLine, stroke: string, x: Place, y: Place): string {
  const path = line.points.map((point) => `${at(x(point.x))},${at(y(point.y))}`).join(' ');
  const banded = line.points.filter((point) => Number.isFinite(point.low) && Number.isFinite(point.high));
  const above = banded.map((point) => `${at(x(point.x))},${at(y(point.high))}`);
  const below = [...banded].reverse().map((point) => `${at(x(point.x))},${at(y(point.low))}`);
  const band =
    banded.length > 1
      ? `<polygon points="${[...above, ...below].join(' ')}" fill="${stroke}" opacity="0.15"/>`
      : '';
  return `${band}<polyline points="${path}" fill="none" stroke="${stroke}" stroke-width="2"/>`;
}

function legend(name: string, index: number): string {
  const top = HEIGHT - MARGIN.bottom - 16 - 18 * index;
  const left = WIDTH - MARGIN.right - 16;
  return (
    `<rect x="${left}" y="${top - 9}" width="12" height="10" fill="${colour(index)}"/>` +
    text(left - 6, top, name, 'end')
  );
}

function axis(values: readonly number[], [from, to]: readonly [number, number], logarithmic: boolean) {
  const scale = logarithmic ? log : (value: number): number => value;
  // Not as arguments: a long training has more points than fit onto the stack.
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const empty = !(high > low);
  const [start, end] = empty ? [scale(low || 1) - 1, scale(low || 1) + 1] : [scale(low), scale(high)];
  const place: Place = (value) => from + ((scale(value) - start) / (end - start)) * (to - from);
  return { place, ticks: values.length === 0 ? [] : ticks(low, high, logarithmic) };
}

/** Round numbers within the range: about five, or the powers of ten and their halves. */
function ticks(low: number, high: number, logarithmic: boolean): readonly number[] {
  if (!(high > low)) return [low];
  if (logarithmic) {
    const first = decadeOf(low);
    const last = decadeOf(high);
    return Array.from({ length: last - first + 1 }, (_, i) => powerOfTen(first + i))
      .flatMap((power) => [power, 2 * power, 5 * power])
      .filter((tick) => tick >= low && tick <= high);
  }
  const rough = (high - low) / 5;
  const power = powerOfTen(decadeOf(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough)!;
  const count = Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => (Math.ceil(low / step - 1e-9) + i) * step);
}

const colour = (index: number): string => COLOURS[index % COLOURS.length]!;
const at = (value: number): string => value.toFixed(1);
const label = (value: number): string => String(Number(value.toPrecision(4)));

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string {
  const escaped = content.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  return `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}">${escaped}</text>`;
}
