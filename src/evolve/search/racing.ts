/** More trainings with other seeds, only for those that may be among the best. */
import type { Individual } from './individual.js';
import { type Archive, paretoFront, updateArchive } from './pareto.js';
import { type SearchWorld, totalSteps, trainingJob } from './search-world.js';
import { sortedByValue } from './selection.js';

export interface Raced {
  readonly pools: readonly (readonly Individual[])[];
  readonly archive: Archive;
  readonly trainings: number;
  readonly steps: number;
}

/** Rounds after which a generation ends with elites that have fewer trainings: each round tries those that the last one let rise. */
const MOST_ROUNDS = 8;

/**
 * `pools` holds for each island the members and the children. In every round each of the best `elites` of a pool, and the best loss
 * of all, gets one more training until it has as many as the settings allow. Who was there by luck falls behind, and the next
 * rises: what becomes an elite is not there by luck, and nobody else costs a second training. The best of all is the luckiest of
 * all the same, so it has to lead through more trainings.
 */
export async function race(
  world: SearchWorld,
  pools: readonly (readonly Individual[])[],
  archive: Archive,
): Promise<Raced> {
  const { most, best: mostOfBest } = world.settings.racing;
  let [current, best, trainings, steps] = [pools, updateArchive(archive, pools.flat()), 0, 0];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const champion = paretoFront(best).slice(-1);
    const contenders = unique([
      ...current.flatMap((pool) => elitesOf(world, pool)).filter(({ scores }) => scores.length < most),
      ...champion.filter(({ scores }) => scores.length < mostOfBest),
    ]);
    if (contenders.length === 0) break;
    const jobs = contenders.map((individual) => trainingJob(world, individual, individual.scores.length));
    const reports = await world.evaluator.train(jobs);
    const scores = new Map(contenders.map(({ id }, i) => [id, reports[i]!.score]));
    const withScore = (individual: Individual): Individual => {
      const score = scores.get(individual.id);
      return score === undefined ? individual : { ...individual, scores: [...individual.scores, score] };
    };
    current = current.map((pool) => pool.map(withScore));
    best = updateArchive(best.map(withScore), current.flat());
    trainings += reports.length;
    steps += totalSteps(reports);
  }
  return { pools: current, archive: best, trainings, steps };
}

function elitesOf({ settings }: SearchWorld, pool: readonly Individual[]): Individual[] {
  const finished = pool.filter((individual) => individual.complete);
  return sortedByValue(finished, settings.parsimony).slice(0, Math.max(1, settings.elites));
}

/** One of each id: a migrant lives on two islands. */
function unique(individuals: readonly Individual[]): Individual[] {
  return [...new Map(individuals.map((individual) => [individual.id, individual])).values()];
}
