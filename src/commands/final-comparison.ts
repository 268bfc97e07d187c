import { join } from 'node:path';
import { programOf } from '../../compiler/resolve/program.js';
import { readLoss } from '../evolve/losses/subject.js';
import type { RunOutcome } from '../evolve/run/run-phases.js';
import { requireRunFolder } from '../evolve/store/folder.js';
import { readRunSettings } from '../evolve/store/read-settings.js';
import { writeFileSafely } from '../files.js';
import { comparisonSvg, comparisonText } from '../report/compared.js';
import { compareLosses, LEARNING_RATE_GRID } from '../runtime/compare.js';
import { type ComparisonReport, hasRuns } from '../runtime/comparison-report.js';
import { jsonNumber, type Progress } from '../terminal.js';
import { showProgress } from './comparison.js';
import { readLosses } from './comparison-losses.js';
import { openWorld } from './run-options.js';

export interface FinalComparisonOptions {
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * The only look at the test split: cross-entropy, the losses asked for and the winner on the run's first case, each at its own
 * best learning rate (chosen on validation data), with gradients scaled as in the search. Written into the run folder. Undefined
 * where the run was begun without it.
 */
export async function finalComparison(
  { directory, bestFile }: Pick<RunOutcome, 'directory' | 'bestFile'>,
  options: FinalComparisonOptions,
): Promise<{ readonly report: ComparisonReport; readonly text: string } | undefined> {
  const { task, seed, environment, comparison } = readRunSettings(directory);
  const [first] = task.cases;
  if (comparison.seeds === 0 || first === undefined) return undefined;
  const steps = comparison.steps ?? task.steps;
  const { kind, learningRate, decay } = first.optimizer;
  const world = await openWorld({
    dataset: first.dataset,
    model: first.model,
    steps,
    lr: learningRate,
    batch: first.batchSize,
    seed,
    optimizer: kind,
    backend: environment.backend,
    ...(first.data !== undefined && { data: first.data }),
    ...(first.hidden !== undefined && { hidden: first.hidden }),
    ...(first.trainExamples !== undefined && { trainExamples: first.trainExamples }),
    ...(first.validationExamples !== undefined && { validationExamples: first.validationExamples }),
    labelNoise: first.labelNoise,
  });
  try {
    const against = comparison.against.map(({ sources, name }) => readLoss(sources, name));
    const named = [
      ...readLosses(['std/cross_entropy']),
      ...against.map(({ loss, library }) => ({ program: programOf([loss], library), decl: loss })),
      ...readLosses([bestFile!]),
    ];
    const report = await compareLosses({
      losses: named.map(({ program, decl }) => ({
        name: decl.name.name,
        loss: () => world.compile(program, decl),
      })),
      dataset: world.dataset,
      split: world.split,
      seed: `${seed}/final`,
      model: world.createModel,
      runs: comparison.seeds,
      steps,
      batchSize: first.batchSize,
      optimizer: {
        ...first.optimizer,
        // A cosine ends where the training ends; other schedules name their steps.
        decay: decay?.kind === 'cosine' ? { ...decay, steps } : decay,
      },
      augmentation: first.augmentation,
      scale: task.scale,
      tuning: { grid: LEARNING_RATE_GRID, runs: 1 },
      evaluateEvery: Math.max(1, Math.round(steps / 20)),
      signal: options.signal,
      onProgress: showProgress(options.progress),
    });
    requireRunFolder(directory);
    const text = comparisonText(report);
    if (!hasRuns(report)) return { report, text };
    writeFileSafely(join(directory, 'comparison.json'), `${JSON.stringify(report, jsonNumber, 2)}\n`);
    writeFileSafely(join(directory, 'comparison.svg'), comparisonSvg(report));
    return { report, text };
  } finally {
    world.close();
  }
}
