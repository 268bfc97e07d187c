// @ts-check
/**
 * Data of your own: a module that exports `loadData`. This one draws a table; read yours in the place of `draw`. A table in a CSV
 * file needs no module: lossc train std/huber --dataset table.csv --predict COLUMN
 *
 * What stands here in the place of a table: the power of a wind turbine. It grows with the cube of the wind speed until the turbine
 * is at its limit, depends a little on the direction and on the temperature, and one record in ten comes from a meter that has
 * stopped and shows 0.
 */

/** Whatever is drawn here is drawn again the same: lossc repeats a training exactly, and data that change cannot be told apart. */
const SEED = 1;
const TRAIN = 2000;
const TEST = 1000;
const BROKEN = 0.1;

/**
 * @typedef {import('lossc/training').UserData} UserData
 * @typedef {import('lossc/training').UserExamples} UserExamples
 */

/** @returns {UserData} */
export function loadData() {
  const random = generator(SEED);
  return {
    // The name in reports.
    name: 'turbine',
    // 'classification' with `classes`, or 'regression' or 'multi-label' with `outputs`: how many numbers are learnt of each example.
    // --learn quantiles or mean-and-variance learns the distribution of a regression's one target.
    task: 'regression',
    outputs: 1,
    // Of one example: [columns] for a table, [height, width, channels] for images.
    inputShape: [3],
    train: draw(TRAIN, random),
    // Looked at once, at the end. Validation examples are taken from the training examples, by the seed of the run.
    test: draw(TEST, random),
    validationExamples: 500,
    // What the model sees: value * scale + offset, column by column. Networks learn best from numbers around 0.
    normalisation: { scale: [1 / 5, 2, 1 / 10], offset: [-1.5, 0, -1] },
  };
}

/**
 * Inputs one after another, row by row, and the numbers to learn in the same order.
 * @param {number} count
 * @param {() => number} random
 * @returns {UserExamples}
 */
function draw(count, random) {
  const inputs = new Float32Array(3 * count);
  const labels = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const speed = 15 * random();
    const direction = random() - 0.5;
    const temperature = 20 * random();
    const power =
      2000 * Math.min(1, (speed / 11) ** 3) * (1 - direction * direction) * (1 - 0.004 * temperature);
    inputs.set([speed, direction, temperature], 3 * i);
    labels[i] = random() < BROKEN ? 0 : power + 20 * (random() + random() + random() - 1.5);
  }
  return { inputs, labels };
}

/**
 * Numbers from 0 to 1, the same for the same seed (mulberry32).
 * @param {number} seed
 * @returns {() => number}
 */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
