import { unreachable } from '../../../grammar/invariant.js';
import type { Random } from '../../random.js';
import { fitnessOf, type Individual } from '../model/individual.js';
import type { Selection } from '../model/settings.js';

/** Fitness less what the size costs. */
function selectionValue(individual: Individual, parsimony: number): number {
  return fitnessOf(individual) - parsimony * individual.size;
}

/** Better first: value, then fewer nodes, then older. A total order, so that sorting never depends on what came before. */
function compareIndividuals(a: Individual, b: Individual, parsimony: number): number {
  return selectionValue(b, parsimony) - selectionValue(a, parsimony) || a.size - b.size || a.id - b.id;
}

export function sortedByValue(individuals: readonly Individual[], parsimony: number): Individual[] {
  return individuals.toSorted((a, b) => compareIndividuals(a, b, parsimony));
}

/** One parent. The population must not be empty. Roulette takes negative values as 0, and all equal if none is positive. */
export function selectParent(
  population: readonly Individual[],
  selection: Selection,
  parsimony: number,
  random: Random,
): Individual {
  switch (selection.kind) {
    case 'roulette': {
      const value = (individual: Individual): number => Math.max(0, selectionValue(individual, parsimony));
      return population.some((individual) => value(individual) > 0)
        ? random.weighted(population, value)
        : random.pick(population);
    }
    case 'tournament': {
      const drawn = Array.from({ length: selection.size }, () => random.pick(population));
      return drawn.reduce((best, other) => (compareIndividuals(other, best, parsimony) < 0 ? other : best));
    }
    default:
      return unreachable(selection);
  }
}
