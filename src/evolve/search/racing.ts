/** More trainings with other seeds, only for those that may be among the best. */
import { fitnessOf, type Individual } from './individual.js';
import { type Archive, paretoFront, updateArchive } from './pareto.js';
import { type SearchWorld, totalSteps, trainingJob } from './search-world.js';
import { sortedByValue } from './selection.js';

export interface Raced {
  readonly pools: readonly (readonly Individual[])[];
  readonly archive: Archive;
  readonly trainings: number;
  readonly steps: number;
}

/**
 * `pools` holds for each island the members and the children. In every round each individual within the margin of the
 * elites, and each on the Pareto front, gets one more training, until it has as many as the settings allow or falls
 * behind: what is said to be best should not be so by luck.
 */
export async function race(
  world: SearchWorld,
  pools: readonly (readonly Individual[])[],
  archive: Archive,
): Promise<Raced> {
  const { most } = world.settings.racing;
  let [current, best, trainings, steps] = [pools, updateArchive(archive, pools.flat()), 0, 0];
  for (let round = 1; round < most; round++) {
    const unsure = paretoFront(best).filter((individual) => individual.scores.length < most);
    const contenders = unique([...current.flatMap((pool) => contendersOf(world, pool)), ...unsure]);
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

function contendersOf({ settings }: SearchWorld, pool: readonly Individual[]): Individual[] {
  const { most, margin } = settings.racing;
  const finished = sortedByValue(
    pool.filter((individual) => individual.complete),
    settings.parsimony,
  );
  const last = finished[Math.min(finished.length, Math.max(1, settings.elites)) - 1];
  if (last === undefined) return [];
  return finished.filter(
    (individual) => individual.scores.length < most && fitnessOf(individual) + margin >= fitnessOf(last),
  );
}

/** One of each id: a migrant lives on two islands. */
function unique(individuals: readonly Individual[]): Individual[] {
  return [...new Map(individuals.map((individual) => [individual.id, individual])).values()];
}
