/** Charts as SVG text. Colours are classes, so that the page decides them for light and dark. */
import { escapeHtml } from './html.js';
import { linearScale, type Scale, shortNumber } from './scale.js';

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Shown when pointed at. */
  readonly title?: string;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** Joined by a line, as steps, or single marks. */
  readonly as: 'line' | 'steps' | 'marks';
  /** Number of the colour; several series may share one. */
  readonly colour: number;
  /** Drawn thin and pale: one of many. */
  readonly faint?: boolean;
}

export interface ChartOptions {
  /** What a person who cannot see it is told. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  readonly vertical?: readonly { readonly x: number; readonly name: string }[];
}

const SIZE = { width: 520, height: 300 };
const MARGIN = { left: 52, right: 14, top: 14, bottom: 42 };

/** Lines and marks over two linear axes, with a legend of the series that are not faint. */
export function chart(options: ChartOptions): string {
  const series = options.series.map((one) => ({
    ...one,
    points: one.points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
  }));
  const all = series.flatMap(({ points }) => points);
  if (all.length === 0) return '<p class="note">Nothing to show yet.</p>';
  const x = linearScale(
    all.map((point) => point.x),
    MARGIN.left,
    SIZE.width - MARGIN.right,
  );
  const y = linearScale(
    all.map((point) => point.y),
    SIZE.height - MARGIN.bottom,
    MARGIN.top,
  );
  const parts = [
    axes(x, y, options),
    ...(options.vertical ?? []).map((line) => verticalLine(x.place(line.x), line.name)),
    ...series.map((one) => drawSeries(one, x, y)),
  ];
  return `<figure><svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${escapeHtml(options.description)}">${parts.join('')}</svg>${legend(series)}</figure>`;
}

function axes(x: Scale, y: Scale, { xLabel, yLabel }: ChartOptions): string {
  const bottom = SIZE.height - MARGIN.bottom;
  const rows = y.ticks.map((tick) => {
    const at = round(y.place(tick));
    return `<line class="grid" x1="${MARGIN.left}" x2="${SIZE.width - MARGIN.right}" y1="${at}" y2="${at}"/><text class="tick" x="${MARGIN.left - 7}" y="${at + 4}" text-anchor="end">${shortNumber(tick)}</text>`;
  });
  const columns = x.ticks.map(
    (tick) =>
      `<text class="tick" x="${round(x.place(tick))}" y="${bottom + 17}" text-anchor="middle">${shortNumber(tick)}</text>`,
  );
  const middle = (MARGIN.left + SIZE.width - MARGIN.right) / 2;
  const height = (MARGIN.top + bottom) / 2;
  return [
    ...rows,
    ...columns,
    `<text class="axis" x="${middle}" y="${SIZE.height - 6}" text-anchor="middle">${escapeHtml(xLabel)}</text>`,
    `<text class="axis" transform="translate(12 ${height}) rotate(-90)" text-anchor="middle">${escapeHtml(yLabel)}</text>`,
  ].join('');
}

function verticalLine(at: number, name: string): string {
  const x = round(at);
  return `<line class="mark" x1="${x}" x2="${x}" y1="${MARGIN.top}" y2="${SIZE.height - MARGIN.bottom}"/><text class="tick" x="${x + 4}" y="${MARGIN.top + 10}">${escapeHtml(name)}</text>`;
}

function drawSeries({ as, colour, faint, points }: Series, x: Scale, y: Scale): string {
  const places = points.map((point) => ({
    x: round(x.place(point.x)),
    y: round(y.place(point.y)),
    title: point.title,
  }));
  const strength = faint === true ? ' faint' : '';
  if (as === 'marks' || places.length === 1) {
    return places
      .map(
        (place) =>
          `<circle class="fill-${colour}${strength}" cx="${place.x}" cy="${place.y}" r="4">${place.title === undefined ? '' : `<title>${escapeHtml(place.title)}</title>`}</circle>`,
      )
      .join('');
  }
  const steps =
    as === 'steps' ? places.flatMap((p, i) => (i === 0 ? [p] : [{ ...p, y: places[i - 1]!.y }, p])) : places;
  return `<polyline class="line-${colour}${strength}" points="${steps.map((p) => `${p.x},${p.y}`).join(' ')}"/>`;
}

function legend(series: readonly Series[]): string {
  const named = series.filter((one) => one.faint !== true && one.name !== '');
  if (named.length < 2) return '';
  const keys = named.map((one) => `<span><i class="key-${one.colour}"></i>${escapeHtml(one.name)}</span>`);
  return `<figcaption class="legend">${keys.join('')}</figcaption>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** What stands at the end of the bar. */
  readonly label: string;
}

/** Horizontal bars with their names on the left and values at their ends; plain HTML, so that long names wrap. */
export function bars(all: readonly Bar[], colour = 0): string {
  const most = Math.max(...all.map((bar) => bar.value), 1e-12);
  const rows = all.map(
    ({ name, value, label }) =>
      `<div class="bar"><span class="bar-name">${escapeHtml(name)}</span><span class="bar-track"><span class="bar-fill back-${colour}" style="width:${Math.max(0.4, (100 * value) / most).toFixed(1)}%"></span></span><span class="bar-value">${escapeHtml(label)}</span></div>`,
  );
  return `<div class="bars">${rows.join('')}</div>`;
}
