/** Losses on rows of targets, as screening and the checks before a training ask them. */
import type { NumericLoss } from '../../../compiler/loss/numeric.js';
import type { TargetForm } from '../tasks/tasks.js';

/** Rows in another form. */
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
    case 'numbers':
      return Float64Array.from({ length: rows.length / classes }, (_, i) => rows[i * classes]!);
  }
}

/** The value of each row of a loss that has one for each number in it. */
function ofRows(values: Float64Array, batch: number, classes: number): Float64Array {
  if (values.length !== batch * classes) return values;
  return Float64Array.from(
    { length: batch },
    (_, i) => values.subarray(i * classes, (i + 1) * classes).reduce((a, b) => a + b, 0) / classes,
  );
}

/** The loss as one that is given rows and values each row, whatever it takes; a batch that it reduces has one value. */
export const takingRows = (loss: NumericLoss, form: TargetForm): NumericLoss => ({
  evaluate: (rows, output, batch, classes) => {
    const { values, gradient } = loss.evaluate(fromRows(rows, classes, form), output, batch, classes);
    return { values: ofRows(values, batch, classes), gradient };
  },
});
