import type { Along } from '../../compiler/explain/plot/line.js';
import { sampleLoss } from '../../compiler/explain/plot/sampled.js';
import type { Program } from '../../compiler/resolve/program.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { AXES } from './axes.js';
import { type Row, rowOf } from './row.js';

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

/** What there is to draw of some losses: those of different kinds in rows of their own. */
export interface Rows {
  readonly rows: readonly Row[];
  /** Losses without any gradient, as they are called in the picture. */
  readonly missing: readonly string[];
}

/** Throws `LossError` for losses with errors. */
export function rowsOf(losses: readonly PlottedLoss[], options: PlotOptions = {}): Rows {
  const sampled = losses.map(({ program, decl, label }) => ({
    name: decl.name.name,
    label: label ?? decl.name.name,
    views: sampleLoss(program, decl, options),
  }));
  const rows = (Object.keys(AXES) as Along[]).flatMap((along) => {
    const own = sampled.flatMap(({ name, label, views }) =>
      views.filter((loss) => loss.along === along).map((loss) => ({ name, label, loss })),
    );
    // Sums of other inputs are another axis.
    const axes = [...new Set(own.map(({ loss }) => loss.axis))];
    return axes.map((axis, i) => {
      const drawn = own.filter(({ loss }) => loss.axis === axis);
      return rowOf(along, drawn, i === 0 ? along : `${along}-${i + 1}`);
    });
  });
  return { rows, missing: sampled.filter(({ views }) => views.length === 0).map(({ label }) => label) };
}
