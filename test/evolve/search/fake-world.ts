import { GENOME_CODEC } from '../../../src/evolve/gp/genome.js';
import { INITIAL_STATE, type SearchState } from '../../../src/evolve/model/search-state.js';
import type { SearchSettings } from '../../../src/evolve/model/settings.js';
import { breed } from '../../../src/evolve/search/breed.js';
import { type Committed, commit } from '../../../src/evolve/search/commit.js';
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

/** The generation after a state: what a search without a lag does again and again. */
export async function nextGeneration(world: SearchWorld, state: SearchState): Promise<Committed> {
  return commit(world, state, await breed(world, state, state.generation + 1));
}

/** One generation after another, each bred from what was known `lag` generations before: what a search with a lag amounts to. */
export async function* generations(world: SearchWorld): AsyncGenerator<Committed, never> {
  const states: SearchState[] = [];
  for (let generation = 0; ; generation++) {
    const base = states[generation - 1 - world.settings.lag] ?? INITIAL_STATE;
    const bred = await breed(world, base, generation);
    const next = await commit(world, states.at(-1) ?? INITIAL_STATE, bred);
    states.push(next.state);
    yield next;
  }
}
