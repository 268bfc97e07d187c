/**
 * More trainings with other seeds, only for those that may be among the best. Each of the best `elites` of an island, and the best loss
 * of all, gets one more training at a time until it has as many as the settings allow. Who was there by luck falls behind, and the next
 * rises: what becomes an elite is not there by luck, and nobody else costs a second training. The best of all is the luckiest of all
 * the same, so it has to lead through more trainings.
 */
import type { TrainingReport } from '../model/evaluator.js';
import type { Individual } from '../model/individual.js';
import type { Archive, SearchState } from '../model/search-state.js';
import { paretoFront, updateArchive } from './pareto.js';
import { type SearchWorld, totalSteps, trainingJob } from './search-world.js';
import { sortedByValue } from './selection.js';

type Pools = readonly (readonly Individual[])[];

export interface Raced {
  readonly pools: Pools;
  readonly archive: Archive;
  readonly trainings: number;
  readonly steps: number;
}

/** Repeated trainings for each training of a new candidate. What is in doubt after that is settled in the next generations, if it lasts. */
const SHARE = 0.5;
const affordableFor = (trained: number): number => Math.max(1, Math.round(SHARE * trained));

/**
 * Races until nobody is in doubt or what is affordable is spent. `pools` holds for each island the members and the children, `trained`
 * is how many candidates the generation has trained.
 */
export async function race(
  world: SearchWorld,
  pools: Pools,
  archive: Archive,
  trained: number,
): Promise<Raced> {
  let [current, best, trainings, steps] = [pools, updateArchive(archive, pools.flat()), 0, 0];
  const affordable = affordableFor(trained);
  while (trainings < affordable) {
    const contenders = inDoubt(world, current, best, ({ scores }) => scores.length).slice(
      0,
      affordable - trainings,
    );
    if (contenders.length === 0) break;
    const jobs = contenders.map((individual) => trainingJob(world, individual, individual.scores.length));
    const reports = await world.evaluator.train(jobs);
    const scored = scoring(contenders, reports);
    current = current.map((pool) => pool.map(scored));
    best = updateArchive(best.map(scored), current.flat());
    trainings += reports.length;
    steps += totalSteps(reports);
  }
  return { pools: current, archive: best, trainings, steps };
}

/**
 * Whom to train once more with the generation that is bred from this one, by id. `racing`: those of whom the same was said after
 * generations before, and whose results are not there yet.
 */
export function nextRacing(
  world: SearchWorld,
  pools: Pools,
  archive: Archive,
  trained: number,
  racing: readonly (readonly number[])[],
): readonly number[] {
  const asked = racing.flat();
  const count = ({ id, scores }: Individual): number =>
    scores.length + asked.filter((other) => other === id).length;
  return inDoubt(world, pools, archive, count)
    .slice(0, affordableFor(trained))
    .map(({ id }) => id);
}

/** Those that were chosen after this generation. */
export function racingFrom({ racing, islands, archive }: SearchState): readonly Individual[] {
  const known = new Map(
    [...archive, ...islands.flatMap(({ members }) => members)].map((individual) => [
      individual.id,
      individual,
    ]),
  );
  return (racing?.at(-1) ?? []).map((id) => known.get(id)!);
}

/** Gives those that were trained once more their scores; a training that failed says nothing. */
export function scoring(
  contenders: readonly Pick<Individual, 'id'>[],
  reports: readonly TrainingReport[],
): (individual: Individual) => Individual {
  const scores = new Map(contenders.map(({ id }, i) => [id, reports[i]!.score]));
  return (individual) => {
    const score = scores.get(individual.id);
    return score === undefined || score === null
      ? individual
      : { ...individual, scores: [...individual.scores, score] };
  };
}

/** The best that have not enough trainings, the best of all first. `count`: how many one has. */
function inDoubt(
  world: SearchWorld,
  pools: Pools,
  archive: Archive,
  count: (individual: Individual) => number,
): Individual[] {
  const { parsimony, racing } = world.settings;
  const champion = paretoFront(archive).slice(-1);
  const elites = sortedByValue(
    pools.flatMap((pool) => elitesOf(world, pool)),
    parsimony,
  );
  return unique([
    ...champion.filter((individual) => count(individual) < racing.best),
    ...elites.filter((individual) => count(individual) < racing.most),
  ]);
}

function elitesOf({ settings }: SearchWorld, pool: readonly Individual[]): Individual[] {
  const finished = pool.filter((individual) => individual.complete);
  return sortedByValue(finished, settings.parsimony).slice(0, Math.max(1, settings.elites));
}

/** One of each id: a migrant lives on two islands. */
function unique(individuals: readonly Individual[]): Individual[] {
  return [...new Map(individuals.map((individual) => [individual.id, individual])).values()];
}
