/** Makes candidates: random ones at the start, children of two or one parent later. */
import type { Random } from '../../random.js';
import {
  cross,
  mutate,
  mutateByPass,
  randomGrownTrees,
  randomTrees,
  type Variation,
  type VariationContext,
} from '../gp/vary.js';
import type { GenomeCodec, Trees } from '../model/genome.js';
import type { Individual } from '../model/individual.js';
import type { SearchSettings } from '../model/settings.js';
import type { MutationName } from '../model/variation.js';
import { selectParent } from './selection.js';

export interface Proposal {
  readonly trees: Trees;
  readonly operator: string;
  readonly parents: readonly number[];
}

export interface ProposalContext {
  readonly settings: SearchSettings;
  readonly variation: VariationContext;
  readonly codec: GenomeCodec;
  /** Current weights of the mutations, where the settings say `one`. */
  readonly weights: Readonly<Record<MutationName, number>>;
}

/** Undefined where every try broke a limit. */
export function proposeFirst({ settings, variation }: ProposalContext, random: Random): Proposal | undefined {
  const { initial } = settings;
  const made =
    initial.kind === 'grow'
      ? randomGrownTrees(initial.depth, variation, random)
      : randomTrees(initial, variation, random);
  return 'failed' in made ? undefined : { ...made, parents: [] };
}

/** A child of the population; the population must not be empty. */
export function proposeChild(
  context: ProposalContext,
  population: readonly Individual[],
  random: Random,
): Proposal | undefined {
  const { settings, codec } = context;
  const select = (): Individual => selectParent(population, settings.selection, settings.parsimony, random);
  const first = select();
  const crossing = random.next() < settings.crossover && population.length > 1;
  const second = crossing ? select() : undefined;
  const start = codec.parse(first.genome);
  const crossed =
    second === undefined ? undefined : cross(start, codec.parse(second.genome), context.variation, random)[0];
  const parents = second === undefined || second.id === first.id ? [first.id] : [first.id, second.id];
  const trees = crossed !== undefined && 'trees' in crossed ? crossed.trees : start;
  return finish(context, trees, crossed, parents, random);
}

function finish(
  context: ProposalContext,
  trees: Trees,
  crossed: Variation | undefined,
  parents: readonly number[],
  random: Random,
): Proposal | undefined {
  const { mutation } = context.settings;
  if (mutation.kind === 'pass') {
    const passed = mutateByPass(trees, mutation.rates, context.variation, random);
    const operator = crossed === undefined ? 'mutation' : 'crossover';
    return 'failed' in passed ? undefined : { trees: passed.trees, operator, parents };
  }
  if (crossed !== undefined && 'trees' in crossed) return { ...crossed, parents };
  const mutated = mutate(trees, context.weights, context.variation, random);
  return 'failed' in mutated ? undefined : { ...mutated, parents: parents.slice(0, 1) };
}
