import type { Along, SampledLine, SampledLoss } from '../../compiler/explain/plot/line.js';
import { AXES } from './axes.js';
import { type Look, looksOf } from './colours.js';
import { drawPanel, type Mark, type PanelLine } from './panel.js';
import { type Hidden, hiddenOf } from './same-curve.js';
import { frameOf } from './scale.js';
import { lineStyle, overStyle } from './style.js';
import { coordinate, textElement, tickLabel } from './svg.js';

/** A loss of a row, by its name and what it is called in the picture. */
interface RowLoss {
  readonly name: string;
  readonly label: string;
  readonly loss: SampledLoss;
}

/** One line of the picture, with what the legend says of it. */
interface Drawn {
  readonly label: string;
  readonly look: Look;
  readonly line: SampledLine;
}

export const WIDTH = 900;
export const EDGE = 16;
const PANEL_HEIGHT = 330;
const LEGEND_LINE = 20;
/** Width of a character of the legend, at most: system fonts differ. */
const CHARACTER = 7.2;
const SWATCH = 26;
/** Characters of a line of notes that fit into the picture. */
const NOTE_CHARACTERS = 140;

/** Losses over the same axis: a heading, a legend, two panels and notes. `id` is unique in the picture. */
export function drawRow(
  along: Along,
  losses: readonly RowLoss[],
  top: number,
  id: string,
): { parts: string[]; bottom: number } {
  const axes = AXES[along];
  const lines = losses.flatMap(({ name, label, loss }) =>
    loss.lines.map((line) => ({ name, label: line.note === '' ? label : `${label}, ${line.note}`, line })),
  );
  const looks = looksOf(lines.map(({ name }) => name));
  const drawn = lines.map((line, i): Drawn => ({ ...line, look: looks[i]! }));
  const counts = [...new Set(losses.flatMap(({ loss }) => loss.classes ?? []))];
  const heading = counts.length === 0 ? axes.heading : `${axes.heading}, ${counts.join(' or ')} classes`;
  const loss = plane(drawn, ({ values }) => values);
  const gradient = plane(drawn, ({ slopes }) => slopes);
  const { parts: legend, bottom: below } = drawLegend(
    drawn.map(({ label }, i) => ({
      text: `${label}${sameness(drawn, i, loss, gradient)}`,
      style: loss.styles[i]!,
    })),
    top + 34,
  );
  const box = { top: below, width: (WIDTH - 3 * EDGE) / 2, height: PANEL_HEIGHT };
  const panel = { xTitle: losses[0]!.loss.axis ?? axes.x, x: xRange(drawn), marks: marksOf(along, counts) };
  const notes = [...outsideOf(drawn, loss.frame), ...inputsOf(drawn)];
  return {
    parts: [
      textElement(EDGE, top + 14, heading, { className: 'heading' }),
      ...legend,
      ...drawPanel(
        {
          ...panel,
          id: `${id}-loss`,
          title: 'Loss',
          y: loss.frame,
          lines: loss.lines.map((line) => ({ ...line, dot: bottomOf(line.points) })),
        },
        { ...box, left: EDGE },
      ),
      ...drawPanel(
        {
          ...panel,
          id: `${id}-gradient`,
          title: axes.gradient,
          y: gradient.frame,
          lines: gradient.lines,
        },
        { ...box, left: 2 * EDGE + box.width },
      ),
      ...notes.map((text, i) =>
        textElement(EDGE, below + PANEL_HEIGHT + 10 + 16 * i, text, { className: 'note' }),
      ),
    ],
    bottom: below + PANEL_HEIGHT + 16 * notes.length,
  };
}

/** Lines in their frame, those that lie on others with gaps. */
interface Plane {
  readonly frame: { readonly low: number; readonly high: number };
  readonly hidden: readonly (Hidden | undefined)[];
  readonly styles: readonly string[];
  readonly lines: readonly PanelLine[];
}

function plane(drawn: readonly Drawn[], ys: (line: SampledLine) => readonly number[]): Plane {
  const frame = frameOf(drawn.map(({ line }) => ys(line)));
  const hidden = hiddenOf(
    drawn.map(({ line }) => ({ x: line.x, y: ys(line) })),
    frame.high - frame.low,
  );
  const styles = drawn.map(({ look }, i) => {
    const below = hidden[i];
    return below === undefined ? lineStyle(look) : overStyle(look, below.before);
  });
  const lines = drawn.map(({ line }, i) => ({
    style: styles[i]!,
    points: line.x.map((x, k) => ({ x, y: ys(line)[k]! })),
  }));
  return { frame, hidden, styles, lines };
}

