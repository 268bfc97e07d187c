/** Data sets in four IDX files: MNIST, Fashion-MNIST, and a user's own folder. */
import { join } from 'node:path';
import { RunError } from '../../errors.js';
import { classification } from '../tasks/learning.js';
import type { Dataset } from './dataset.js';
import type { ExampleSet } from './examples.js';
import { type KnownFile, readIdxFile } from './idx.js';

const PARTS = ['train', 't10k'] as const;
type Part = (typeof PARTS)[number];
export type IdxFileName = `${Part}-images-idx3-ubyte` | `${Part}-labels-idx1-ubyte`;
export type KnownFiles = Readonly<Record<IdxFileName, KnownFile>>;

/** Checksums: MNIST's of the decompressed files, computed from the published ones. */
export const MNIST_FILES: KnownFiles = {
  'train-images-idx3-ubyte': {
    shape: [60000, 28, 28],
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  },
  'train-labels-idx1-ubyte': {
    shape: [60000],
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
  't10k-images-idx3-ubyte': {
    shape: [10000, 28, 28],
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  },
  't10k-labels-idx1-ubyte': {
    shape: [10000],
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
};

/** Checksums of the gzipped files as their authors publish them (README of zalandoresearch/fashion-mnist). */
export const FASHION_MNIST_FILES: KnownFiles = {
  'train-images-idx3-ubyte': { shape: [60000, 28, 28], gzipMd5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d' },
  'train-labels-idx1-ubyte': { shape: [60000], gzipMd5: '25c81989df183df01b3e8a0aad5dffbe' },
  't10k-images-idx3-ubyte': { shape: [10000, 28, 28], gzipMd5: 'bef4ecab320f06d8554ea6380940ec79' },
  't10k-labels-idx1-ubyte': { shape: [10000], gzipMd5: 'bb300cfdad3c16e7a12a480ee83cd310' },
};

/** Reads `train-…` and `t10k-…` images and labels; `known` adds the checks for a published data set. */
export function readIdxFolder(name: string, folder: string, known?: KnownFiles): Dataset {
  const [train, test] = PARTS.map((part) => readPart(folder, part, known)) as [Labelled, Labelled];
  if (train.shape.join() !== test.shape.join()) {
    throw new RunError(
      `${folder}: training images are ${train.shape.join(' x ')}, test images ${test.shape.join(' x ')}`,
    );
  }
  const classes = 1 + Math.max(largest(train.examples.labels), largest(test.examples.labels));
  if (classes < 2) {
    throw new RunError(
      `${folder}: all labels are 0, and a classifier needs two classes`,
      'labels count from 0',
    );
  }
  return {
    name,
    inputShape: [train.shape[0] ?? 1, train.shape[1] ?? 1, train.shape[2] ?? 1],
    ...classification(classes),
    train: train.examples,
    test: test.examples,
    normalisation: { scale: [1 / 255], offset: [0] },
    validationExamples: Math.max(1, Math.round(train.examples.count / 12)),
  };
}

interface Labelled {
  readonly shape: readonly number[];
  readonly examples: ExampleSet;
}

function readPart(folder: string, part: Part, known: KnownFiles | undefined): Labelled {
  const imagesName: IdxFileName = `${part}-images-idx3-ubyte`;
  const labelsName: IdxFileName = `${part}-labels-idx1-ubyte`;
  const images = readIdxFile(folder, imagesName, known?.[imagesName]);
  const labels = readIdxFile(folder, labelsName, known?.[labelsName]);
  const count = images.shape[0]!;
  if (labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw new RunError(
      `${join(folder, labelsName)} holds ${labels.shape.join(' x ')} labels for ${count} images`,
    );
  }
  if (images.shape.length < 2 || images.values.length === 0) {
    throw new RunError(`${join(folder, imagesName)} holds no images`);
  }
  return { shape: images.shape.slice(1), examples: { count, pixels: images.values, labels: labels.values } };
}

function largest(values: ArrayLike<number>): number {
  let result = 0;
  for (let i = 0; i < values.length; i++) result = Math.max(result, values[i]!);
  return result;
}
