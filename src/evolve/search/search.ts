/**
 * The search as a state machine: `nextGeneration` takes the state to the state after one more generation. The result
 * depends on settings, seed and the evaluator's answers alone; all questions of a generation are asked in batches,
 * so neither the number of workers nor the order in which they finish can matter.
 */
import { invariant } from '../../../grammar/invariant.js';
import { createRandom } from '../../random.js';
import { medianOf } from '../cmaes/stop.js';
import type { EvaluationRow, ScreenedRow } from '../model/evaluation.js';
import { scoresOf, type TrainingReport } from '../model/evaluator.js';
import type { Trees } from '../model/genome.js';
import { fitnessOf, type Individual } from '../model/individual.js';
import type { GenerationReport, Island, SearchState } from '../model/search-state.js';
import type { ScreeningStage } from '../model/settings.js';
import { MUTATION_NAMES, type MutationName } from '../model/variation.js';
import { ENOUGH, enoughTrained } from '../screening/neighbours.js';
import { updateRecords } from './adapt.js';
import { audit } from './audit.js';
import { fillPlaces, placesOf } from './fill-places.js';
import { currentGates, updateGateScores } from './gates.js';
import { createMemory, type Memory } from './memory.js';
import { migrate, nextMembers } from './population.js';
import { race } from './racing.js';
import { type Entry, type ScreenedEntry, type SearchWorld, totalSteps, trainingJob } from './search-world.js';
import { type Place, SEED } from './verdict.js';

export async function nextGeneration(
  world: SearchWorld,
  state: SearchState,
): Promise<{ readonly state: SearchState; readonly report: GenerationReport }> {
  const { settings } = world;
  const generation = state.generation + 1;
  const trained = await proposeAndTrain(world, state, generation);
  const children = trained.entries
    .filter(({ accepted, row }) => accepted && row.outcome !== 'failed')
    .map(({ row }) => toIndividual(row));
  const old = islandsOf(world, state);
  const raced = await race(
    world,
    old.map(({ members }, i) => [...members, ...children.filter(({ island }) => island === i)]),
    state.archive,
    trained.reports.length,
  );
  const settled = raced.pools.map((pool, i): Island => {
    const before = old[i]!.members.length;
    return { members: nextMembers(pool.slice(0, before), pool.slice(before), settings) };
  });
  const audited = await audit(world, trained.entries, settled, state.audits);
  const { every, count } = settings.migration;
  const migrating = every > 0 && generation > 0 && generation % every === 0 && settled.length > 1;
  const islands = migrating ? migrate(settled, count, settings.parsimony) : settled;
  for (const row of audited.rows) world.memory.add(row);
  const { spent } = state;
  const next: SearchState = {
    generation,
    nextId: state.nextId + audited.rows.length,
    islands,
    archive: raced.archive,
    records: updateRecords(state.records, outcomes(old, children)),
    gateScores: trained.gateScores,
    spent: {
      candidates: spent.candidates + audited.rows.length,
      evaluations: spent.evaluations + trained.reports.length,
      trainings: spent.trainings + trained.reports.length + raced.trainings + audited.trainings,
      steps: spent.steps + totalSteps(trained.reports) + raced.steps + audited.steps,
      auditSteps: spent.auditSteps + audited.steps,
    },
    rejected: countRejected(state.rejected, audited.rows),
    audits: audited.counts,
  };
  return { state: next, report: reportOf(next, audited.rows) };
}

function islandsOf({ settings }: SearchWorld, state: SearchState): readonly Island[] {
  return Array.from({ length: settings.islands }, (_, i) => state.islands[i] ?? { members: [] });
}

interface Trained {
  readonly entries: readonly Entry[];
  readonly reports: readonly TrainingReport[];
  readonly gateScores: SearchState['gateScores'];
}

/** All candidates of a generation, wave by wave: later ones know how earlier ones ended. */
async function proposeAndTrain(world: SearchWorld, state: SearchState, generation: number): Promise<Trained> {
  const random = createRandom(`${world.seed}/generation/${generation}`);
  const places = placesOf(world, state, generation);
  const seeds = generation === 0 ? world.seeds.length : 0;
  const proposals = await proposalsFor(world, state, generation, places);
  let open = places;
  let done: Trained = { entries: [], reports: [], gateScores: state.gateScores };
  while (open.length > 0) {
    const recent = createMemory(done.entries.map(({ row }) => row));
    const seedsLeft = seeds - (places.length - open.length);
    const { size, rest, choices } = nextWave(world, recent, open.length, seedsLeft);
    const context = { world, state, generation, random, recent, choices, proposals };
    const screened = await fillPlaces(context, open.slice(0, size), state.nextId + done.entries.length);
    const wave = await trainAccepted(world, done.gateScores, screened);
    done = {
      entries: [...done.entries, ...wave.entries],
      reports: [...done.reports, ...wave.reports],
      gateScores: wave.gateScores,
    };
    open = open.slice(open.length - rest);
  }
  return done;
}

/** The share of the places to be filled for which a proposer is asked: about as much as a mutation of high weight gets. */
const PROPOSED_SHARE = 0.25;

