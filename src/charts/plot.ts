import type { Along, SampledLine, SampledLoss } from '../../compiler/explain/plot/line.js';
import { sampleLoss } from '../../compiler/explain/plot/sampled.js';
import type { Program } from '../../compiler/resolve/program.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { AXES } from './axes.js';
import { coloursOf } from './colours.js';
import { drawPanel, type Mark, type PanelLine } from './panel.js';
import { frameOf } from './scale.js';
import { lineStyle, STYLE } from './style.js';
import { coordinate, escapeXml, textElement, tickLabel } from './svg.js';

/** A loss to draw, and what it is called in the picture: its own name unless said otherwise. */
export interface PlottedLoss {
  readonly program: Program;
  readonly decl: LossDecl;
  readonly label?: string;
}

export interface PlotOptions {
  /** Length of the axis of classes; 10 unless said otherwise. */
  readonly classes?: number;
}

/** None of the losses can be drawn. */
export class PlotError extends Error {}

/** One line of the picture, with what the legend says of it. */
interface Drawn {
  readonly label: string;
  readonly style: string;
  readonly line: SampledLine;
}

const WIDTH = 900;
const EDGE = 16;
const PANEL_HEIGHT = 330;
const LEGEND_LINE = 20;
/** Width of a character of the legend, at most: system fonts differ. */
const CHARACTER = 7.2;
const SWATCH = 26;
/** Characters of a line of notes that fit into the picture. */
const NOTE_CHARACTERS = 140;

/**
 * Losses and their gradients as an SVG picture with two panels, over what shows a loss of its kind, such as the label's probability, the
 * error of a regression, the overlap of masks or the angle of embeddings; losses of different kinds stand below each other. Below the panels
 * stands what the inputs are at every x. Losses without any gradient are named at the end. The same picture for the same losses every
 * time. Throws `LossError` for losses with errors, `PlotError` where nothing can be drawn.
 */
export function plotLosses(losses: readonly PlottedLoss[], options: PlotOptions = {}): string {
  const sampled = losses.map(({ program, decl, label }) => ({
    label: label ?? decl.name.name,
    loss: sampleLoss(program, decl, options),
  }));
  const missing = sampled.filter(({ loss }) => loss === undefined).map(({ label }) => label);
  if (missing.length === losses.length) {
    throw new PlotError(
      losses.length === 0
        ? 'there is nothing to draw'
        : `${missing.join(', ')}: no line of predictions was found along which such a loss has a gradient`,
    );
  }
  const parts: string[] = [];
  let top = EDGE;
  for (const along of Object.keys(AXES) as Along[]) {
    const own = sampled.flatMap(({ label, loss }) => (loss?.along === along ? [{ label, loss }] : []));
    // Sums of other inputs are another axis.
    const axes = [...new Set(own.map(({ loss }) => loss.axis))];
    for (const [i, axis] of axes.entries()) {
      const drawn = own.filter(({ loss }) => loss.axis === axis);
      const row = drawRow(along, drawn, top, i === 0 ? along : `${along}-${i + 1}`);
      parts.push(...row.parts);
      top = row.bottom + EDGE;
    }
  }
  if (missing.length > 0) {
    parts.push(
      textElement(EDGE, top + 8, `Not drawn, for lack of a gradient along any line: ${missing.join(', ')}`, {
        className: 'note',
      }),
    );
    top += 24;
  }
  return picture(
    sampled.map(({ label }) => label),
    parts,
    top,
  );
}

