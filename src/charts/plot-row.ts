import { drawPanel } from './panel.js';
import type { Row } from './row.js';
import { coordinate, textElement } from './svg.js';

export const WIDTH = 900;
export const EDGE = 16;
const PANEL_HEIGHT = 330;
const LEGEND_LINE = 20;
/** Width of a character of the legend, at most: system fonts differ. */
const CHARACTER = 7.2;
const SWATCH = 26;

/** A row of a picture: a heading, a legend, two panels and notes. */
export function drawRow(row: Row, top: number): { parts: string[]; bottom: number } {
  const { id, heading, xTitle, gradientTitle, x, marks, legend, loss, gradient, notes } = row;
  const { parts, bottom: below } = drawLegend(legend, top + 34);
  const box = { top: below, width: (WIDTH - 3 * EDGE) / 2, height: PANEL_HEIGHT };
  const panel = { xTitle, x, marks };
  return {
    parts: [
      textElement(EDGE, top + 14, heading, { className: 'heading' }),
      ...parts,
      ...drawPanel(
        { ...panel, id: `${id}-loss`, title: 'Loss', y: loss.frame, lines: loss.lines },
        { ...box, left: EDGE },
      ),
      ...drawPanel(
        { ...panel, id: `${id}-gradient`, title: gradientTitle, y: gradient.frame, lines: gradient.lines },
        { ...box, left: 2 * EDGE + box.width },
      ),
      ...notes.map((text, i) =>
        textElement(EDGE, below + PANEL_HEIGHT + 10 + 16 * i, text, { className: 'note' }),
      ),
    ],
    bottom: below + PANEL_HEIGHT + 16 * notes.length,
  };
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
