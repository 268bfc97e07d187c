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

export type Pick = 'accuracy' | 'best' | 'score';

/** A loss is close to the most accurate one if its error is at most this many times as large: PySR's rule. */
const CLOSE = 1.5;

/**
 * The individual of a front that a person most likely wants. `accuracy`: the most accurate. `score`: the steepest drop
 * of the logarithm of the error per node. `best`: the highest score among those whose error is close to the smallest.
 */
export function pickFromFront(front: readonly Individual[], pick: Pick): Individual | undefined {
  const errors = front.map((individual) => Math.max(1e-9, 1 - fitnessOf(individual)));
  const scores = front.map((individual, i) =>
    i === 0 ? 0 : log(errors[i - 1]! / errors[i]!) / (individual.size - front[i - 1]!.size),
  );
  const close = Math.min(...errors) * CLOSE;
  const order = front.map((_, i) => i).filter((i) => pick !== 'best' || errors[i]! <= close);
  const value = (i: number): number => (pick === 'accuracy' ? -errors[i]! : scores[i]!);
  const winner = order.reduce<number | undefined>(
    (best, i) => (best === undefined || value(i) > value(best) ? i : best),
    undefined,
  );
  return winner === undefined ? undefined : front[winner];
}
