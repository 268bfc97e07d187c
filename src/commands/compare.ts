import { compareLosses } from '../runtime/compare.js';
import { comparisonSvg, comparisonText } from '../runtime/report/comparison.js';
import type { Define } from './command.js';
import { addCompareOptions, type CompareOptions, runComparison } from './comparison.js';

/** `lossc compare FILE…`: each loss trained several times, with intervals and tests. */
export const define: Define = (command) => {
  addCompareOptions(command).action((files: string[], options: CompareOptions) =>
    runComparison(files, options, {
      work: compareLosses,
      text: comparisonText,
      svg: comparisonSvg,
      file: 'comparison',
    }),
  );
};
