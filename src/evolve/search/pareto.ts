/** The best loss of each size, and the front of those that beat every smaller one. */
import { log } from '../../../compiler/elementary/logarithm.js';
import { fitnessOf, type Individual } from '../model/individual.js';
import type { Archive } from '../model/search-state.js';

/** The archive after more individuals. Only those whose trainings ran to the end; the first found wins a tie. */
export function updateArchive(archive: Archive, individuals: readonly Individual[]): Archive {
  const best = new Map(archive.map((individual) => [individual.size, individual]));
  for (const individual of individuals) {
    if (!individual.complete) continue;
    const rival = best.get(individual.size);
    const same = rival?.id === individual.id;
    if (rival === undefined || same || fitnessOf(individual) > fitnessOf(rival)) {
      best.set(individual.size, individual);
    }
  }
  return [...best.values()].sort((a, b) => a.size - b.size);
}

/** Those that are better than everything smaller. */
export function paretoFront(archive: Archive): Individual[] {
  let best = Number.NEGATIVE_INFINITY;
  return archive.filter((individual) => {
    const fitness = fitnessOf(individual);
    if (fitness <= best) return false;
    best = fitness;
    return true;
  });
}

/**
 * Which loss of a front is taken: the `highest` score; the `steepest` drop per node of the logarithm of what the score lacks to 1; or the
 * `best`, which is the steepest among those that lack hardly more than the highest.
 */
export type Pick = 'best' | 'highest' | 'steepest';

/** A loss is close to the best one if it lacks at most this many times as much to a score of 1: PySR's rule. */
const CLOSE = 1.5;

/**
 * The individual of a front that a person most likely wants. `highest`: the one of the highest score. `steepest`: the steepest drop
 * per node of the logarithm of what the score lacks to 1. `best`: the steepest among those that lack hardly more than the highest.
 */
export function pickFromFront(front: readonly Individual[], pick: Pick): Individual | undefined {
  const lacks = front.map((individual) => Math.max(1e-9, 1 - fitnessOf(individual)));
  const drops = front.map((individual, i) =>
    i === 0 ? 0 : log(lacks[i - 1]! / lacks[i]!) / (individual.size - front[i - 1]!.size),
  );
  const close = Math.min(...lacks) * CLOSE;
  const order = front.map((_, i) => i).filter((i) => pick !== 'best' || lacks[i]! <= close);
  const value = (i: number): number => (pick === 'highest' ? -lacks[i]! : drops[i]!);
  const winner = order.reduce<number | undefined>(
    (best, i) => (best === undefined || value(i) > value(best) ? i : best),
    undefined,
  );
  return winner === undefined ? undefined : front[winner];
}
