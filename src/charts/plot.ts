import { drawRow, EDGE, WIDTH } from './plot-row.js';
import { type PlotOptions, type PlottedLoss, rowsOf } from './rows.js';
import { STYLE } from './style.js';
import { coordinate, escapeXml, textElement } from './svg.js';

/** None of the losses can be drawn. */
export class PlotError extends Error {}

/**
 * Losses and their gradients as an SVG picture with two panels, over what shows a loss of its kind, such as the label's probability, the
 * error of a regression, the overlap of masks or the angle of embeddings; losses of different kinds stand below each other. Below the panels
 * stands what the inputs are at every x. Losses without any gradient are named at the end. The same picture for the same losses every
 * time. Throws `LossError` for losses with errors, `PlotError` where nothing can be drawn.
 */
export function plotLosses(losses: readonly PlottedLoss[], options: PlotOptions = {}): string {
  const { rows, missing } = rowsOf(losses, options);
  if (rows.length === 0) {
    throw new PlotError(
      losses.length === 0
        ? 'there is nothing to plot'
        : `${missing.join(', ')}: found no line of predictions along which the loss has a gradient`,
    );
  }
  const parts: string[] = [];
  let top = EDGE;
  for (const row of rows) {
    const drawn = drawRow(row, top);
    parts.push(...drawn.parts);
    top = drawn.bottom + EDGE;
  }
  if (missing.length > 0) {
    parts.push(
      textElement(
        EDGE,
        top + 8,
        `Not plotted, because no line with a gradient was found: ${missing.join(', ')}`,
        {
          className: 'note',
        },
      ),
    );
    top += 24;
  }
  return picture(
    losses.map(({ decl, label }) => label ?? decl.name.name),
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
