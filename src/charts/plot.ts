import type { Along } from '../../compiler/explain/plot/line.js';
import { sampleLoss } from '../../compiler/explain/plot/sampled.js';
import type { Program } from '../../compiler/resolve/program.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { AXES } from './axes.js';
import { drawRow, EDGE, WIDTH } from './plot-row.js';
import { STYLE } from './style.js';
import { coordinate, escapeXml, textElement } from './svg.js';

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

/**
 * Losses and their gradients as an SVG picture with two panels, over what shows a loss of its kind, such as the label's probability, the
 * error of a regression, the overlap of masks or the angle of embeddings; losses of different kinds stand below each other. Below the panels
 * stands what the inputs are at every x. Losses without any gradient are named at the end. The same picture for the same losses every
 * time. Throws `LossError` for losses with errors, `PlotError` where nothing can be drawn.
 */
export function plotLosses(losses: readonly PlottedLoss[], options: PlotOptions = {}): string {
  const sampled = losses.map(({ program, decl, label }) => ({
    name: decl.name.name,
    label: label ?? decl.name.name,
    views: sampleLoss(program, decl, options),
  }));
  const missing = sampled.filter(({ views }) => views.length === 0).map(({ label }) => label);
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
    const own = sampled.flatMap(({ name, label, views }) =>
      views.filter((loss) => loss.along === along).map((loss) => ({ name, label, loss })),
    );
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
