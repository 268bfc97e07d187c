import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Argument } from 'commander';
import { printDecl } from '../../grammar/print/print.js';
import { Exit, UsageError } from '../errors.js';
import { hashOf } from '../evolve/executors/queue/local-files.js';
import { requireWritable, writeFilesSafely } from '../files.js';
import { comparisonText } from '../report/compared.js';
import { studyPage } from '../report/study-page.js';
import { NOISE_KINDS, type NoiseKind } from '../runtime/data/label-noise.js';
import { isModelName } from '../runtime/models/known-models.js';
import { CONDITIONS, type Condition, STUDY_KINDS, type StudyKind } from '../study/conditions.js';
import type { StudyReport } from '../study/report.js';
import { StoredRuns } from '../study/stored-runs.js';
import type { StudiedLoss } from '../study/study.js';
import { sentencesOf } from '../study/words.js';
import { createProgress, jsonNumber, print, printJson } from '../terminal.js';
import { type Define, numberThat, wholeNumber } from './command.js';
import { addCompareFiles, type CompareOptions, compareRows, comparisonOptions } from './comparison.js';
import { candidatesIn, readLosses } from './comparison-losses.js';
import { type Asked, addOptions, type OptionRow, type Rows } from './option-table.js';
import { interruptible, openWorld } from './run-options.js';

interface StudyOptions extends Omit<CompareOptions, 'tuneLr' | 'scale' | 'out'> {
  readonly sizes: readonly number[];
  readonly rates: readonly number[];
  readonly kinds?: readonly NoiseKind[];
  readonly to: readonly string[];
  readonly toModel: readonly ToModel[];
  readonly out?: string;
}

interface ToModel {
  readonly model: string;
  readonly hidden?: readonly number[];
}

const SIZES: readonly number[] = [100, 300, 1000, 3000];
const RATES: readonly number[] = [0, 0.2, 0.4, 0.6];

/** An option that belongs to one kind of study. */
const only =
  (kind: StudyKind) =>
  ({ files }: Asked): string | undefined =>
    files[0] === kind ? undefined : `belongs to "lossc study ${kind}"`;

/** An option that the kind of study sets by itself. */
const unless =
  (kind: StudyKind, instead: string) =>
  ({ files }: Asked): string | undefined =>
    files[0] === kind ? `contradicts ${instead}` : undefined;

const list =
  <T>(read: (text: string) => T) =>
  (text: string): readonly T[] =>
    text.split(',').map(read);

const share = numberThat('a number from 0 to below 1', (value) => value >= 0 && value < 1);

function noiseKind(text: string): NoiseKind {
  const kind = NOISE_KINDS.find((name) => name === text);
  if (kind === undefined)
    throw new UsageError(
      `there are no wrong labels of the kind "${text}"`,
      `choose ${NOISE_KINDS.join(' or ')}`,
    );
  return kind;
}

/** `glo-mnist`, or `mlp:256,128` with its hidden units. */
function toModel(text: string): ToModel {
  const [model, sizes] = text.split(':') as [string, string | undefined];
  return sizes === undefined ? { model } : { model, hidden: sizes.split(',').map(wholeNumber(1)) };
}

function rows(): Rows<StudyOptions> {
  const {
    tuneLr: _,
    scale: __,
    grid,
    tuneRuns,
    lr,
    labelNoise,
    trainExamples,
    out: ___,
    ...rest
  } = compareRows();
  const always = ({ unusable: ____, ...row }: OptionRow): OptionRow => row;
  return {
    ...rest,
    grid: always(grid),
    tuneRuns: always(tuneRuns),
    lr: { ...always(lr), says: 'learning rate for losses as written and at equal gradients' },
    labelNoise: { ...labelNoise, unusable: unless('noise', '--rates, which sets the share of wrong labels') },
    trainExamples: {
      ...trainExamples,
      unusable: unless('data', '--sizes, which sets the numbers of examples'),
    },
    sizes: {
      flags: '--sizes <list>',
      says: 'study data: training-set sizes, separated by commas',
      read: list(wholeNumber(1)),
      byDefault: SIZES,
      defaultText: SIZES.join(','),
      unusable: only('data'),
    },
    rates: {
      flags: '--rates <list>',
      says: 'study noise: shares of wrong labels, separated by commas',
      read: list(share),
      byDefault: RATES,
      defaultText: RATES.join(','),
      unusable: only('noise'),
    },
    kinds: {
      flags: '--kinds <list>',
      says: 'study noise: which wrong classes, uniform (any other) or next (always the one after the right one) (default: both, for classes)',
      read: list(noiseKind),
      unusable: only('noise'),
    },
    to: {
      flags: '--to <dataset>',
      says: 'study transfer: another data set, with nothing changed (repeatable)',
      repeats: true,
      unusable: only('transfer'),
    },
    toModel: {
      flags: '--to-model <name>',
      says: 'study transfer: another network, such as glo-mnist or mlp:256,128 (repeatable)',
      read: toModel,
      repeats: true,
      unusable: only('transfer'),
    },
    out: {
      flags: '--out <dir>',
      says: 'folder for trainings and results; a study that was interrupted goes on there (default: runs/study-KIND)',
    },
  };
}