/** What a proposer has to say for the first places, which are those that are filled where not all are; nothing before there is a front. */
async function proposalsFor(
  { proposer, settings, memory }: SearchWorld,
  state: SearchState,
  generation: number,
  places: readonly Place[],
): Promise<ReadonlyMap<Place, Trees>> {
  if (proposer === undefined || generation === 0) return new Map();
  const isSelective = settings.stages.neighbours && enoughTrained(memory.trained().length);
  const filled = places.length * (isSelective ? settings.selectivity.places : 1);
  const count = Math.ceil(filled * PROPOSED_SHARE);
  const proposals = await proposer.propose(state, generation, count);
  return new Map(proposals.slice(0, count).map((trees, i) => [places[i]!, trees]));
}

/** Places that are filled and trained together while there are no neighbours to ask: small, for the gates learn from it. */
const WAVE = 16;

/**
 * How many of the open places come next, how many are left for later, and candidates to choose from for each. A place with a seed is
 * never left out.
 */
function nextWave({ settings, memory }: SearchWorld, recent: Memory, open: number, seeds: number) {
  const asked = settings.stages.neighbours && settings.places.kind === 'retry';
  const { selectivity } = settings;
  if (asked && enoughTrained(memory.trained().length + recent.trained().length))
    return {
      size: Math.max(Math.ceil(open * selectivity.places), Math.min(open, seeds)),
      rest: 0,
      choices: selectivity.candidates,
    };
  const size = Math.min(open, asked ? ENOUGH : WAVE);
  return { size, rest: open - size, choices: 1 };
}

/** Trains what was accepted and is not known; known ones take the scores of the candidate they equal. */
async function trainAccepted(
  world: SearchWorld,
  gateScores: SearchState['gateScores'],
  entries: readonly ScreenedEntry[],
): Promise<Trained> {
  const chosen = entries.filter(({ row, accepted }) => accepted && row.outcome === 'pending');
  const { settings, steps } = world;
  const gates = currentGates(settings.gates, steps, gateScores);
  // A loss that the search was told to begin with is trained to the end: what others are measured by.
  const gatesOf = ({ operator }: ScreenedRow) => (operator === SEED ? [] : gates);
  const jobs = chosen.map(({ row }) => trainingJob(world, row, 0, gatesOf(row)));
  const reports = await world.evaluator.train(jobs);
  const byId = new Map(chosen.map(({ row }, i) => [row.id, withReport(row, reports[i]!)]));
  const finished = entries.map(({ row, accepted }): Entry => {
    const same = row.sameAs === undefined ? undefined : byId.get(row.sameAs);
    const known = same === undefined ? row : { ...row, scores: same.scores, complete: same.complete };
    return { accepted, row: byId.get(row.id) ?? decided(known) };
  });
  return {
    entries: finished,
    reports,
    gateScores: updateGateScores(gateScores, settings.gates, steps, reports),
  };
}

/** Every candidate that is pending is accepted, and so has been trained. */
function decided(row: ScreenedRow): EvaluationRow {
  const { outcome } = row;
  invariant(outcome !== 'pending', `candidate ${row.id} was neither trained nor rejected`);
  return { ...row, outcome };
}

function withReport(row: ScreenedRow, report: TrainingReport): EvaluationRow {
  const finished = report.end === 'finished';
  const reason = report.score === null ? `${report.end}: ${report.detail}` : report.end;
  return {
    ...row,
    outcome: report.score === null ? 'failed' : finished ? 'trained' : 'stopped',
    ...(!finished && { reason }),
    scores: scoresOf([report]),
    complete: finished,
    steps: report.steps,
    milliseconds: { ...row.milliseconds, training: report.milliseconds },
  };
}

function toIndividual(row: EvaluationRow): Individual {
  const { id, genome, size, generation: born, island, parents, operator, canonical, scores, complete } = row;
  return { id, genome, size, born, island, parents, operator, canonical, scores, complete };
}

/** Which mutations gave something better than the parent. */
function outcomes(old: readonly Island[], children: readonly Individual[]) {
  const fitness = new Map(
    old.flatMap(({ members }) => members.map((member) => [member.id, fitnessOf(member)])),
  );
  return children.flatMap((child) => {
    const parent = fitness.get(child.parents[0] ?? -1);
    const operator = MUTATION_NAMES.find((name): name is MutationName => name === child.operator);
    if (operator === undefined || parent === undefined) return [];
    return [{ operator, better: child.complete && fitnessOf(child) > parent }];
  });
}

function countRejected(
  before: SearchState['rejected'],
  rows: readonly EvaluationRow[],
): SearchState['rejected'] {
  const counts: Partial<Record<ScreeningStage, number>> = { ...before };
  for (const { stage } of rows) if (stage !== undefined) counts[stage] = (counts[stage] ?? 0) + 1;
  return counts;
}

function reportOf(state: SearchState, rows: readonly EvaluationRow[]): GenerationReport {
  const fitness = state.islands.flatMap(({ members }) => members.map(fitnessOf));
  const best = Math.max(0, ...fitness);
  return { generation: state.generation, best, median: fitness.length === 0 ? 0 : medianOf(fitness), rows };
}
