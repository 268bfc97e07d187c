import type { NumericLoss } from '../../../compiler/evaluate/numeric.js';
import type { TargetForm } from './feeding.js';

/** Rows of 0 and 1 in another form. */
function fromRows(rows: Float64Array, classes: number, form: TargetForm): Float64Array {
  switch (form) {
    case 'rows':
      return rows;
    case 'signs':
      return rows.map((x) => 2 * x - 1);
    case 'labels':
      return Float64Array.from({ length: rows.length / classes }, (_, i) =>
        rows.subarray(i * classes, (i + 1) * classes).indexOf(1),
      );
  }
}

/** The loss as one that is given rows of 0 and 1, whatever it takes. */
export const takingRows = (loss: NumericLoss, form: TargetForm): NumericLoss => ({
  evaluate: (rows, output, batch, classes) =>
    loss.evaluate(fromRows(rows, classes, form), output, batch, classes),
});
