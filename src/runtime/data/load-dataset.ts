/** From a name or a path, as given on the command line, to a data set. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RunError } from '../run-error.js';
import type { Dataset } from './dataset.js';
import { drawDigits } from './digits.js';
import { FASHION_MNIST_FILES, MNIST_FILES, readIdxFolder } from './idx-folder.js';

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
};

/** Loads a data set by name, or from a folder of IDX files. Throws a RunError that says what is missing. */
export async function loadDataset(nameOrPath: string, source: DatasetSource = {}): Promise<Dataset> {
  const loader = Object.hasOwn(DATASETS, nameOrPath) ? DATASETS[nameOrPath] : undefined;
  if (loader !== undefined) return loader(source);
  if (existsSync(nameOrPath) && statSync(nameOrPath).isDirectory())
    return readIdxFolder(nameOrPath, nameOrPath);
  throw new RunError(
    `there is no data set "${nameOrPath}"`,
    `known are ${Object.keys(DATASETS).join(', ')}, or give a folder of IDX files`,
  );
}

function folderOf(name: string, { folder }: DatasetSource): string {
  if (folder === undefined) {
    throw new RunError(
      `the data set "${name}" is in files, and no folder was given`,
      `give --data DIR or set LOSSC_DATA, or run "lossc data fetch ${name}"`,
    );
  }
  const own = join(folder, name);
  return existsSync(own) ? own : folder;
}
