import type { Command } from 'commander';
import { compareWithScript } from '../evolve/run/script-comparison.js';
import { comparisonSvg, comparisonText } from '../report/compared.js';
import { compareLosses } from '../runtime/compare.js';
import type { ComparisonReport } from '../runtime/comparison-report.js';
import { hasRuns } from '../runtime/comparison-report.js';
import { type Define, positiveNumber, wholeNumber } from './command.js';
import {
  addCompareFiles,
  type CompareOptions,
  compareRows,
  runComparison,
  type Shown,
  show,
} from './comparison.js';
import { candidatesIn } from './comparison-losses.js';
import { EVALUATOR_ROWS, type EvaluatorOptions, evaluatorOf, unlessEvaluator } from './evaluator-options.js';
import { type Asked, addOptions, askedOf, type Rows } from './option-table.js';

interface CompareCommandOptions extends CompareOptions, EvaluatorOptions {
  readonly timeLimit?: number;
  readonly workers?: number;
}

const unlessScript = ({ given }: Asked): string | undefined =>
  given.has('evaluator') ? undefined : 'belongs to --evaluator';

function rows(): Rows<CompareCommandOptions> {
  return {
    ...unlessEvaluator(compareRows()),
    ...EVALUATOR_ROWS,
    timeLimit: {
      flags: '--time-limit <minutes>',
      says: 'end a training of the evaluator that takes longer (default 10)',
      read: positiveNumber,
      unusable: unlessScript,
    },
    workers: {
      flags: '--workers <n>',
      says: 'processes of the evaluator (default: 1)',
      read: wholeNumber(1),
      unusable: unlessScript,
    },
  };
}

const SHOWN: Omit<Shown<ComparisonReport>, 'work'> = {
  text: comparisonText,
  svg: comparisonSvg,
  hasRuns,
  file: 'comparison',
};

/** `lossc compare FILE…`: each loss trained several times, with intervals and tests. */
export const define: Define = (command) => {
  addCompareFiles(addOptions(command, rows())).action(
    (files: string[], options: CompareCommandOptions, self: Command) => {
      const evaluator = evaluatorOf(options, askedOf(self));
      if (evaluator === undefined) return runComparison(files, options, { ...SHOWN, work: compareLosses });
      const losses = files
        .flatMap(candidatesIn)
        .map((candidate) => ({ name: candidate.loss.name.name, candidate }));
      const { seed, seeds: runs, steps, scale, timeLimit, workers } = options;
      return show(options, SHOWN, ({ signal, progress }) =>
        compareWithScript({
          ...{ losses, evaluator, scale, seed, runs, steps, workers, signal },
          tuning: options.tuneLr ? { grid: options.grid, runs: options.tuneRuns } : undefined,
          taskSeconds: timeLimit === undefined ? undefined : timeLimit * 60,
          onProgress: (done, of) => progress.update(`comparing  ${done}/${of} trainings`),
        }),
      );
    },
  );
};
