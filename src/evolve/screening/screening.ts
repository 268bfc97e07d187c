/** Fills the places of a generation: proposes candidates, has them screened, and recognises those that are known. */
import type { Random } from '../../random.js';
import { MUTATION_NAMES, type MutationName } from '../gp/mutations.js';
import { adaptedWeights } from '../search/adapt.js';
import { createMemory, type EvaluationRow, type Match } from '../search/memory.js';
import { type Proposal, type ProposalContext, proposeChild, proposeFirst } from '../search/propose.js';
import type { SearchState } from '../search/search-state.js';
import type { Entry, SearchWorld } from '../search/search-world.js';
import type { ScreeningStage } from '../settings.js';
import type { Analysis } from '../training/evaluator.js';

interface Place {
  readonly island: number;
  readonly index: number;
}

interface Candidate {
  readonly place: Place;
  readonly proposal: Proposal;
}

/** For settings whose mutation is a pass with rates: no single edit is drawn. */
const NO_WEIGHTS = Object.fromEntries(MUTATION_NAMES.map((name) => [name, 0])) as Record<
  MutationName,
  number
>;

/** Stages whose verdict is asked for after known losses are recognised. */
const LATE: readonly ScreeningStage[] = ['null-epoch', 'shape'];

/** All candidates of a generation in the order of their ids, screened and not yet trained. */
export async function fillPlaces(
  world: SearchWorld,
  state: SearchState,
  generation: number,
  random: Random,
): Promise<Entry[]> {
  const { places } = world.settings;
  const attempts = places.kind === 'take' ? 1 : places.attempts;
  const recent = createMemory();
  const entries: Entry[] = [];
  let open = placesOf(world, state, generation);
  for (let attempt = 0; attempt < attempts && open.length > 0; attempt++) {
    const candidates = propose(world, state, generation, open, attempt, random);
    const first = state.nextId + entries.length;
    const screened = await screen(world, generation, candidates, first, recent);
    entries.push(...screened);
    const filled = new Set(candidates.filter((_, i) => screened[i]!.accepted).map(({ place }) => place));
    open = open.filter((place) => !filled.has(place));
  }
  return entries;
}

function placesOf({ settings }: SearchWorld, state: SearchState, generation: number): Place[] {
  return Array.from({ length: settings.islands }, (_, island) => {
    const living = state.islands[island]?.members.length ?? 0;
    // An island that could not be filled at first begins again with random trees.
    const count =
      generation === 0 || living === 0 ? settings.population : settings.population - settings.elites;
    return Array.from({ length: count }, (_, index) => ({ island, index }));
  }).flat();
}

function propose(
  world: SearchWorld,
  state: SearchState,
  generation: number,
  open: readonly Place[],
  attempt: number,
  random: Random,
): Candidate[] {
  const { settings, variation, codec, seeds } = world;
  const weights =
    settings.mutation.kind === 'one' && settings.mutation.adapt
      ? adaptedWeights(settings.mutation.weights, state.records)
      : settings.mutation.kind === 'one'
        ? settings.mutation.weights
        : NO_WEIGHTS;
  const context: ProposalContext = { settings, variation, codec, weights };
  return open.flatMap((place) => {
    const mine = random.fork(`${place.island}/${place.index}/${attempt}`);
    const members = state.islands[place.island]?.members ?? [];
    const seed =
      generation === 0 && attempt === 0 ? seeds[place.index * settings.islands + place.island] : undefined;
    const proposal: Proposal | undefined =
      seed !== undefined
        ? { trees: seed, operator: 'seed', parents: [] }
        : members.length === 0
          ? proposeFirst(context, mine)
          : proposeChild(context, members, mine);
    return proposal === undefined ? [] : [{ place, proposal }];
  });
}

/** Entries for the candidates, in their order. `recent` learns those of this generation. */
async function screen(
  world: SearchWorld,
  generation: number,
  candidates: readonly Candidate[],
  firstId: number,
  recent: ReturnType<typeof createMemory>,
): Promise<Entry[]> {
  const take = world.settings.places.kind === 'take';
  const genomes = candidates.map(({ proposal }) => world.codec.print(proposal.trees));
  const analyses = await world.evaluator.analyse(genomes);
  /** Known from an earlier run of the task: it takes its place with the score it has there. */
  const fromEarlierRun = (row: EvaluationRow): boolean => (row.sameAs ?? 0) < 0;
  const rows = analyses.map((analysis, i) => {
    const row = judge(world, freshRow(candidates[i]!, analysis, generation, firstId + i), analysis, recent);
    recent.add(row);
    return row;
  });
  const undecided = rows.filter((row) => row.outcome === 'trained');
  const probes = world.settings.stages.prediction
    ? await world.evaluator.probe(undecided.map((row) => row.genome))
    : [];
  const probed = new Map(undecided.map((row, i) => [row.id, probes[i]]));
  return rows.map((row) => {
    const probe = probed.get(row.id);
    if (probe === undefined) {
      return { row, accepted: take || row.outcome === 'trained' || fromEarlierRun(row) };
    }
    const milliseconds = { ...row.milliseconds, prediction: probe.milliseconds };
    const passed: EvaluationRow = { ...row, probe: probe.score, milliseconds };
    if (probe.rejection === undefined) return { row: passed, accepted: true };
    return { row: rejected(passed, 'prediction', probe.rejection), accepted: take };
  });
}

function freshRow(
  { place, proposal }: Candidate,
  analysis: Analysis,
  generation: number,
  id: number,
): EvaluationRow {
  return {
    id,
    generation,
    island: place.island,
    genome: analysis.genome,
    size: analysis.size,
    parents: proposal.parents,
    operator: proposal.operator,
    canonical: analysis.canonical,
    gradient: analysis.gradient,
    fingerprint: analysis.fingerprint,
    flipped: analysis.flipped,
    outcome: 'trained',
    scores: [],
    complete: false,
    steps: 0,
    milliseconds: analysis.milliseconds,
  };
}

/** What screening says before the free predictions: rejected, known, or still `trained`. */
function judge(
  { settings, memory }: SearchWorld,
  row: EvaluationRow,
  analysis: Analysis,
  recent: ReturnType<typeof createMemory>,
): EvaluationRow {
  const enabled = analysis.rejections.filter(({ stage }) => settings.stages[stage]);
  const early = enabled.find(({ stage }) => !LATE.includes(stage));
  if (early !== undefined) return rejected(row, early.stage, early.reason);
  const keys = {
    canonical: settings.stages.canonical ? row.canonical : '',
    gradient: settings.stages.gradient ? row.gradient : '',
    fingerprint: settings.stages.gradient ? row.fingerprint : '',
  };
  const match: Match | undefined = memory.match(keys) ?? recent.match(keys);
  if (match !== undefined) {
    const { id: sameAs, scores, complete } = match.row;
    return { ...row, outcome: 'known', stage: match.stage, reason: match.how, sameAs, scores, complete };
  }
  const late = enabled.find(({ stage }) => LATE.includes(stage));
  return late === undefined ? row : rejected(row, late.stage, late.reason);
}

function rejected(row: EvaluationRow, stage: ScreeningStage, reason: string): EvaluationRow {
  return { ...row, outcome: 'rejected', stage, reason };
}
