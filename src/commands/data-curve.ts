import { dataCurveSvg, dataCurveText } from '../report/compared.js';
import { type Define, wholeNumber } from './command.js';
import { addCompareFiles, type CompareOptions, compareRows, runComparison } from './comparison.js';
import { addOptions, never, type Rows } from './option-table.js';

interface DataCurveOptions extends CompareOptions {
  readonly sizes: readonly number[];
}

const SIZES: readonly number[] = [100, 300, 1000, 3000];

function rows(): Rows<DataCurveOptions> {
  const { trainExamples, ...compared } = compareRows();
  return {
    ...compared,
    trainExamples: never(trainExamples, 'contradicts --sizes, which sets the numbers of examples'),
    sizes: {
      flags: '--sizes <list>',
      says: 'training-set sizes, separated by commas',
      read: (text) => text.split(',').map(wholeNumber(1)),
      byDefault: SIZES,
      defaultText: SIZES.join(','),
    },
  };
}

/** `lossc data-curve FILE…`: the comparison at several training-set sizes. */
export const define: Define = (command) => {
  addCompareFiles(addOptions(command, rows())).action((files: string[], options: DataCurveOptions) =>
    runComparison(files, options, {
      work: async (comparison) => {
        const { dataCurve } = await import('../runtime/data-curve.js');
        return dataCurve(comparison, options.sizes);
      },
      text: dataCurveText,
      svg: dataCurveSvg,
      hasRuns: ({ sizes }) => sizes.length > 0,
      file: 'data-curve',
    }),
  );
};
