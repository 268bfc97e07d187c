/** A study: losses compared under several conditions, in three ways each, so that what is scale and what is shape can be told apart. */
import { createHash } from 'node:crypto';
import { compareLosses } from '../runtime/compare.js';
import { createRunner } from '../runtime/compare-runner.js';
import {
  type ComparedLoss,
  type ComparisonOptions,
  type ComparisonProgress,
  type ComparisonReport,
  hasRuns,
  type RateTuning,
} from '../runtime/comparison-report.js';
import { type Dataset, splitDataset } from '../runtime/data/dataset.js';
import { TRAINER_REVISION } from '../runtime/trainer-revision.js';
import type { Condition, StudyKind } from './conditions.js';
import { type StudiedCondition, type StudyReport, WAYS, type Way } from './report.js';
import type { StoredRuns } from './stored-runs.js';

const SETTINGS: {
  readonly [K in Way]: (tuning: RateTuning) => Pick<ComparisonOptions, 'scale' | 'tuning'>;
} = {
  // The grid fits all losses alike once their gradients are of one size.
  'own rate': (tuning) => ({ scale: 'matched', tuning }),
  'equal gradients': () => ({ scale: 'matched', tuning: undefined }),
  'as written': () => ({ scale: 'raw', tuning: undefined }),
};

/** A loss, and its text with all that it calls, by which its trainings are known. */
export interface StudiedLoss {
  /** No other loss of the study has it. */
  readonly name: string;
  readonly text: string;
}

/** What a condition is made of: the options of a comparison, but for the way, and what else its trainings depend on. */
interface StudyWorld {
  readonly options: Omit<ComparisonOptions, 'scale' | 'tuning' | 'signal' | 'onProgress' | 'onReport'>;
  /** Names of model and backend, and their sizes. */
  readonly identity: string;
  readonly close: () => void;
}

export interface StudyRequest {
  readonly kind: StudyKind;
  readonly losses: readonly StudiedLoss[];
  readonly conditions: readonly Condition[];
  readonly tuning: RateTuning;
  readonly open: (condition: Condition) => Promise<StudyWorld>;
  readonly stored: StoredRuns;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ComparisonProgress, condition: string, way: Way) => void;
  /** What is known after each comparison. */
  readonly onReport: (report: StudyReport) => void;
}

/**
 * Makes the comparisons, one after the other. An abort ends it with what is known. Throws a RunError, before anything is trained, for a
 * condition that cannot be had.
 */
export async function runStudy(request: StudyRequest): Promise<StudyReport> {
  const { kind, losses, conditions, signal } = request;
  for (const condition of conditions) await requireCondition(request, condition);
  const found: StudiedCondition[] = [];
  const report = (last: readonly StudiedCondition[] = []): StudyReport => {
    const known = [...found, ...last];
    const isWhole =
      known.length === conditions.length &&
      known.every(({ reports }) => WAYS.every((way) => reports[way]?.interrupted === false));
    return { kind, losses: losses.map(({ name }) => name), conditions: known, interrupted: !isWhole };
  };
  for (const condition of conditions) {
    if (signal.aborted) break;
    const world = await request.open(condition);
    try {
      const reports: { [K in Way]?: ComparisonReport } = {};
      for (const way of WAYS) {
        if (signal.aborted) break;
        const home = condition.unchanged === true ? found[0]?.reports[way] : undefined;
        const compared = await compareIn(request, world, condition, way, home);
        if (hasRuns(compared)) reports[way] = compared;
        request.onReport(report([{ condition, reports }]));
      }
      if (Object.keys(reports).length > 0) found.push({ condition, reports });
    } finally {
      world.close();
    }
  }
  return report();
}

async function requireCondition({ open }: StudyRequest, condition: Condition): Promise<void> {
  const { options, close } = await open(condition);
  try {
    const { search } = splitDataset(options.dataset, options.seed, options.split);
    const model = await options.model({ ...search, seed: options.seed });
    model.dispose();
  } finally {
    close();
  }
}

function compareIn(
  { losses, tuning, stored, signal, onProgress }: StudyRequest,
  world: StudyWorld,
  condition: Condition,
  way: Way,
  home: ComparisonReport | undefined,
): Promise<ComparisonReport> {
  const options: ComparisonOptions = {
    ...world.options,
    ...SETTINGS[way](tuning),
    losses: world.options.losses.map((loss) => withChoices(loss, home)),
    signal,
    onProgress: (progress) => onProgress(progress, condition.name, way),
  };
  const data = splitDataset(options.dataset, options.seed, options.split);
  const textOf = (name: string): string => losses.find((loss) => loss.name === name)!.text;
  return compareLosses(options, stored.remembering(createRunner(options, data), identityOf(world), textOf));
}

/** The rate and the scale that the loss was trained with at home. */
function withChoices(loss: ComparedLoss, home: ComparisonReport | undefined): ComparedLoss {
  const there = home?.losses.find(({ name }) => name === loss.name);
  if (there === undefined) return loss;
  return { ...loss, chosen: { learningRate: there.learningRate, factor: there.scale } };
}

/** All that a training depends on beyond its loss, rate, scale and seed. */
function identityOf({ options, identity }: StudyWorld): string {
  const { dataset, split, metric, seed, steps, batchSize, optimizer, augmentation, evaluateEvery } = options;
  const { learningRate: _, ...rest } = optimizer;
  return JSON.stringify([
    ...[TRAINER_REVISION, identity, digestOf(dataset), split, metric, seed, steps, batchSize],
    ...[rest, augmentation, evaluateEvery],
  ]);
}

function digestOf({ name, task, outputs, train, test, inputShape, normalisation }: Dataset): string {
  const described = JSON.stringify([name, task, outputs, inputShape, normalisation]);
  const hash = createHash('sha256').update(described);
  for (const { pixels, labels } of [train, test])
    for (const { buffer, byteOffset, byteLength } of [pixels, labels])
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}
