/** Charts as SVG. Colours are classes, so that the page decides them for light and dark. */
import type { Look } from '../charts/colours.js';
import { linearScale, roundTicks, type Scale, spanOf } from '../charts/scale.js';
import { DASHES } from '../charts/style.js';
import { coordinate, tickLabel } from '../charts/svg.js';
import { type Content, type Html, html } from './html.js';

interface Point {
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
  /** Several series may share a colour. */
  readonly look: Look;
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
export function chart(options: ChartOptions): Html {
  const series = options.series.map((one) => ({
    ...one,
    points: one.points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
  }));
  const all = series.flatMap(({ points }) => points);
  if (all.length === 0) return html`<p class="note">Nothing to show yet.</p>`;
  const [across, up] = [spanOf(all.map(({ x }) => x)), spanOf(all.map(({ y }) => y))];
  const x = linearScale(across.low, across.high, MARGIN.left, SIZE.width - MARGIN.right);
  const y = linearScale(up.low, up.high, SIZE.height - MARGIN.bottom, MARGIN.top);
  const parts = [
    axes(x, y, options),
    ...(options.vertical ?? []).map((line) => verticalLine(x.place(line.x), line.name)),
    ...series.map((one) => drawSeries(one, x, y)),
  ];
  return html`<figure><svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${options.description}">${parts}</svg>${legend(series)}</figure>`;
}

function axes(x: Scale, y: Scale, { xLabel, yLabel }: ChartOptions): Html {
  const bottom = SIZE.height - MARGIN.bottom;
  const rows = roundTicks(y.low, y.high, 5).map((tick) => {
    const at = round(y.place(tick));
    return html`<line class="grid" x1="${MARGIN.left}" x2="${SIZE.width - MARGIN.right}" y1="${at}" y2="${at}"/><text class="tick" x="${MARGIN.left - 7}" y="${at + 4}" text-anchor="end">${tickLabel(tick)}</text>`;
  });
  const columns = roundTicks(x.low, x.high, 5).map(
    (tick) =>
      html`<text class="tick" x="${round(x.place(tick))}" y="${bottom + 17}" text-anchor="middle">${tickLabel(tick)}</text>`,
  );
  const middle = (MARGIN.left + SIZE.width - MARGIN.right) / 2;
  const height = (MARGIN.top + bottom) / 2;
  return html`${rows}${columns}<text class="axis" x="${middle}" y="${SIZE.height - 6}" text-anchor="middle">${xLabel}</text><text class="axis" transform="translate(12 ${height}) rotate(-90)" text-anchor="middle">${yLabel}</text>`;
}

function verticalLine(at: number, name: string): Html {
  const x = round(at);
  return html`<line class="mark" x1="${x}" x2="${x}" y1="${MARGIN.top}" y2="${SIZE.height - MARGIN.bottom}"/><text class="tick" x="${x + 4}" y="${MARGIN.top + 10}">${name}</text>`;
}

function drawSeries({ as, look, faint, points }: Series, x: Scale, y: Scale): Content {
  const places = points.map((point) => ({
    x: round(x.place(point.x)),
    y: round(y.place(point.y)),
    title: point.title,
  }));
  const strength = faint === true ? ' faint' : '';
  if (as === 'marks' || places.length === 1) {
    return places.map(
      (place) =>
        html`<circle class="fill-${look.colour}${strength}" cx="${place.x}" cy="${place.y}" r="4">${place.title === undefined ? '' : html`<title>${place.title}</title>`}</circle>`,
    );
  }
  const steps =
    as === 'steps' ? places.flatMap((p, i) => (i === 0 ? [p] : [{ ...p, y: places[i - 1]!.y }, p])) : places;
  return html`<polyline class="${classOf('line', look)}${strength}" points="${steps.map((p) => `${p.x},${p.y}`).join(' ')}"/>`;
}

/** Lines of one colour differ in their dashes. */
const classOf = (what: 'line' | 'key', { colour, further }: Look): string =>
  further === 0 ? `${what}-${colour}` : `${what}-${colour} ${what}-dash-${further % DASHES.length}`;

function legend(series: readonly Series[]): Content {
  const named = series.filter((one) => one.faint !== true && one.name !== '');
  if (named.length < 2) return '';
  const keys = named.map((one) => html`<span><i class="${classOf('key', one.look)}"></i>${one.name}</span>`);
  return html`<figcaption class="legend">${keys}</figcaption>`;
}

const round = (value: number): number => Number(coordinate(value));

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** What stands at the end of the bar. */
  readonly label: string;
}

/** Horizontal bars with their names on the left and values at their ends. Their lengths are drawn, for the page allows no styles in elements. */
export function bars(all: readonly Bar[], colour = 0): Html {
  const most = Math.max(...all.map((bar) => bar.value), 1e-12);
  const rows = all.map(({ name, value, label }) => {
    const width = Math.max(0.4, (100 * value) / most).toFixed(1);
    return html`<div class="bar"><span class="bar-name">${name}</span><svg class="bar-track" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true"><rect class="fill-${colour}" width="${width}" height="12"/></svg><span class="bar-value">${label}</span></div>`;
  });
  return html`<div class="bars">${rows}</div>`;
}
