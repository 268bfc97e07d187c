import type { Along, SampledLine, SampledLoss } from '../../compiler/explain/plot/line.js';
import { AXES } from './axes.js';
import { type Look, looksOf } from './colours.js';
import type { Mark, PanelLine } from './panel.js';
import { type Hidden, hiddenOf } from './same-curve.js';
import { frameOf } from './scale.js';
import { lineStyle, overStyle } from './style.js';
import { tickLabel } from './svg.js';

/** A loss of a row, by its name and what it is called in the picture. */
export interface RowLoss {
  readonly name: string;
  readonly label: string;
  readonly loss: SampledLoss;
}

/** Losses over the same axis: all that a picture of them shows, wherever it is drawn. */
export interface Row {
  /** Unique in the picture. */
  readonly id: string;
  readonly heading: string;
  readonly xTitle: string;
  readonly gradientTitle: string;
  readonly x: { readonly low: number; readonly high: number };
  readonly marks: readonly Mark[];
  /** What the legend says of each line, in their order. */
  readonly legend: readonly { readonly text: string; readonly style: string }[];
  readonly loss: Plane;
  readonly gradient: Plane;
  /** Lines outside of the frame, and what the inputs are at x. */
  readonly notes: readonly string[];
}

/** One line of the picture, with what the legend says of it. */
interface Drawn {
  readonly label: string;
  readonly look: Look;
  readonly line: SampledLine;
}

/** Characters of a line of notes that fit into the picture. */
const NOTE_CHARACTERS = 140;

export function rowOf(along: Along, losses: readonly RowLoss[], id: string): Row {
  const axes = AXES[along];
  const lines = losses.flatMap(({ name, label, loss }) =>
    loss.lines.map((line) => ({ name, label: line.note === '' ? label : `${label}, ${line.note}`, line })),
  );
  const looks = looksOf(lines.map(({ name }) => name));
  const drawn = lines.map((line, i): Drawn => ({ ...line, look: looks[i]! }));
  const counts = [...new Set(losses.flatMap(({ loss }) => loss.classes ?? []))];
  const loss = plane(drawn, ({ values }) => values);
  const gradient = plane(drawn, ({ slopes }) => slopes);
  return {
    id,
    heading: counts.length === 0 ? axes.heading : `${axes.heading}, ${counts.join(' or ')} classes`,
    xTitle: losses[0]!.loss.axis ?? axes.x,
    gradientTitle: axes.gradient,
    x: xRange(drawn),
    marks: marksOf(along, counts),
    legend: drawn.map(({ label }, i) => ({
      text: `${label}${sameness(drawn, i, loss, gradient)}`,
      style: loss.styles[i]!,
    })),
    loss: { ...loss, lines: loss.lines.map((line) => ({ ...line, dot: bottomOf(line.points) })) },
    gradient,
    notes: [...outsideOf(drawn, loss.frame), ...inputsOf(drawn)],
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
