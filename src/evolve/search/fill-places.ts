/** Fills places of a generation: proposes candidates, has them screened, and lets each place choose. */
import type { Random } from '../../random.js';
import type { ScreenedRow } from '../model/evaluation.js';
import type { Trees } from '../model/genome.js';
import { fitnessOf } from '../model/individual.js';
import type { SearchState } from '../model/search-state.js';
import { MUTATION_NAMES, type MutationName } from '../model/variation.js';
import { alike, expectedScore } from '../screening/neighbours.js';
import { adaptedWeights } from './adapt.js';
import { createMemory, type Knowledge, type Memory } from './memory.js';
import { type ProposalContext, proposeChild, proposeFirst } from './propose.js';
import type { ScreenedEntry, SearchWorld } from './search-world.js';
import {
  freshRow,
  isFromEarlierRun,
  judge,
  type Place,
  PROPOSED,
  type Proposed,
  rejected,
  SEED,
  type Verdict,
} from './verdict.js';

/** What screening works with besides the world: where the search stands within a generation. */
export interface ScreeningContext {
  readonly world: SearchWorld;
  /** After the generation that this one is bred from. */
  readonly state: SearchState;
  /** What was known then. */
  readonly known: Knowledge;
  readonly generation: number;
  readonly random: Random;
  /** What this generation has met before these places. */
  readonly recent: Memory;
  /** Candidates proposed at a time for a place. */
  readonly choices: number;
  /** What a proposer has to say for a place. */
  readonly proposals: ReadonlyMap<Place, Trees>;
}

/** For settings whose mutation is a pass with rates: no single edit is drawn. */
const NO_WEIGHTS = Object.fromEntries(MUTATION_NAMES.map((name) => [name, 0])) as Record<
  MutationName,
  number
>;

/**
 * The places of a generation; losses to begin with take the first. The first population is spread over all generations that are bred
 * from nothing: with a lag that costs no more random trees than without.
 */
export function placesOf({ settings }: SearchWorld, state: SearchState, generation: number): Place[] {
  const { islands, population, elites, lag } = settings;
  const first = generation <= lag;
  const shareBefore = (share: number): number => Math.floor((share * population) / (lag + 1));
  const [from, to] = first ? [shareBefore(generation), shareBefore(generation + 1)] : [0, population];
  return Array.from({ length: to - from }, (_, i) =>
    Array.from({ length: islands }, (_, island) => ({ island, index: from + i })),
  )
    .flat()
    .filter(({ island, index }) => {
      const living = state.islands[island]?.members.length ?? 0;
      // An island that could not be filled at first begins again with random trees.
      return first || living === 0 || index < population - elites;
    });
}

/** The loss that the search was told to begin with at this place. */
export function seedAt(
  { settings, seeds }: SearchWorld,
  { index, island }: Place,
  generation: number,
): Trees | undefined {
  return generation <= settings.lag ? seeds[index * settings.islands + island] : undefined;
}

/** The candidates for some places in the order of their ids, from `firstId`, screened and not yet trained. */
export async function fillPlaces(
  context: ScreeningContext,
  places: readonly Place[],
  firstId: number,
): Promise<ScreenedEntry[]> {
  const { settings } = context.world;
  const attempts = settings.places.kind === 'take' ? 1 : settings.places.attempts;
  const entries: ScreenedEntry[] = [];
  const met = createMemory();
  let open = places;
  for (let attempt = 0; attempt < attempts && open.length > 0; ) {
    const choices = Math.min(context.choices, attempts - attempt);
    const candidates = open.flatMap((place) => {
      const seed = attempt === 0 ? seedAt(context.world, place, context.generation) : undefined;
      if (seed !== undefined) return [{ place, proposal: { trees: seed, operator: SEED, parents: [] } }];
      const proposed = attempt === 0 ? context.proposals.get(place) : undefined;
      const first: Proposed[] =
        proposed === undefined
          ? []
          : [{ place, proposal: { trees: proposed, operator: PROPOSED, parents: [] } }];
      const bred = Array.from({ length: choices }, (_, i) => propose(context, place, attempt + i)).flat();
      return [...first, ...bred].slice(0, choices);
    });
    const chosen = entries.filter(({ accepted }) => accepted).map(({ row }) => row);
    const screened = await screen(context, candidates, firstId + entries.length, met, chosen);
    entries.push(...screened);
    for (const { row } of screened) met.add(row);
    const filled = new Set(candidates.filter((_, i) => screened[i]!.accepted).map(({ place }) => place));
    open = open.filter((place) => !filled.has(place));
    attempt += choices;
  }
  return entries;
}

