// @ts-check
/** Images of one's own, as a data module: discs, squares and crosses on 16 x 16 pixels, somewhere, in some size, with noise. */

const SIDE = 16;
const SHAPES = [
  /** @param {number} x @param {number} y @param {number} size */
  (x, y, size) => x * x + y * y <= size * size,
  /** @param {number} x @param {number} y @param {number} size */
  (x, y, size) => Math.max(Math.abs(x), Math.abs(y)) <= 0.9 * size,
  /** @param {number} x @param {number} y @param {number} size */
  (x, y, size) =>
    Math.min(Math.abs(x), Math.abs(y)) <= 0.3 * size && Math.max(Math.abs(x), Math.abs(y)) <= size,
];

/** @returns {import('lossc/training').UserData} */
export function loadData() {
  const random = generator(1);
  return {
    name: 'shapes',
    inputShape: [SIDE, SIDE, 1],
    classes: SHAPES.length,
    train: draw(1500, random),
    test: draw(600, random),
    validationExamples: 300,
  };
}

/**
 * Bytes are shown to the model as numbers from 0 to 1 unless `normalisation` says otherwise.
 * @param {number} count
 * @param {() => number} random
 * @returns {import('lossc/training').UserExamples}
 */
function draw(count, random) {
  const inputs = new Uint8Array(count * SIDE * SIDE);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const label = Math.floor(SHAPES.length * random());
    const size = 2.5 + 3.5 * random();
    const [left, top] = [size + (SIDE - 2 * size) * random(), size + (SIDE - 2 * size) * random()];
    for (let at = 0; at < SIDE * SIDE; at++) {
      const inside = SHAPES[label]?.((at % SIDE) + 0.5 - left, Math.floor(at / SIDE) + 0.5 - top, size);
      inputs[i * SIDE * SIDE + at] = (inside ? 130 : 30) + 90 * random();
    }
    labels[i] = label;
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
