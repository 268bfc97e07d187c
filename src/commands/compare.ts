import type { Command } from 'commander';
import { compareWithScript } from '../evolve/run/script-comparison.js';
import { comparisonSvg, comparisonText } from '../report/compared.js';
import { ComparisonSource } from '../report/live/comparison-source.js';
import type { ComparisonOptions, ComparisonReport } from '../runtime/comparison-report.js';
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
import { candidatesIn, readLosses } from './comparison-losses.js';
import { EVALUATOR_ROWS, type EvaluatorOptions, evaluatorOf, unlessEvaluator } from './evaluator-options.js';
import { entryParts } from './load.js';
import { type Asked, addOptions, askedOf, type Rows } from './option-table.js';
import { COMPARING_QUEUE_ROW, type QueueOptions } from './queue-options.js';
import { SERVE_ROW, type ServeOptions } from './serving.js';
import { readSources } from './sources.js';
import { taskOf } from './task-options.js';
import { curvesFor, TENSORBOARD_ROW, type TensorBoardOptions } from './tensorboard.js';

interface CompareCommandOptions
  extends CompareOptions,
    EvaluatorOptions,
    QueueOptions,
    ServeOptions,
    TensorBoardOptions {
  readonly timeLimit?: number;
  readonly workers?: number;
}

const unlessScript = ({ given }: Asked): string | undefined =>
  given.has('evaluator') ? undefined : 'belongs to --evaluator';

function rows(): Rows<CompareCommandOptions> {
  return {
    ...unlessEvaluator(compareRows()),
    ...EVALUATOR_ROWS,
    ...COMPARING_QUEUE_ROW,
    ...SERVE_ROW,
    ...TENSORBOARD_ROW,
    timeLimit: {
      flags: '--time-limit <minutes>',
      says: 'stop a training of the evaluator or the queue that takes longer (default: 10)',
      read: positiveNumber,
      unusable: ({ given }) =>
        given.has('evaluator') || given.has('queue') ? undefined : 'belongs to --evaluator and --queue',
    },
    workers: {
      flags: '--workers <n>',
      says: 'number of evaluator processes (default: 1)',
      read: wholeNumber(1),
      unusable: unlessScript,
    },
  };
}

/** In this process, or by the workers of a queue. */
async function trained(
  files: readonly string[],
  options: CompareCommandOptions,
  asked: ComparisonOptions,
  { backend, notice }: Parameters<Shown<ComparisonReport>['work']>[1],
): Promise<ComparisonReport> {
  const { compareLosses } = await import('../runtime/compare.js');
  if (options.queue === undefined) return compareLosses(asked);
  const { losses, runs, tuning, signal, onProgress } = asked;
  const { queue, timeLimit } = options;
  // In the order in which they are compared.
  const sources = files.flatMap((entry) =>
    readLosses([entry]).map(({ decl }) => ({
      sources: readSources(entryParts(entry).path),
      name: decl.name.name,
    })),
  );
  const { queueRunner } = await import('../evolve/run/queue-comparison.js');
  const runner = await queueRunner({
    ...{ losses, runs, tuning, signal, onProgress, backend, sources },
    queue: { queue, notice },
    task: taskOf(options),
    evaluateEvery: asked.evaluateEvery!,
    taskSeconds: timeLimit === undefined ? undefined : timeLimit * 60,
  });
  try {
    return await compareLosses(asked, runner);
  } finally {
    await runner.close();
  }
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
    async (files: string[], options: CompareCommandOptions, self: Command) => {
      const evaluator = evaluatorOf(options, askedOf(self));
      const live = new ComparisonSource();
      const write = await curvesFor(options);
      const onReport = (report: ComparisonReport): void => {
        live.show(report);
        write(report);
      };
      if (evaluator === undefined) {
        const work: Shown<ComparisonReport>['work'] = (asked, at) => trained(files, options, asked, at);
        return runComparison(files, options, { ...SHOWN, live, onReport, work });
      }
      const losses = files
        .flatMap(candidatesIn)
        .map((candidate) => ({ name: candidate.loss.name.name, candidate }));
      const { seed, seeds: runs, steps, scale, timeLimit, workers } = options;
      return show(options, { ...SHOWN, live }, ({ signal, progress }) =>
        compareWithScript({
          ...{ losses, evaluator, scale, seed, runs, steps, workers, signal },
          tuning: options.tuneLr ? { grid: options.grid, runs: options.tuneRuns } : undefined,
          taskSeconds: timeLimit === undefined ? undefined : timeLimit * 60,
          onProgress: (done, of) => progress.update(`comparing  ${done}/${of} trainings`),
          onReport,
        }),
      );
    },
  );
};