/** Nothing where every try broke a limit. */
function propose(context: ScreeningContext, place: Place, attempt: number): Proposed[] {
  const { state, world } = context;
  const { settings, variation, codec } = world;
  const weights =
    settings.mutation.kind === 'one' && settings.mutation.adapt
      ? adaptedWeights(settings.mutation.weights, state.records)
      : settings.mutation.kind === 'one'
        ? settings.mutation.weights
        : NO_WEIGHTS;
  const proposing: ProposalContext = { settings, variation, codec, weights };
  const random = context.random.fork(`${place.island}/${place.index}/${attempt}`);
  const members = state.islands[place.island]?.members ?? [];
  const proposal =
    members.length === 0 ? proposeFirst(proposing, random) : proposeChild(proposing, members, random);
  return proposal === undefined ? [] : [{ place, proposal }];
}

/** Entries for the candidates, in their order. `met` and `taken`: all, and those accepted, that will be trained with these. */
async function screen(
  { world, generation, known, recent }: ScreeningContext,
  candidates: readonly Proposed[],
  firstId: number,
  met: Memory,
  taken: readonly ScreenedRow[],
): Promise<ScreenedEntry[]> {
  const { settings } = world;
  const take = settings.places.kind === 'take';
  const genomes = candidates.map(({ proposal }) => world.codec.print(proposal.trees));
  const analyses = await world.evaluator.analyse(genomes);
  const batch = createMemory();
  const memories = [known, recent, met, batch];
  const trained = [...known.trained(), ...recent.trained()];
  const verdicts = analyses.map((analysis, i) => {
    const row = freshRow(candidates[i]!, analysis, generation, firstId + i);
    const verdict = judge(settings, row, analysis, memories, trained);
    batch.add(verdict.row);
    return verdict;
  });
  const choosing = !take && settings.stages.neighbours;
  const judged = verdicts.map(({ row }) => row);
  const { rows, passedOver } = choosing
    ? choose(candidates, verdicts, taken)
    : { rows: judged, passedOver: new Set<ScreenedRow>() };
  const undecided = rows.filter((row) => row.outcome === 'pending' && row.operator !== SEED);
  const probes = settings.stages.prediction
    ? await world.evaluator.probe(undecided.map((row) => row.genome))
    : [];
  const probed = new Map(undecided.map((row, i) => [row.id, probes[i]]));
  return rows.map((row): ScreenedEntry => {
    const probe = probed.get(row.id);
    if (probe === undefined) {
      const wanted = row.outcome === 'pending' || (isFromEarlierRun(row) && !passedOver.has(row));
      return { row, accepted: take || wanted };
    }
    const milliseconds = { ...row.milliseconds, prediction: probe.milliseconds };
    const passed: ScreenedRow = { ...row, probe: probe.score, milliseconds };
    if (probe.rejection === undefined) return { row: passed, accepted: true };
    return { row: rejected(passed, 'prediction', probe.rejection), accepted: take };
  });
}

/**
 * Each place keeps the candidate that promises most: by its neighbours, or by its score in an earlier run. One that is almost another
 * which will be trained anyway is passed over. Gives the rows, and those known from earlier runs that got no place.
 */
function choose(
  candidates: readonly Proposed[],
  verdicts: readonly Verdict[],
  taken: readonly ScreenedRow[],
) {
  const rows = verdicts.map(({ row }) => row);
  const promises = verdicts.map(({ row, neighbours }) =>
    isFromEarlierRun(row) ? fitnessOf(row) : (expectedScore(neighbours) ?? 0),
  );
  const kept = [...taken];
  const passedOver = new Set<ScreenedRow>();
  for (const place of new Set(candidates.map((candidate) => candidate.place))) {
    const own = [...rows.keys()].filter(
      (i) => candidates[i]!.place === place && (rows[i]!.outcome === 'pending' || isFromEarlierRun(rows[i]!)),
    );
    let best: number | undefined;
    for (const i of own.toSorted((a, b) => promises[b]! - promises[a]! || a - b)) {
      const row = rows[i]!;
      const repeated = row.operator !== SEED && kept.some((other) => alike(row.features, other.features));
      if (best === undefined && !repeated) {
        best = i;
        kept.push(row);
      } else if (isFromEarlierRun(row)) passedOver.add(row);
      else if (best === undefined)
        rows[i] = rejected(row, 'neighbours', 'its gradient is almost that of another one in training');
      else {
        const [less, more] = [promises[i]!.toFixed(3), promises[best]!.toFixed(3)];
        rows[i] = rejected(row, 'neighbours', `its neighbours promise ${less}, those of another ${more}`);
      }
    }
  }
  return { rows, passedOver };
}
