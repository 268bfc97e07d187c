/** Commits a generation: from the state after the one before it and what was bred, the state after it. */

import { medianOf } from '../cmaes/stop.js';
import type { EvaluationRow } from '../model/evaluation.js';
import { fitnessOf, type Individual } from '../model/individual.js';
import type { Archive, GenerationReport, Island, SearchState } from '../model/search-state.js';
import type { ScreeningStage } from '../model/settings.js';
import { MUTATION_NAMES, type MutationName } from '../model/variation.js';
import { updateRecords } from './adapt.js';
import { audit } from './audit.js';
import type { Bred } from './breed.js';
import { updateGateScores } from './gates.js';
import { updateArchive } from './pareto.js';
import { migrate, nextMembers } from './population.js';
import { nextRacing, type Raced, race, racingFrom, scoring } from './racing.js';
import { type Entry, type SearchWorld, totalSteps } from './search-world.js';

/** A generation that is committed, and the state after it. */
export interface Committed {
  readonly state: SearchState;
  readonly report: GenerationReport;
}

/**
 * `state` is that after the generation before. Without a lag races take place here, and everything that learns does so here: population,
 * archive, memory, gates, weights.
 */
export async function commit(world: SearchWorld, state: SearchState, bred: Bred): Promise<Committed> {
  const { settings } = world;
  const { base, reports } = bred;
  const generation = state.generation + 1;
  const entries = numbered(bred, state.nextId);
  const children = entries
    .filter(({ accepted, row }) => accepted && row.outcome !== 'failed')
    .map(({ row }) => toIndividual(row));
  const old = islandsOf(world, state);
  const pools = old.map(({ members }, i) => [...members, ...children.filter(({ island }) => island === i)]);
  const raced =
    settings.lag === 0
      ? await race(world, pools, state.archive, reports.length)
      : takeRaced(pools, state.archive, bred);
  const settled = raced.pools.map((pool, i): Island => {
    const before = old[i]!.members.length;
    return { members: nextMembers(pool.slice(0, before), pool.slice(before), settings) };
  });
  const audited = audit(world, entries, bred.sample, settled, state.audits);
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
    records: updateRecords(state.records, outcomes([...base.islands, ...old], children)),
    gateScores: updateGateScores(state.gateScores, settings.gates, world.steps, reports),
    spent: {
      candidates: spent.candidates + audited.rows.length,
      evaluations: spent.evaluations + reports.length,
      trainings: spent.trainings + reports.length + raced.trainings + audited.trainings,
      steps: spent.steps + totalSteps(reports) + raced.steps + audited.steps,
      auditSteps: spent.auditSteps + audited.steps,
    },
    rejected: countRejected(state.rejected, audited.rows),
    audits: audited.counts,
    ...(settings.lag > 0 && { racing: racingAfter(world, state, islands, raced.archive, reports.length) }),
  };
  return { state: next, report: reportOf(next, audited.rows) };
}

/** The results of those that were chosen after the state that the generation was bred from. Some are there no more. */
function takeRaced(pools: Raced['pools'], archive: Archive, { base, raced }: Bred): Raced {
  const scored = scoring(racingFrom(base), raced);
  const current = pools.map((pool) => pool.map(scored));
  return {
    pools: current,
    archive: updateArchive(archive.map(scored), current.flat()),
    trainings: raced.length,
    steps: totalSteps(raced),
  };
}

/** Whom to train once more, after this and the generations before whose results are not there yet. */
function racingAfter(
  world: SearchWorld,
  { racing = [] }: SearchState,
  islands: readonly Island[],
  archive: Archive,
  trained: number,
): readonly (readonly number[])[] {
  const open = racing.slice(-world.settings.lag);
  const pools = islands.map(({ members }) => members);
  return [...open, nextRacing(world, pools, archive, trained, open)];
}

/** Candidates were numbered as if nothing had been in flight before them. */
function numbered({ base, entries }: Bred, nextId: number): Entry[] {
  const later = (id: number): number => (id < base.nextId ? id : id - base.nextId + nextId);
  return entries.map(({ accepted, row }) => ({
    accepted,
    row: { ...row, id: later(row.id), ...(row.sameAs !== undefined && { sameAs: later(row.sameAs) }) },
  }));
}

function islandsOf({ settings }: SearchWorld, state: SearchState): readonly Island[] {
  return Array.from({ length: settings.islands }, (_, i) => state.islands[i] ?? { members: [] });
}

function toIndividual(row: EvaluationRow): Individual {
  const { id, genome, size, generation: born, island, parents, operator, canonical, scores, complete } = row;
  return { id, genome, size, born, island, parents, operator, canonical, scores, complete };
}

/** Which mutations gave something better than the parent; of one that is in both, what was found out last counts. */
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
