import { RunError } from '../../errors.js';
import { GENOME_CODEC } from '../gp/genome.js';
import { simplifierFor } from '../gp/simplify-tree.js';
import { searchSpace } from '../gp/space.js';
import { spaceContext } from '../losses/compiler.js';
import type { SketchSubject } from '../losses/subject.js';
import type { SearchSettings } from '../model/settings.js';
import type { SearchWorld } from '../search/search-world.js';

interface WorldOptions {
  readonly settings: SearchSettings;
  readonly seed: string;
  /** Of a short training. */
  readonly steps: number;
  /** Losses that the search begins with. */
  readonly genomes: readonly (readonly string[])[];
}

/** What a search in a sketch works with; throws a RunError for a sketch that cannot be searched. */
export function createWorld(
  subject: SketchSubject,
  { settings, seed, steps, genomes }: WorldOptions,
): Omit<SearchWorld, 'evaluator' | 'memory'> {
  const space = searchSpace(subject.sketch, spaceContext(subject, settings.drawWeights));
  if (space.operators.length === 0)
    throw new RunError('the sketch has no operator that can be searched with');
  return {
    settings,
    seed,
    steps,
    variation: {
      space,
      subtreeDepth: settings.subtreeDepth,
      limits: settings.limits,
      simplify: simplifierFor(subject, space),
    },
    codec: GENOME_CODEC,
    seeds: genomes.map(GENOME_CODEC.parse),
  };
}
