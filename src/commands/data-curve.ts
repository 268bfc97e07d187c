import { dataCurve } from '../runtime/data-curve.js';
import { dataCurveSvg, dataCurveText } from '../runtime/report/comparison.js';
import { type Define, wholeNumber } from './command.js';
import { addCompareOptions, type CompareOptions, runComparison } from './comparison.js';

interface DataCurveOptions extends CompareOptions {
  readonly sizes: readonly number[];
}

/** `lossc data-curve FILE…`: the comparison at several training-set sizes. */
export const define: Define = (command) => {
  addCompareOptions(command)
    .option(
      '--sizes <list>',
      'numbers of training examples',
      (text: string) => text.split(',').map(wholeNumber(1)),
      [100, 300, 1000, 3000],
    )
    .action((files: string[], options: DataCurveOptions) =>
      runComparison(files, options, {
        work: (comparison) => dataCurve(comparison, options.sizes),
        text: dataCurveText,
        svg: dataCurveSvg,
        file: 'data-curve',
      }),
    );
};
