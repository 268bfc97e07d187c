import { GENOME_CODEC } from '../../../src/evolve/gp/genome.js';
import type { SearchSettings } from '../../../src/evolve/model/settings.js';
import { createMemory } from '../../../src/evolve/search/memory.js';
import type { SearchWorld } from '../../../src/evolve/search/search-world.js';
import { GLO_SKETCH, spaceOf } from '../gp/helpers.js';
import { type FakeOptions, fakeEvaluator } from './fake-evaluator.js';

/** A search over GLO's trees with an evaluator that trains nothing. */
export function fakeWorld(settings: SearchSettings, seed: string, options: FakeOptions = {}): SearchWorld {
  return {
    settings,
    seed,
    steps: 100,
    variation: {
      space: spaceOf(GLO_SKETCH, settings.drawWeights),
      subtreeDepth: settings.subtreeDepth,
      limits: settings.limits,
    },
    codec: GENOME_CODEC,
    evaluator: fakeEvaluator(options),
    memory: createMemory(),
    seeds: [],
  };
}
