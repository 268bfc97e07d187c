/**
 * Breeds a generation: proposes its candidates, screens and trains them. What comes of it depends on settings, seed, the evaluator's
 * answers, and the state after the generation that it is bred from alone; all questions are asked in batches, so neither the
 * number of workers, nor the order in which they finish, nor what other generations are in flight can matter.
 */
import { invariant } from '../../../grammar/invariant.js';
import { createRandom } from '../../random.js';
import type { EvaluationRow, ScreenedRow } from '../model/evaluation.js';
import { scoresOf, type TrainingJob, type TrainingReport } from '../model/evaluator.js';
import type { Trees } from '../model/genome.js';
import type { SearchState } from '../model/search-state.js';
import { ENOUGH, enoughTrained } from '../screening/neighbours.js';
import { sampleOf } from './audit.js';
import { fillPlaces, placesOf, seedAt } from './fill-places.js';
import { currentGates, updateGateScores } from './gates.js';
import { createMemory, type Knowledge } from './memory.js';
import { racingFrom } from './racing.js';
import { type Entry, type ScreenedEntry, type SearchWorld, trainingJob } from './search-world.js';
import { type Place, SEED } from './verdict.js';

/** A generation whose candidates are trained, and that is not committed yet. */
export interface Bred {
  /** After the generation that it was bred from. */
  readonly base: SearchState;
  /** In the order of their ids, which count from `base.nextId` as long as nobody knows how many others come before them. */
  readonly entries: readonly Entry[];
  readonly reports: readonly TrainingReport[];
  /** With a lag: of those that were chosen after `base` to be trained once more. */
  readonly raced: readonly TrainingReport[];
  /** For each entry the report of its training in the sample of audits, if it was drawn. */
  readonly sample: readonly (TrainingReport | undefined)[];
}

/** `base`: the state after the generation that this one is bred from. */
export async function breed(world: SearchWorld, base: SearchState, generation: number): Promise<Bred> {
  const random = createRandom(`${world.seed}/generation/${generation}`);
  const known = world.memory.asOf(base.generation);
  const places = placesOf(world, base, generation);
  const proposals = await proposalsFor(world, base, generation, known, places);
  let open = places;
  // No results of other generations can come between: of these the number says which training it is.
  let racing = racingFrom(base).map((individual) => trainingJob(world, individual, generation));
  let done: Trained = { entries: [], reports: [], raced: [], sample: new Map(), gateScores: base.gateScores };
  while (open.length > 0 || racing.length > 0) {
    const recent = createMemory(done.entries.map(({ row }) => row));
    const seeds = open.filter((place) => seedAt(world, place, generation) !== undefined).length;
    const trained = known.trained().length + recent.trained().length;
    const { size, rest, choices } = nextWave(world, trained, open.length, seeds);
    const context = { world, state: base, known, generation, random, recent, choices, proposals };
    const screened = await fillPlaces(context, open.slice(0, size), base.nextId + done.entries.length);
    const wave = await trainAccepted(world, done.gateScores, screened, racing);
    racing = [];
    done = {
      entries: [...done.entries, ...wave.entries],
      reports: [...done.reports, ...wave.reports],
      raced: [...done.raced, ...wave.raced],
      sample: new Map([...done.sample, ...wave.sample]),
      gateScores: wave.gateScores,
    };
    open = open.slice(open.length - rest);
  }
  const { entries, reports, raced } = done;
  const late = [...sampleOf(world, entries)].filter(([id]) => !done.sample.has(id));
  const last = await world.evaluator.train(late.map(([, job]) => job));
  const sample = new Map([...done.sample, ...late.map(([id], i) => [id, last[i]!] as const)]);
  return { base, entries, reports, raced, sample: entries.map(({ row }) => sample.get(row.id)) };
}

interface Trained {
  readonly entries: readonly Entry[];
  readonly reports: readonly TrainingReport[];
  readonly raced: readonly TrainingReport[];
  readonly sample: ReadonlyMap<number, TrainingReport>;
  readonly gateScores: SearchState['gateScores'];
}

/** The share of the places to be filled for which a proposer is asked: about as much as a mutation of high weight gets. */
const PROPOSED_SHARE = 0.25;

/** What a proposer has to say for the first places, which are those that are filled where not all are; nothing before there is a front. */
async function proposalsFor(
  { proposer, settings }: SearchWorld,
  base: SearchState,
  generation: number,
  known: Knowledge,
  places: readonly Place[],
): Promise<ReadonlyMap<Place, Trees>> {
  if (proposer === undefined || base.generation < 0) return new Map();
  const isSelective = settings.stages.neighbours && enoughTrained(known.trained().length);
  const filled = places.length * (isSelective ? settings.selectivity.places : 1);
  const count = Math.ceil(filled * PROPOSED_SHARE);
  const proposals = await proposer.propose(base, generation, count);
  return new Map(proposals.slice(0, count).map((trees, i) => [places[i]!, trees]));
}

/** Places that are filled and trained together while there are no neighbours to ask: small, for the gates learn from it. */
const WAVE = 16;

/**
 * How many of the open places come next, how many are left for later, and candidates to choose from for each. A place with a seed is
 * never left out.
 */
function nextWave({ settings }: SearchWorld, trained: number, open: number, seeds: number) {
  const asked = settings.stages.neighbours && settings.places.kind === 'retry';
  const { selectivity } = settings;
  if (asked && enoughTrained(trained))
    return {
      size: Math.max(Math.ceil(open * selectivity.places), Math.min(open, seeds)),
      rest: 0,
      choices: selectivity.candidates,
    };
  const size = Math.min(open, asked ? ENOUGH : WAVE);
  return { size, rest: open - size, choices: 1 };
}

/**
 * Trains what was accepted and is not known, and besides in one batch, so that nobody waits twice, `racing` and the sample of what was
 * rejected. Known ones take the scores of the candidate they equal.
 */
async function trainAccepted(
  world: SearchWorld,
  gateScores: SearchState['gateScores'],
  entries: readonly ScreenedEntry[],
  racing: readonly TrainingJob[],
): Promise<Trained> {
  const chosen = entries.filter(({ row, accepted }) => accepted && row.outcome === 'pending');
  const { settings, steps } = world;
  const gates = currentGates(settings.gates, steps, gateScores);
  // A loss that the search was told to begin with is trained to the end: what others are measured by.
  const gatesOf = ({ operator }: ScreenedRow) => (operator === SEED ? [] : gates);
  const jobs = chosen.map(({ row }) => trainingJob(world, row, 0, gatesOf(row)));
  const drawn = [...sampleOf(world, entries)];
  const answers = await world.evaluator.train([...jobs, ...racing, ...drawn.map(([, job]) => job)]);
  const reports = answers.slice(0, jobs.length);
  const raced = answers.slice(jobs.length, jobs.length + racing.length);
  const sample = answers.slice(jobs.length + racing.length);
  const byId = new Map(chosen.map(({ row }, i) => [row.id, withReport(row, reports[i]!)]));
  const finished = entries.map(({ row, accepted }): Entry => {
    const same = row.sameAs === undefined ? undefined : byId.get(row.sameAs);
    const known = same === undefined ? row : { ...row, scores: same.scores, complete: same.complete };
    return { accepted, row: byId.get(row.id) ?? decided(known) };
  });
  return {
    entries: finished,
    reports,
    raced,
    sample: new Map(drawn.map(([id], i) => [id, sample[i]!])),
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
