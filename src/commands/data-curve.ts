import { dataCurve } from '../runtime/data-curve.js';
import { dataCurveSvg, dataCurveText } from '../runtime/report/comparison.js';
import { jsonNumber, print, printJson } from '../terminal.js';
import { type Define, Exit, wholeNumber } from './command.js';
import {
  addCompareOptions,
  type CompareOptions,
  comparisonOptions,
  showProgress,
  startProgress,
  writeReport,
} from './comparison.js';
import { interruptible, openWorld } from './run-options.js';

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
    .action(curve);
};

async function curve(files: string[], options: DataCurveOptions): Promise<void> {
  const world = await openWorld(options);
  const interrupt = interruptible();
  const progress = startProgress();
  try {
    const result = await dataCurve(
      {
        ...comparisonOptions(files, options, world),
        signal: interrupt.signal,
        onProgress: showProgress(progress),
      },
      options.sizes,
    );
    progress.end();
    if (options.json) printJson(result);
    else print(dataCurveText(result));
    if (options.out !== undefined) {
      const written = writeReport(options.out, {
        'data-curve.json': `${JSON.stringify(result, jsonNumber, 2)}\n`,
        'data-curve.svg': dataCurveSvg(result),
      });
      if (!options.json) for (const path of written) print(`wrote ${path}`);
    }
    if (result.interrupted) throw new Exit(130);
  } finally {
    progress.end();
    interrupt.done();
    world.close();
  }
}