function picture(labels: readonly string[], parts: readonly string[], height: number): string {
  const size = `width="${WIDTH}" height="${coordinate(height)}" viewBox="0 0 ${WIDTH} ${coordinate(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">`,
    `<title>${escapeXml(`Loss and gradient of ${labels.join(', ')}`)}</title>`,
    `<style>${STYLE}</style>`,
    '<rect class="paper" width="100%" height="100%"/>',
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function drawRow(
  along: Along,
  losses: readonly { readonly label: string; readonly loss: SampledLoss }[],
  top: number,
  id: string,
): { parts: string[]; bottom: number } {
  const axes = AXES[along];
  const drawn = losses
    .flatMap(({ label, loss }) =>
      loss.lines.map((line) => ({
        name: label,
        label: line.note === '' ? label : `${label}, ${line.note}`,
        line,
      })),
    )
    .map(({ name, ...entry }, i, all): Drawn => {
      const colours = coloursOf(all.map((one) => one.name));
      const before = all.slice(0, i).filter((one) => one.name === name).length;
      return { ...entry, style: lineStyle(colours(name), before) };
    });
  const counts = [...new Set(losses.flatMap(({ loss }) => loss.classes ?? []))];
  const heading = counts.length === 0 ? axes.heading : `${axes.heading}, ${counts.join(' or ')} classes`;
  const { parts: legend, bottom: below } = drawLegend(drawn, top + 34);
  const box = { top: below, width: (WIDTH - 3 * EDGE) / 2, height: PANEL_HEIGHT };
  const x = xRange(drawn);
  const panel = { xTitle: losses[0]!.loss.axis ?? axes.x, x, marks: marksOf(along, counts) };
  const values = (line: SampledLine): readonly number[] => line.values;
  const slopes = (line: SampledLine): readonly number[] => line.slopes;
  const frame = frameOf(drawn.map(({ line }) => values(line)));
  const notes = [...outsideOf(drawn, frame), ...inputsOf(drawn)];
  return {
    parts: [
      textElement(EDGE, top + 14, heading, { className: 'heading' }),
      ...legend,
      ...drawPanel(
        {
          ...panel,
          id: `${id}-loss`,
          title: 'Loss',
          y: frame,
          lines: drawn.map((entry) => panelLine(entry, values, true)),
        },
        { ...box, left: EDGE },
      ),
      ...drawPanel(
        {
          ...panel,
          id: `${id}-gradient`,
          title: axes.gradient,
          y: frameOf(drawn.map(({ line }) => slopes(line))),
          lines: drawn.map((entry) => panelLine(entry, slopes, false)),
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
  const labels = new Map<string, string[]>();
  for (const { label, line } of drawn) {
    const text = line.stated.map(({ name, text: value }) => `${name} = ${value}`).join(', ');
    labels.set(text, [...(labels.get(text) ?? []), label]);
  }
  return [...labels].flatMap(([text, own]) =>
    wrapped(labels.size === 1 ? `Inputs: ${text}` : `Inputs of ${own.join('; ')}: ${text}`),
  );
}

/** A sentence in lines that fit into the picture. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > NOTE_CHARACTERS) {
      lines.push(line);
      line = '    ';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** What x may be, in round numbers. */
function xRange(drawn: readonly Drawn[]): { low: number; high: number } {
  const all = drawn.flatMap(({ line }) => [line.x[0]!, line.x.at(-1)!]);
  return { low: Math.floor(Math.min(...all)), high: Math.ceil(Math.max(...all)) };
}

/** Where training begins: at the uniform prediction. */
function marksOf(along: Along, counts: readonly number[]): Mark[] {
  return along === 'probability' && counts.length === 1 ? [{ x: 1 / counts[0]!, label: 'uniform' }] : [];
}

function panelLine(
  { style, line }: Drawn,
  ys: (line: SampledLine) => readonly number[],
  dotted: boolean,
): PanelLine {
  const points = line.x.map((x, i) => ({ x, y: ys(line)[i]! }));
  return { style, points, dot: dotted ? bottomOf(points) : undefined };
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
function drawLegend(drawn: readonly Drawn[], top: number): { parts: string[]; bottom: number } {
  const parts: string[] = [];
  let [left, y] = [EDGE, top];
  for (const { label, style } of drawn) {
    const width = SWATCH + 8 + label.length * CHARACTER + 18;
    if (left > EDGE && left + width > WIDTH - EDGE) [left, y] = [EDGE, y + LEGEND_LINE];
    const middle = coordinate(y - 4);
    parts.push(
      `<line class="line ${style}" x1="${coordinate(left)}" y1="${middle}" x2="${coordinate(left + SWATCH)}" y2="${middle}"/>`,
      textElement(left + SWATCH + 8, y, label, { className: 'legend' }),
    );
    left += width;
  }
  return { parts, bottom: y + 8 };
}
