/** More trainings with other seeds, only for those that may be among the elites of their island. */
import { fitnessOf, type Individual } from './individual.js';
import { type SearchWorld, totalSteps, trainingJob } from './search-world.js';
import { sortedByValue } from './selection.js';

export interface Raced {
  readonly pools: readonly (readonly Individual[])[];
  readonly trainings: number;
  readonly steps: number;
}

/**
 * `pools` holds for each island the members and the children. In every round each individual within the margin of the
 * elites gets one more training, until it has as many as the settings allow or falls behind.
 */
export async function race(world: SearchWorld, pools: readonly (readonly Individual[])[]): Promise<Raced> {
  const { most } = world.settings.racing;
  let [current, trainings, steps] = [pools, 0, 0];
  for (let round = 1; round < most; round++) {
    const contenders = unique(current.flatMap((pool) => contendersOf(world, pool)));
    if (contenders.length === 0) break;
    const jobs = contenders.map((individual) => trainingJob(world, individual, individual.scores.length));
    const reports = await world.evaluator.train(jobs);
    const scores = new Map(contenders.map(({ id }, i) => [id, reports[i]!.score]));
    current = current.map((pool) =>
      pool.map((individual) => {
        const score = scores.get(individual.id);
        return score === undefined ? individual : { ...individual, scores: [...individual.scores, score] };
      }),
    );
    trainings += reports.length;
    steps += totalSteps(reports);
  }
  return { pools: current, trainings, steps };
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
