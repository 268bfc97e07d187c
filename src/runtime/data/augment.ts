/** Random changes to training images that do not change their class. */

import { RunError } from '../../errors.js';
import type { Random } from '../../random.js';
import type { ExampleSet } from './examples.js';

/** Random changes to training images, drawn anew for each step. */
export interface Augmentation {
  /**
   * Largest shift in pixels, each way and each axis; what comes into view is 0. Cropping at random from an image that
   * was padded by so many pixels (the usual treatment of CIFAR-10, with 4) is the same thing.
   */
  readonly shift: number;
  /** Whether half of the images are mirrored left to right. */
  readonly flip: boolean;
}

/** Reads `shift=2`, `crop=4`, `flip` and combinations such as `crop=4,flip`. */
export function parseAugmentation(text: string): Augmentation {
  let augmentation: Augmentation = { shift: 0, flip: false };
  for (const part of text.split(',').map((item) => item.trim())) {
    const pixels = /^(?:shift|crop)=(\d+)$/.exec(part);
    if (pixels) augmentation = { ...augmentation, shift: Number(pixels[1]) };
    else if (part === 'flip') augmentation = { ...augmentation, flip: true };
    else {
      throw new RunError(
        `unknown augmentation "${part}"`,
        'use shift=PIXELS, crop=PIXELS or flip, separated by commas',
      );
    }
  }
  return augmentation;
}

/** Copies examples into `input`, each with its own random shift and mirroring. */
export function copyAugmented(
  input: Float32Array,
  { pixels }: ExampleSet,
  indices: ArrayLike<number>,
  inputShape: readonly number[],
  { shift, flip }: Augmentation,
  random: Random,
): void {
  const [height = 1, width = 1, channels = 1] = inputShape;
  const size = height * width * channels;
  input.fill(0);
  for (let row = 0; row < indices.length; row++) {
    const from = indices[row]! * size;
    const to = row * size;
    const down = random.int(2 * shift + 1) - shift;
    const right = random.int(2 * shift + 1) - shift;
    const mirrored = flip && random.next() < 0.5;
    for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
      for (let x = Math.max(0, right); x < Math.min(width, width + right); x++) {
        const sourceX = mirrored ? width - 1 - (x - right) : x - right;
        const source = from + ((y - down) * width + sourceX) * channels;
        const target = to + (y * width + x) * channels;
        for (let channel = 0; channel < channels; channel++) {
          input[target + channel] = pixels[source + channel]!;
        }
      }
    }
  }
}
