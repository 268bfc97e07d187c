/**
 * CIFAR-10 in its binary version: records of one label byte and 3,072 pixel bytes, as red, green and blue planes of
 * 32 by 32 (https://www.cs.toronto.edu/~kriz/cifar.html).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunError } from '../../errors.js';
import { classification } from '../tasks/learning.js';
import type { Dataset } from './dataset.js';
import type { ExampleSet } from './examples.js';
import { readWhole } from './unpack.js';

const SIDE = 32;
const CHANNELS = 3;
const PLANE = SIDE * SIDE;
const RECORD = 1 + CHANNELS * PLANE;
const RECORDS_PER_FILE = 10000;

export const CIFAR_10_TRAIN_FILES = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`);
export const CIFAR_10_TEST_FILE = 'test_batch.bin';
/** The six files and a little more: what the archive may unpack to. */
export const CIFAR_10_ARCHIVE = 7 * RECORDS_PER_FILE * RECORD;

/** Means and standard deviations of the channels over the training images, on a scale of 0 to 1, as commonly used. */
const MEAN = [0.4914, 0.4822, 0.4465];
const DEVIATION = [0.247, 0.2435, 0.2616];

/** Reads the six files from a folder, or from the folder `cifar-10-batches-bin` in it, as the archive unpacks. */
export function readCifar10(folder: string, recordsPerFile = RECORDS_PER_FILE): Dataset {
  const inner = join(folder, 'cifar-10-batches-bin');
  const from = existsSync(inner) ? inner : folder;
  return {
    name: 'cifar10',
    inputShape: [SIDE, SIDE, CHANNELS],
    ...classification(10),
    train: readRecords(
      CIFAR_10_TRAIN_FILES.map((name) => join(from, name)),
      recordsPerFile,
    ),
    test: readRecords([join(from, CIFAR_10_TEST_FILE)], recordsPerFile),
    normalisation: {
      scale: DEVIATION.map((deviation) => 1 / 255 / deviation),
      offset: MEAN.map((mean, channel) => -mean / DEVIATION[channel]!),
    },
    validationExamples: recordsPerFile / 2,
  };
}

function readRecords(paths: readonly string[], recordsPerFile: number): ExampleSet {
  const count = paths.length * recordsPerFile;
  const pixels = new Uint8Array(count * CHANNELS * PLANE);
  const labels = new Uint8Array(count);
  for (const [file, path] of paths.entries()) {
    if (!existsSync(path)) throw new RunError(`${path} does not exist`, 'run "lossc data fetch cifar10"');
    const bytes = readWhole(path);
    if (bytes.length !== recordsPerFile * RECORD) {
      const trouble = bytes.length < recordsPerFile * RECORD ? 'is truncated' : 'is too long';
      throw new RunError(`${path} ${trouble}: ${bytes.length} bytes instead of ${recordsPerFile * RECORD}`);
    }
    for (let record = 0; record < recordsPerFile; record++) {
      const example = file * recordsPerFile + record;
      const label = bytes[record * RECORD]!;
      if (label > 9)
        throw new RunError(`${path} has the label ${label} in record ${record}; labels are 0 to 9`);
      labels[example] = label;
      interleave(bytes, record * RECORD + 1, pixels, example * CHANNELS * PLANE);
    }
  }
  return { count, pixels, labels };
}

/** From planes, one per channel, to the channels of one pixel side by side. */
function interleave(bytes: Uint8Array, from: number, pixels: Uint8Array, to: number): void {
  for (let channel = 0; channel < CHANNELS; channel++) {
    for (let i = 0; i < PLANE; i++) pixels[to + i * CHANNELS + channel] = bytes[from + channel * PLANE + i]!;
  }
}
