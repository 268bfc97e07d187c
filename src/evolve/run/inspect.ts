/** Questions about a finished or running search, for the terminal and the report. Nothing here changes a run. */
import { join } from 'node:path';
import { RunError } from '../../errors.js';
import { GENOME_CODEC } from '../gp/genome.js';
import { readSketch } from '../losses/subject.js';
import type { EvaluationRow } from '../model/evaluation.js';
import { fitnessOf, type Individual } from '../model/individual.js';
import type { RunSettings } from '../model/run-settings.js';
import { type Pick, paretoFront, pickFromFront } from '../search/pareto.js';
import { type LedgerReader, readLedger } from '../store/ledger.js';
import { evolvedName, lossFileText } from '../store/loss-file.js';
import { readRunSettings } from '../store/read-settings.js';
import type { TrainingRecord } from '../store/rows.js';
import { tunedLoss } from '../tuning/schemas.js';
import type { TunedLoss } from '../tuning/tune.js';
import type { FinalResult } from './finals.js';
import { finalsOf } from './finals-phase.js';
import { tunedKey } from './tuning-phase.js';

export interface OpenRun {
  readonly directory: string;
  readonly settings: RunSettings;
  readonly ledger: LedgerReader;
}

/** Opens a run for reading, calls `use`, and closes it. */
export function withRun<T>(directory: string, use: (run: OpenRun) => T): T {
  const settings = readRunSettings(directory);
  const ledger = readLedger(join(directory, 'ledger.sqlite'));
  try {
    return use({ directory, settings, ledger });
  } finally {
    ledger.close();
  }
}

/** A loss of the Pareto front of a run. */
export interface FrontEntry {
  /** Number of the candidate in the run. */
  readonly id: number;
  /** Nodes of its expressions together. */
  readonly size: number;
  /** Mean of its scores, from 0 to 1; higher is better. */
  readonly score: number;
  /** Validation score of each of its trainings. */
  readonly scores: readonly number[];
  /** The expression in each hole of the sketch. */
  readonly genome: readonly string[];
  /** The one that `pick` would take. */
  readonly picked: boolean;
}

/** Losses that beat everything smaller, smallest first. */
export function pareto(directory: string, pick: Pick = 'best'): FrontEntry[] {
  return withRun(directory, ({ ledger }) => {
    const front = frontOf(ledger);
    const chosen = pickFromFront(front, pick);
    return front.map((individual) => ({
      id: individual.id,
      size: individual.size,
      score: fitnessOf(individual),
      scores: individual.scores,
      genome: individual.genome,
      picked: individual === chosen,
    }));
  });
}

export function frontOf(ledger: LedgerReader): Individual[] {
  return paretoFront(ledger.lastState()?.archive ?? []);
}

/** A candidate among the ancestors of another. */
export interface LineageStep {
  /** Number of the candidate in the run. */
  readonly id: number;
  /** In which it was proposed. */
  readonly generation: number;
  readonly island: number;
  /** What made it: a mutation, `crossover`, `random` or `seed`. */
  readonly operator: string;
  /** Numbers of those that it was made of. */
  readonly parents: readonly number[];
  /** The expression in each hole of the sketch. */
  readonly genome: readonly string[];
  /** Mean of its scores; 0 where it was not trained. */
  readonly score: number;
  /** How many births lie between it and the loss that was asked about. */
  readonly depth: number;
}

/** A candidate and all its ancestors, youngest first. Without an id: the winner, or the best so far. */
export function lineage(directory: string, id?: number): LineageStep[] {
  return withRun(directory, ({ ledger }) => lineageOf(ledger, id ?? bestId(ledger)));
}

function lineageOf(ledger: LedgerReader, id: number): LineageStep[] {
  const rows = new Map(ledger.evaluations().map((row) => [row.id, row]));
  const depths = new Map<number, number>();
  let wave = [id];
  for (let depth = 0; wave.length > 0; depth++) {
    for (const member of wave) if (!depths.has(member)) depths.set(member, depth);
    wave = [...new Set(wave.flatMap((member) => rows.get(member)?.parents ?? []))].filter(
      (p) => !depths.has(p),
    );
  }
  if (!rows.has(id)) throw unknownCandidate(id);
  return [...depths]
    .flatMap(([member, depth]) => {
      const row = rows.get(member);
      return row === undefined ? [] : [stepOf(row, depth)];
    })
    .sort((a, b) => b.id - a.id);
}

function stepOf(
  { id, generation, island, operator, parents, genome, scores }: EvaluationRow,
  depth: number,
): LineageStep {
  return { id, generation, island, operator, parents, genome, score: fitnessOf({ scores }), depth };
}

const unknownCandidate = (id: number): RunError => new RunError(`the run has no candidate ${id}`);

/** What there is to say of a search that has trained nothing. */
export function nothingFound(directory: string, candidates: number, hint: string): RunError {
  const reason = commonReason(directory);
  const because = reason === undefined ? '' : `; most often: ${reason}`;
  return new RunError(`no candidate of ${candidates} could be trained${because}`, hint);
}

/** Why most candidates were not trained; undefined where there is no reason. */
export function commonReason(directory: string): string | undefined {
  const reasons = withRun(directory, ({ ledger }) =>
    ledger
      .evaluations()
      .flatMap(({ reason, stage }) => (reason === undefined ? [] : [`${stage ?? 'training'}: ${reason}`])),
  );
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}

/** The winner of the finals, or the one of the highest score on the front. */
export function bestId(ledger: LedgerReader): number {
  const id = finalsOf(ledger)[0]?.id ?? frontOf(ledger).at(-1)?.id;
  if (id === undefined) throw new RunError('the run has found nothing yet');
  return id;
}

/** All that a run knows of a candidate. */
export interface Shown {
  /** What became of it in the search. */
  readonly row: EvaluationRow;
  /** The loss as a `.loss` file. */
  readonly text: string;
  /** All of its trainings. */
  readonly trainings: readonly TrainingRecord[];
  /** What tuning made of its coefficients, if they were tuned. */
  readonly tuned: TunedLoss | undefined;
  /** How it did in the finals, if it was there. */
  readonly final: FinalResult | undefined;
}

/** All that is known of a candidate. Without an id: the winner, or the best so far. */
export function show(directory: string, id?: number): Shown {
  return withRun(directory, ({ ledger, settings }) => {
    const wanted = id ?? bestId(ledger);
    const row = ledger.evaluations().find((item) => item.id === wanted);
    if (row === undefined) throw unknownCandidate(wanted);
    const subject = readSketch(settings.sketch.sources, settings.sketch.name);
    const genome = JSON.stringify(row.genome);
    return {
      row,
      text: lossFileText({ ...subject, codec: GENOME_CODEC }, row.genome, evolvedName(wanted), []),
      trainings: ledger.trainings().filter((training) => JSON.stringify(training.genome) === genome),
      tuned: ledger.result(tunedKey(wanted), tunedLoss),
      final: finalsOf(ledger).find((result) => result.id === wanted && !result.tuned),
    };
  });
}
