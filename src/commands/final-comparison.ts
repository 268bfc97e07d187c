import { join } from 'node:path';
import { programOf } from '../../compiler/resolve/program.js';
import type { SketchDecl } from '../../grammar/tree/ast.js';
import { readLoss, readSketch } from '../evolve/losses/subject.js';
import type { RunSettings, ScriptSettings } from '../evolve/model/run-settings.js';
import type { RunOutcome } from '../evolve/run/run-phases.js';
import { compareWithScript } from '../evolve/run/script-comparison.js';
import { requireRunFolder } from '../evolve/store/folder.js';
import { readRunSettings } from '../evolve/store/read-settings.js';
import { writeFileSafely } from '../files.js';
import { comparisonSvg, comparisonText } from '../report/compared.js';
import { type ComparisonReport, hasRuns } from '../runtime/comparison-report.js';
import { LEARNING_RATE_GRID } from '../runtime/learning-rate.js';
import { TASKS } from '../runtime/tasks/tasks.js';
import { jsonNumber, type Progress } from '../terminal.js';
import { showProgress } from './comparison.js';
import { candidatesIn, readLosses } from './comparison-losses.js';
import { openWorld } from './run-options.js';

export interface FinalComparisonOptions {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Processes of a script. */
  readonly workers?: number | undefined;
}

/**
 * The only look at the test split: the task's baseline, the losses asked for and the winner on the run's first case, each at its own
 * best learning rate (chosen on validation data), with gradients scaled as in the search. Written into the run folder. Undefined
 * where the run was begun without it.
 */
export async function finalComparison(
  { directory, bestFile }: Pick<RunOutcome, 'directory' | 'bestFile'>,
  options: FinalComparisonOptions,
): Promise<Compared | undefined> {
  const settings = readRunSettings(directory);
  const { task, seed, environment, comparison } = settings;
  if (comparison.seeds === 0) return undefined;
  const steps = comparison.steps ?? task.steps;
  if (settings.evaluator !== undefined) {
    // Whoever is asked for trainings compares by himself.
    if (!('command' in settings.evaluator)) return undefined;
    const report = await withScript(settings, settings.evaluator, bestFile!, options);
    return report === undefined ? undefined : written(directory, report);
  }
  const first = task.cases[0]!;
  const { kind, learningRate, decay } = first.optimizer;
  const { compareLosses } = await import('../runtime/compare.js');
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
    ...(first.predict !== undefined && { predict: first.predict }),
    ...(first.learn !== undefined && { learn: first.learn }),
    ...(task.metric !== undefined && { metric: task.metric }),
    ...(first.hidden !== undefined && { hidden: first.hidden }),
    ...(first.trainExamples !== undefined && { trainExamples: first.trainExamples }),
    ...(first.validationExamples !== undefined && { validationExamples: first.validationExamples }),
    labelNoise: first.labelNoise,
  });
  try {
    const against = comparison.against.map(({ sources, name }) => readLoss(sources, name));
    const named = [
      ...readLosses([`std/${TASKS[world.dataset.task].baseline}`]),
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
      metric: world.metric,
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
    return written(directory, report);
  } finally {
    world.close();
  }
}

interface Compared {
  readonly report: ComparisonReport;
  readonly text: string;
}

/** Beside the ledger, where there is anything to tell. */
function written(directory: string, report: ComparisonReport): Compared {
  requireRunFolder(directory);
  const text = comparisonText(report);
  if (!hasRuns(report)) return { report, text };
  writeFileSafely(join(directory, 'comparison.json'), `${JSON.stringify(report, jsonNumber, 2)}\n`);
  writeFileSafely(join(directory, 'comparison.svg'), comparisonSvg(report));
  return { report, text };
}

/** By the script of the run. Cross-entropy is there where the script gives a classifier's inputs by its names; undefined for a winner alone. */
async function withScript(
  { task, seed, sketch, learning, comparison, limits }: RunSettings,
  evaluator: ScriptSettings,
  bestFile: string,
  { signal, progress, workers }: FinalComparisonOptions,
): Promise<ComparisonReport | undefined> {
  const [reference] = candidatesIn('std/cross_entropy');
  const names = ({ inputs }: Pick<SketchDecl, 'inputs'>): string =>
    inputs.map(({ name }) => name.name).join();
  const isFed =
    learning !== undefined &&
    names(readSketch(sketch.sources, sketch.name).sketch) === names(reference!.loss);
  const losses = [
    ...(isFed ? [reference!] : []),
    ...comparison.against.map(({ sources, name }) => readLoss(sources, name)),
    ...candidatesIn(bestFile),
  ];
  if (losses.length === 1) return undefined;
  return compareWithScript({
    losses: losses.map((candidate) => ({ name: candidate.loss.name.name, candidate })),
    evaluator,
    scale: task.scale,
    seed: `${seed}/final`,
    runs: comparison.seeds,
    steps: comparison.steps ?? task.steps,
    tuning: { grid: LEARNING_RATE_GRID, runs: 1 },
    taskSeconds: limits.taskSeconds,
    workers,
    signal,
    onProgress: (done, of) => progress.update(`comparing  ${done}/${of} trainings`),
  });
}
