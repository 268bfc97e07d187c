import { join } from 'node:path';
import type { RunOutcome } from '../evolve/run/run-phases.js';
import { readRunSettings } from '../evolve/store/read-settings.js';
import { type ComparisonReport, compareLosses, LEARNING_RATE_GRID } from '../runtime/compare.js';
import { comparisonSvg, comparisonText } from '../runtime/report/comparison.js';
import { jsonNumber, type Progress } from '../terminal.js';
import { writeFileSafely } from '../write-file.js';
import { showProgress } from './comparison.js';
import { type LossOfProgram, readLosses } from './comparison-losses.js';
import { openWorld } from './run-options.js';

export interface FinalComparisonOptions {
  /** Trainings of each loss, with seeds that the search has not used. */
  readonly seeds: number;
  /** Steps of each training; as many as the search's when absent. */
  readonly steps: number | undefined;
  /** Losses to compare with besides cross-entropy. */
  readonly others: readonly LossOfProgram[];
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * The only look at the test split: cross-entropy, the losses asked for and the winner on the run's first case, each at its own
 * best learning rate (chosen on validation data), with gradients scaled as in the search. Written into the run folder.
 */
export async function finalComparison(
  outcome: RunOutcome,
  options: FinalComparisonOptions,
): Promise<{ readonly report: ComparisonReport; readonly text: string }> {
  const { task, seed, environment } = readRunSettings(outcome.directory);
  const first = task.cases[0]!;
  const steps = options.steps ?? task.steps;
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
    param: [],
    ...(first.data !== undefined && { data: first.data }),
    ...(first.hidden !== undefined && { hidden: first.hidden }),
    ...(first.trainExamples !== undefined && { trainExamples: first.trainExamples }),
    ...(first.validationExamples !== undefined && { validationExamples: first.validationExamples }),
    labelNoise: first.labelNoise,
  });
  try {
    const named = [
      ...readLosses(['std/cross_entropy']),
      ...options.others,
      ...readLosses([outcome.bestFile!]),
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
      runs: options.seeds,
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
    const text = comparisonText(report);
    writeFileSafely(join(outcome.directory, 'comparison.json'), `${JSON.stringify(report, jsonNumber, 2)}\n`);
    writeFileSafely(join(outcome.directory, 'comparison.svg'), comparisonSvg(report));
    return { report, text };
  } finally {
    world.close();
  }
}
