/** From a name or a path, as given on the command line, to a data set. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RunError } from '../../errors.js';
import { readCifar10 } from './cifar10.js';
import type { Dataset } from './dataset.js';
import { drawDigits } from './digits.js';
import { cacheFolder } from './fetch.js';
import { FASHION_MNIST_FILES, MNIST_FILES, readIdxFolder } from './idx-folder.js';
import { readUserData } from './user-data.js';

export interface DatasetSource {
  /** Where data files lie: `--data DIR` or LOSSC_DATA. A sub-folder with the data set's name is looked into first. */
  readonly folder?: string | undefined;
}

type Loader = (source: DatasetSource) => Dataset;

/** The data sets known by name. */
export const DATASETS: Readonly<Record<string, Loader>> = {
  digits: () => drawDigits(),
  mnist: (source) => readIdxFolder('mnist', folderOf('mnist', source), MNIST_FILES),
  'fashion-mnist': (source) =>
    readIdxFolder('fashion-mnist', folderOf('fashion-mnist', source), FASHION_MNIST_FILES),
  cifar10: (source) => readCifar10(folderOf('cifar10', source)),
};

/** Loads a data set by name, from a folder of IDX files, or from a module. Throws a RunError that says what is wrong. */
export async function loadDataset(nameOrPath: string, source: DatasetSource = {}): Promise<Dataset> {
  const loader = Object.hasOwn(DATASETS, nameOrPath) ? DATASETS[nameOrPath] : undefined;
  if (loader !== undefined) return loader(source);
  if (existsSync(nameOrPath)) {
    return statSync(nameOrPath).isDirectory()
      ? readIdxFolder(nameOrPath, nameOrPath)
      : readUserData(nameOrPath);
  }
  throw new RunError(
    `there is no data set "${nameOrPath}"`,
    `known are ${Object.keys(DATASETS).join(', ')}; or give a folder of IDX files or a module (./my-data.mjs)`,
  );
}

/** Which of the named data sets could be read from a folder (or the cache), for `lossc doctor`; nothing is read. */
export function findDatasets(
  source: DatasetSource = {},
): readonly { name: string; folder: string | undefined }[] {
  return Object.keys(DATASETS).map((name) => {
    if (name === 'digits') return { name, folder: 'drawn by lossc' };
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
