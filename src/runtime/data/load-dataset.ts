/** From a name or a path, as given on the command line, to a data set. */

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean } from '../../did-you-mean.js';
import { RunError } from '../../errors.js';
import { outputsOfDistribution, type TaskKind } from '../tasks/learning.js';
import { readCifar10 } from './cifar10.js';
import type { Dataset } from './dataset.js';
import { drawDigits } from './digits.js';
import { drawTable } from './drawn-tables.js';
import { cacheFolder } from './fetch.js';
import { FASHION_MNIST_FILES, MNIST_FILES, readIdxFolder } from './idx-folder.js';
import { isTable, readTable, type TableOptions } from './table.js';
import { readUserData } from './user-data.js';

/** Where a data set lies, and what is to be learnt of a table. */
export interface DatasetSource extends TableOptions {
  /** Where data files lie: `--data DIR` or LOSSC_DATA. A sub-folder with the data set's name is looked into first. */
  readonly folder?: string | undefined;
}

interface NamedDataset {
  readonly task: TaskKind;
  /** Drawn by lossc, from no file. */
  readonly drawn: boolean;
  readonly load: (source: DatasetSource) => Dataset;
}

const drawn = (task: TaskKind, load: () => Dataset): NamedDataset => ({ task, drawn: true, load });
const images = (load: NamedDataset['load']): NamedDataset => ({ task: 'classification', drawn: false, load });

/** The data sets known by name. */
export const DATASETS: Readonly<Record<string, NamedDataset>> = {
  digits: drawn('classification', () => drawDigits()),
  mnist: images((source) => readIdxFolder('mnist', folderOf('mnist', source), MNIST_FILES)),
  'fashion-mnist': images((source) =>
    readIdxFolder('fashion-mnist', folderOf('fashion-mnist', source), FASHION_MNIST_FILES),
  ),
  cifar10: images((source) => readCifar10(folderOf('cifar10', source))),
  friedman: drawn('regression', () => drawTable('friedman')),
  arm: drawn('regression', () => drawTable('arm')),
  documents: drawn('multi-label', () => drawTable('documents')),
};

/** Loads a data set by name, from a folder of IDX files, from a table, or from a module. Throws a RunError that says what is wrong. */
export async function loadDataset(nameOrPath: string, source: DatasetSource = {}): Promise<Dataset> {
  const named = Object.hasOwn(DATASETS, nameOrPath) ? DATASETS[nameOrPath] : undefined;
  if (named !== undefined) return learning(named.load(source), source.learn);
  if (existsSync(nameOrPath)) {
    if (statSync(nameOrPath).isDirectory()) return readIdxFolder(nameOrPath, nameOrPath);
    if (isTable(nameOrPath)) return readTable(nameOrPath, source);
    return learning(await readUserData(nameOrPath), source.learn);
  }
  throw new RunError(
    `there is no data set "${nameOrPath}"`,
    didYouMean(
      nameOrPath,
      Object.keys(DATASETS),
      `known are ${Object.keys(DATASETS).join(', ')}; or give a folder of IDX files, a table (./table.csv) or a module (./my-data.mjs)`,
    ),
  );
}

/** The data with what is asked to be learnt, where that is the distribution of its one target. */
function learning(dataset: Dataset, learn: TaskKind | undefined): Dataset {
  const { name, task, outputs } = dataset;
  if (learn === undefined || learn === task) return dataset;
  const ofDistribution = outputsOfDistribution(learn);
  if (ofDistribution === undefined)
    throw new RunError(`"${name}" says itself that it is a ${task}; --learn ${learn} is about a table`);
  if (task !== 'regression' || outputs > 1)
    throw new RunError(
      `--learn ${learn} takes a regression with one target, and "${name}" is a ${task}${task === 'regression' ? ` with ${outputs}` : ''}`,
      'friedman has one; of a table choose it with --predict',
    );
  return { ...dataset, task: learn, outputs: ofDistribution };
}

/** What is learnt from a data set; reads it only where its name does not say. */
export async function taskOfDataset(nameOrPath: string, source: DatasetSource = {}): Promise<TaskKind> {
  const named = Object.hasOwn(DATASETS, nameOrPath) ? DATASETS[nameOrPath] : undefined;
  return named === undefined ? (await loadDataset(nameOrPath, source)).task : (source.learn ?? named.task);
}

/** Which of the named data sets could be read from a folder (or the cache), for `lossc doctor`; nothing is read. */
export function findDatasets(
  source: DatasetSource = {},
): readonly { name: string; folder: string | undefined }[] {
  return Object.entries(DATASETS).map(([name, { drawn: isDrawn }]) => {
    if (isDrawn) return { name, folder: 'drawn by lossc' };
    const marker = name === 'cifar10' ? ['data_batch_1.bin', 'cifar-10-batches-bin'] : idxMarkers;
    const folder = candidates(name, source).find((path) =>
      marker.some((file) => existsSync(join(path, file))),
    );
    return { name, folder };
  });
}

const idxMarkers = ['train-images-idx3-ubyte', 'train-images-idx3-ubyte.gz'];

function candidates(name: string, { folder }: DatasetSource): readonly string[] {
  const bases = folder === undefined ? [] : [join(folder, name), folder];
  return [...bases, join(cacheFolder(), name)];
}

function folderOf(name: string, source: DatasetSource): string {
  const found = candidates(name, source).find(existsSync);
  if (
    source.folder !== undefined &&
    statSync(source.folder, { throwIfNoEntry: false })?.isDirectory() !== true
  )
    throw new RunError(
      `the data folder ${source.folder} ${existsSync(source.folder) ? 'is a file' : 'does not exist'}`,
      `give the folder that holds "${name}", or run "lossc data fetch ${name}" and leave it out`,
    );
  if (found === undefined) {
    throw new RunError(
      `the data set "${name}" is in files, and no folder was given`,
      `give --data DIR or set LOSSC_DATA, or run "lossc data fetch ${name}"`,
    );
  }
  return found;
}