/** `lossc study KIND FILE…`: what the differences between losses come from, under several conditions. */
export const define: Define = (command) => {
  const kinds = new Argument('<kind>', 'what to study').choices(STUDY_KINDS);
  addCompareFiles(addOptions(command, rows()).addArgument(kinds)).action(
    async (kind: StudyKind, files: string[], options: StudyOptions) => {
      const folder = options.out ?? join('runs', `study-${kind}`);
      requireWritable(folder);
      const losses = readLosses(files);
      const studied = studiedLosses(files);
      const stored = new StoredRuns(folder);
      const conditions = await conditionsOf(kind, options);
      const interrupt = interruptible();
      const progress = createProgress();
      if (stored.count > 0) progress.log(`${stored.count} trainings are known from ${folder}`);
      const { runStudy } = await import('../study/study.js');
      try {
        const report = await runStudy({
          ...{ kind, losses: studied, conditions, stored, signal: interrupt.signal },
          tuning: { grid: options.grid, runs: options.tuneRuns },
          open: async (condition) => {
            const asked = under(condition, options);
            const world = await openWorld(asked);
            const { model, hidden } = asked;
            return {
              options: comparisonOptions(losses, asked, {
                ...world,
                split: { ...world.split, noiseKind: condition.noiseKind },
              }),
              // A module may be another one tomorrow; what it imports is not compared.
              identity: JSON.stringify([
                ...[model, hidden, world.backend.name],
                !isModelName(model) && existsSync(model) ? hashOf(model) : undefined,
              ]),
              close: world.close,
            };
          },
          onProgress: ({ phase, loss, learningRate, step, steps }, condition, way) =>
            progress.update(
              `${condition}, ${way}: ${phase} ${loss} at ${learningRate}  step ${step}/${steps}`,
            ),
          onReport: (known) => write(folder, known),
        });
        progress.end();
        if (options.json) printJson(report);
        else for (const line of textOf(report, folder)) print(line);
        if (report.interrupted) throw new Exit(130);
      } finally {
        progress.end();
        interrupt.done();
      }
    },
  );
};

/** Each with the text that its trainings are known by. Refuses losses of one name, which no table could tell apart. */
function studiedLosses(files: readonly string[]): readonly StudiedLoss[] {
  const losses = files.flatMap(candidatesIn).map(({ loss, library }) => ({
    name: loss.name.name,
    text: [loss, ...library].map(printDecl).join('\n'),
  }));
  const twice = losses.find(({ name }, i) => losses.findIndex((other) => other.name === name) < i);
  if (twice !== undefined)
    throw new UsageError(`two of the losses are called "${twice.name}"`, 'rename one of them');
  return losses;
}

async function conditionsOf(kind: StudyKind, options: StudyOptions): Promise<readonly Condition[]> {
  const { sizes, rates, to, toModel: models, dataset, model } = options;
  const kinds = kind === 'noise' ? await noiseKinds(options) : [];
  if (kind === 'transfer' && to.length + models.length === 0)
    throw new UsageError(
      'a study of transfer needs somewhere else to go',
      'give --to DATASET or --to-model NAME',
    );
  return CONDITIONS[kind]({ sizes, rates, kinds, toDatasets: to, toModels: models, dataset, model });
}

/** Which wrong classes there are; none where the data has no classes. */
async function noiseKinds({
  kinds,
  dataset,
  data,
  predict,
  learn,
}: StudyOptions): Promise<readonly NoiseKind[]> {
  const { taskOfDataset } = await import('../runtime/data/load-dataset.js');
  const folder = data ?? process.env['LOSSC_DATA'];
  const task = await taskOfDataset(dataset, { folder, predict, learn });
  if (task === 'classification') return kinds ?? NOISE_KINDS;
  if (kinds !== undefined)
    throw new UsageError(`--kinds: ${dataset} has no classes (it is learnt by ${task})`, 'leave --kinds out');
  return [];
}

/** The options under a condition. Hidden units are those of the model that was named with them. */
function under(condition: Condition, options: StudyOptions): CompareOptions {
  const { dataset, model, hidden, trainExamples, labelNoise } = condition;
  const { hidden: own, ...rest } = options;
  const units = model === undefined ? own : hidden;
  return {
    ...rest,
    scale: 'matched',
    ...(units !== undefined && { hidden: units }),
    ...(dataset !== undefined && { dataset }),
    ...(model !== undefined && { model }),
    ...(trainExamples !== undefined && { trainExamples }),
    ...(labelNoise !== undefined && { labelNoise }),
  };
}

const pathsIn = (folder: string): { readonly json: string; readonly page: string } => ({
  json: join(folder, 'study.json'),
  page: join(folder, 'report.html'),
});

/** What is known, whole, after each comparison. */
function write(folder: string, report: StudyReport): void {
  if (report.conditions.length === 0) return;
  const { json, page } = pathsIn(folder);
  writeFilesSafely([
    [json, `${JSON.stringify(report, jsonNumber, 2)}\n`],
    [page, studyPage(report).toString()],
  ]);
}

/** A table for each condition, then what was found in words. */
function textOf(report: StudyReport, folder: string): readonly string[] {
  if (report.conditions.length === 0)
    return ['interrupted before the first comparison ended; nothing is lost: the same command goes on'];
  const tables = report.conditions.flatMap(({ condition, reports }) => {
    const own = reports['own rate'];
    return own === undefined
      ? []
      : [...(report.conditions.length > 1 ? [condition.name] : []), comparisonText(own), ''];
  });
  const { json, page } = pathsIn(folder);
  const ended = report.interrupted ? ['interrupted; nothing is lost: the same command goes on'] : [];
  return [...tables, ...sentencesOf(report), ...ended, '', `wrote ${json}`, `wrote ${page}`];
}
