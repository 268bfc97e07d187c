/**
 * Selection and replacement compared on functions that are to be found from noisy scores, without training:
 * `node --import tsx test/bench/selection.bench.ts [SEEDS] [EVALUATIONS] [PART_OF_NAME]`. Prints for each setting the mean closeness
 * (without noise; 1 is the function itself) of the best loss found, and how often it was exact.
 */

import { GENOME_CODEC } from '../../src/evolve/gp/genome.js';
import { INITIAL_STATE } from '../../src/evolve/model/search-state.js';
import { BETTER, type SearchSettings } from '../../src/evolve/model/settings.js';
import { createMemory } from '../../src/evolve/search/memory.js';
import { paretoFront } from '../../src/evolve/search/pareto.js';
import { GLO_SKETCH, spaceOf } from '../evolve/gp/helpers.js';
import { closeness, fakeEvaluator } from '../evolve/search/fake-evaluator.js';
import { nextGeneration } from '../evolve/search/fake-world.js';
import { type Point, WANTED } from './functions-to-find.js';

const [seeds = '10', evaluations = '600', only = ''] = process.argv.slice(2);

const tournament = (size: number) => ({ selection: { kind: 'tournament', size } }) as const;
const VARIANTS: Readonly<Record<string, Partial<SearchSettings>>> = {
  'roulette, generational': { selection: { kind: 'roulette' } },
  'tournament 2': tournament(2),
  'tournament 3': tournament(3),
  'tournament 5': tournament(5),
  'tournament 3, ageing': { ...tournament(3), replacement: 'oldest' },
  'tournament 5, ageing': { ...tournament(5), replacement: 'oldest' },
  'tournament 5, ageing, crossover 0.6': { ...tournament(5), replacement: 'oldest', crossover: 0.6 },
  'tournament 8, ageing': { ...tournament(8), replacement: 'oldest' },
  'tournament 3, one island of 64': { ...tournament(3), islands: 1, population: 64, elites: 8 },
  'tournament 3, weights fixed': {
    ...tournament(3),
    mutation: BETTER.mutation.kind === 'one' ? { ...BETTER.mutation, adapt: false } : BETTER.mutation,
  },
  'tournament 3, crossover 0.1': { ...tournament(3), crossover: 0.1 },
  'tournament 3, crossover 0.7': { ...tournament(3), crossover: 0.7 },
};

async function run(name: string, wanted: (point: Point) => number, seed: string): Promise<number> {
  const settings: SearchSettings = { ...BETTER, gates: [], audit: 0, ...VARIANTS[name] };
  const space = spaceOf(GLO_SKETCH, settings.drawWeights);
  const world = {
    settings,
    seed,
    steps: 100,
    variation: { space, subtreeDepth: settings.subtreeDepth, limits: settings.limits },
    codec: GENOME_CODEC,
    evaluator: fakeEvaluator({ wanted, noise: 0.02 }),
    memory: createMemory(),
    seeds: [],
  };
  let state = INITIAL_STATE;
  while (state.spent.trainings < Number(evaluations)) state = (await nextGeneration(world, state)).state;
  const best = paretoFront(state.archive).at(-1);
  return best === undefined ? 0 : closeness(GENOME_CODEC.parse(best.genome)[0]!, wanted);
}

for (const name of Object.keys(VARIANTS).filter((one) => one.includes(only))) {
  const cells: string[] = [];
  for (const [target, wanted] of Object.entries(WANTED)) {
    const found: number[] = [];
    for (let i = 0; i < Number(seeds); i++) found.push(await run(name, wanted, `bench ${i}`));
    const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
    cells.push(`${target} ${mean.toFixed(3)} (${found.filter((value) => value > 0.999).length})`);
  }
  console.log(`${name.padEnd(34)} ${cells.join('   ')}`);
}
