/** More trainings with other seeds, only for those that may be among the best. */
import type { Individual } from '../model/individual.js';
import type { Archive } from '../model/search-state.js';
import { paretoFront, updateArchive } from './pareto.js';
import { type SearchWorld, totalSteps, trainingJob } from './search-world.js';
import { sortedByValue } from './selection.js';

export interface Raced {
  readonly pools: readonly (readonly Individual[])[];
  readonly archive: Archive;
  readonly trainings: number;
  readonly steps: number;
}

/** Repeated trainings for each training of a new candidate. What is in doubt after that is settled in the next generations, if it lasts. */
const SHARE = 0.5;

/**
 * `pools` holds for each island the members and the children. In every round each of the best `elites` of a pool, and the best loss
 * of all, gets one more training until it has as many as the settings allow. Who was there by luck falls behind, and the next
 * rises: what becomes an elite is not there by luck, and nobody else costs a second training. The best of all is the luckiest of
 * all the same, so it has to lead through more trainings. `trained`: how many candidates the generation has trained.
 */
export async function race(
  world: SearchWorld,
  pools: readonly (readonly Individual[])[],
  archive: Archive,
  trained: number,
): Promise<Raced> {
  const { most, best: mostOfBest } = world.settings.racing;
  let [current, best, trainings, steps] = [pools, updateArchive(archive, pools.flat()), 0, 0];
  const affordable = Math.max(1, Math.round(SHARE * trained));
  while (trainings < affordable) {
    const champion = paretoFront(best).slice(-1);
    const elites = sortedByValue(
      current.flatMap((pool) => elitesOf(world, pool)),
      world.settings.parsimony,
    );
    const contenders = unique([
      ...champion.filter(({ scores }) => scores.length < mostOfBest),
      ...elites.filter(({ scores }) => scores.length < most),
    ]).slice(0, affordable - trainings);
    if (contenders.length === 0) break;
    const jobs = contenders.map((individual) => trainingJob(world, individual, individual.scores.length));
    const reports = await world.evaluator.train(jobs);
    const scores = new Map(contenders.map(({ id }, i) => [id, reports[i]!.score]));
    const withScore = (individual: Individual): Individual => {
      const score = scores.get(individual.id);
      // A training that failed says nothing.
      return score === undefined || score === null
        ? individual
        : { ...individual, scores: [...individual.scores, score] };
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
