import { comparisonSvg, comparisonText } from '../report/compared.js';
import { compareLosses } from '../runtime/compare.js';
import { hasRuns } from '../runtime/comparison-report.js';
import type { Define } from './command.js';
import { addCompareFiles, type CompareOptions, compareRows, runComparison } from './comparison.js';
import { addOptions } from './option-table.js';

/** `lossc compare FILE…`: each loss trained several times, with intervals and tests. */
export const define: Define = (command) => {
  addCompareFiles(addOptions(command, compareRows())).action((files: string[], options: CompareOptions) =>
    runComparison(files, options, {
      work: compareLosses,
      text: comparisonText,
      svg: comparisonSvg,
      hasRuns,
      file: 'comparison',
    }),
  );
};