/** What the legend says of a line that cannot be told from another one. */
function sameness(drawn: readonly Drawn[], i: number, loss: Plane, gradient: Plane): string {
  for (const [{ hidden }, what] of [
    [loss, 'curve'],
    [gradient, 'gradient'],
  ] as const) {
    const found = hidden[i];
    if (found !== undefined)
      return ` (${found.isExact ? '' : 'nearly '}the same ${what} as ${drawn[found.under]!.label})`;
  }
  return '';
}

/** Lines that are nowhere in the frame of the losses, with where they are. */
function outsideOf(drawn: readonly Drawn[], frame: { low: number; high: number }): string[] {
  return drawn.flatMap(({ label, line }) => {
    const finite = line.values.filter((value) => Number.isFinite(value));
    if (finite.length === 0) return [`${label} has no finite value here.`];
    if (finite.some((value) => value >= frame.low && value <= frame.high)) return [];
    const [low, high] = [Math.min(...finite), Math.max(...finite)].map(tickLabel);
    return [`The loss of ${label} is outside the frame: from ${low} to ${high}.`];
  });
}

/** What the inputs of the lines are at x, said once for all lines that have the same. */
function inputsOf(drawn: readonly Drawn[]): string[] {
  const groups = new Map<string, { labels: string[]; stated: SampledLine['stated'] }>();
  for (const { label, line } of drawn) {
    const key = JSON.stringify(line.stated);
    const group = groups.get(key) ?? { labels: [], stated: line.stated };
    group.labels.push(label);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ labels, stated }) => {
    const whose = groups.size === 1 ? 'Inputs:' : `Inputs of ${labels.join('; ')}:`;
    const inputs = stated.map(({ name, text }, i) => `${name} = ${text}${i < stated.length - 1 ? ',' : ''}`);
    return wrapped([...whose.split(' '), ...inputs]);
  });
}

/** Words in lines that fit into the picture. */
function wrapped(words: readonly string[]): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + 1 + word.length > NOTE_CHARACTERS) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** What x may be, in round numbers. */
function xRange(drawn: readonly Drawn[]): { low: number; high: number } {
  const all = drawn.flatMap(({ line }) => [line.x[0]!, line.x.at(-1)!]);
  // 4 with a rounding error is 4.
  return { low: Math.floor(Math.min(...all) + 1e-9), high: Math.ceil(Math.max(...all) - 1e-9) };
}

/** Where training begins: at the uniform prediction. */
function marksOf(along: Along, counts: readonly number[]): Mark[] {
  return along === 'probability' && counts.length === 1 ? [{ x: 1 / counts[0]!, label: 'uniform' }] : [];
}

/** The lowest point, if it is inside: with a rise on either side. */
function bottomOf(
  points: readonly { readonly x: number; readonly y: number }[],
): { x: number; y: number } | undefined {
  const at = points.reduce((best, point, i) => (point.y < points[best]!.y ? i : best), 0);
  const lowest = points[at]!;
  const inside = points[0]!.y > lowest.y && points.at(-1)!.y > lowest.y && at > 2 && at < points.length - 3;
  return inside ? lowest : undefined;
}

/** Names with a piece of their line, in as many rows as they need. */
function drawLegend(
  entries: readonly { readonly text: string; readonly style: string }[],
  top: number,
): { parts: string[]; bottom: number } {
  const parts: string[] = [];
  let [left, y] = [EDGE, top];
  for (const { text, style } of entries) {
    const width = SWATCH + 8 + text.length * CHARACTER + 18;
    if (left > EDGE && left + width > WIDTH - EDGE) [left, y] = [EDGE, y + LEGEND_LINE];
    const middle = coordinate(y - 4);
    parts.push(
      `<line class="line ${style}" x1="${coordinate(left)}" y1="${middle}" x2="${coordinate(left + SWATCH)}" y2="${middle}"/>`,
      textElement(left + SWATCH + 8, y, text, { className: 'legend' }),
    );
    left += width;
  }
  return { parts, bottom: y + 8 };
}
