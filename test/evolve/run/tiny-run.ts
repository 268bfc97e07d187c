import { fileURLToPath } from 'node:url';
import type { SearchOptions } from '../../../src/evolve/run/run-search.js';

/** A data set that loads at once. */
export const TINY_DATA = fileURLToPath(new URL('./tiny-data.mjs', import.meta.url));

/** A search that takes seconds: few points, a small network, few steps. */
export function tinyRun(directory: string): SearchOptions {
  return {
    directory,
    command: 'lossc evolve <tiny> & co',
    task: {
      cases: [
        { dataset: 'digits', trainExamples: 200, validationExamples: 100, labelNoise: 0.2, hidden: [16] },
      ],
      steps: 30,
    },
    sketch: {
      sources: {
        source: {
          name: 'tiny.loss',
          text: `fn half(x) = x / 2
sketch tiny(target: onehot[class], prediction: probability[class]) =
  -mean(?, class)
  with operators + - * / log square exp sqrt tanh half leaves target, prediction, 1, real`,
        },
        imports: [],
      },
    },
    seed: 'tiny',
    settings: { islands: 2, population: 6, places: { kind: 'retry', attempts: 10 }, audit: 0.2 },
    budget: { generations: 2 },
    tuning: { losses: 1, evaluations: 8, mostEvaluations: 2 },
    finals: { losses: 2, replicates: 2 },
    backend: 'wasm',
    // Starting a worker is what takes most of the time.
    running: { workers: 1 },
  };
}
