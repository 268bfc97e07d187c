/** Data that any classifier learns: a cloud of points for each class, far from the others. */
import { createRandom } from '../../src/random.js';
import type { Dataset } from '../../src/runtime/data/dataset.js';
import type { ExampleSet } from '../../src/runtime/data/examples.js';
import { classification } from '../../src/runtime/tasks/learning.js';

/** Points in as many dimensions as there are classes, each class around 3 on an axis of its own. */
export function blobs(classes: number, examples = 60): Dataset {
  const random = createRandom('blobs');
  const part = (): ExampleSet => {
    const labels = Int32Array.from({ length: examples }, (_, i) => i % classes);
    const pixels = Float32Array.from(
      { length: examples * classes },
      (_, k) => (labels[Math.floor(k / classes)] === k % classes ? 3 : 0) + 0.5 * random.normal(),
    );
    return { count: examples, pixels, labels };
  };
  return {
    name: 'blobs',
    inputShape: [classes],
    ...classification(classes),
    train: part(),
    test: part(),
    normalisation: { scale: [1], offset: [0] },
    validationExamples: Math.round(examples / 3),
  };
}
