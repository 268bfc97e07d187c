/** Four clouds of points in eight dimensions: a data set that is there at once. */
const [CLASSES, SIZE] = [4, 8];

/** Numbers in [0, 1), the same every time. */
function* numbers(seed) {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

function examples(count, seed) {
  const next = numbers(seed);
  const draw = () => next.next().value;
  const centres = numbers(7);
  const centre = Array.from({ length: CLASSES * SIZE }, () => 2 * centres.next().value - 1);
  const inputs = new Float32Array(count * SIZE);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = i % CLASSES;
    for (let k = 0; k < SIZE; k++) {
      inputs[i * SIZE + k] = centre[labels[i] * SIZE + k] + 2 * (draw() + draw() - 1);
    }
  }
  return { inputs, labels };
}

export function loadData() {
  return {
    name: 'clouds',
    inputShape: [SIZE],
    classes: CLASSES,
    train: examples(600, 1),
    test: examples(200, 2),
    validationExamples: 200,
  };
}
