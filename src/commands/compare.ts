import { compareLosses } from '../runtime/compare.js';
import { comparisonSvg, comparisonText } from '../runtime/report/comparison.js';
import { jsonNumber, print, printJson } from '../terminal.js';
import { type Define, Exit } from './command.js';
import {
  addCompareOptions,
  type CompareOptions,
  comparisonOptions,
  showProgress,
  startProgress,
  writeReport,
} from './comparison.js';
import { interruptible, openWorld } from './run-options.js';

/** `lossc compare FILE…`: each loss trained several times, with intervals and tests. */
export const define: Define = (command) => {
  addCompareOptions(command).action(compare);
};

async function compare(files: string[], options: CompareOptions): Promise<void> {
  const world = await openWorld(options);
  const interrupt = interruptible();
  const progress = startProgress();
  try {
    const report = await compareLosses({
      ...comparisonOptions(files, options, world),
      signal: interrupt.signal,
      onProgress: showProgress(progress),
    });
    progress.end();
    if (options.json) printJson(report);
    else print(comparisonText(report));
    if (options.out !== undefined) {
      const written = writeReport(options.out, {
        'comparison.json': `${JSON.stringify(report, jsonNumber, 2)}\n`,
        'comparison.svg': comparisonSvg(report),
      });
      if (!options.json) for (const path of written) print(`wrote ${path}`);
    }
    if (report.interrupted) throw new Exit(130);
  } finally {
    progress.end();
    interrupt.done();
    world.close();
  }
}
