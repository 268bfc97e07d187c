/** What screening says of one candidate before free predictions: rejected, known, or still to be trained. */

import type { ScreenedRow } from '../model/evaluation.js';
import type { Analysis } from '../model/evaluator.js';
import type { ScreeningStage, SearchSettings } from '../model/settings.js';
import { type Neighbour, neighboursOf, twinOf } from '../screening/neighbours.js';
import type { Knowledge, Match } from './memory.js';
import type { Proposal } from './propose.js';

/** Known from an earlier run of the task: it may take a place with the score that it has there. */
export const isFromEarlierRun = ({ sameAs = 0 }: ScreenedRow): boolean => sameAs < 0;

/** Where a candidate is wanted. */
export interface Place {
  readonly island: number;
  readonly index: number;
}

/** A candidate that was proposed, with the place it is for. */
export interface Proposed {
  readonly place: Place;
  readonly proposal: Proposal;
}

/** The operator of a loss that the search was told to begin with. */
export const SEED = 'seed';

/** The operator of what a proposer has written. */
export const PROPOSED = 'proposed';

/** Stages whose verdict is asked for after known losses are recognised. */
const LATE: readonly ScreeningStage[] = ['null-epoch', 'shape'];

export interface Verdict {
  readonly row: ScreenedRow;
  /** The trained losses nearest to it; none where the stage is switched off or too little is known. */
  readonly neighbours: readonly Neighbour[];
}

/** `memories` are asked in their order; `trained` are those that can be neighbours. */
export function judge(
  settings: SearchSettings,
  row: ScreenedRow,
  analysis: Analysis,
  memories: readonly Knowledge[],
  trained: readonly ScreenedRow[],
): Verdict {
  const decided = (row: ScreenedRow): Verdict => ({ row, neighbours: [] });
  // A person wants to know how it does, whatever it looks like.
  const isSeed = row.operator === SEED;
  const enabled = analysis.rejections.filter(
    ({ stage }) => settings.stages[stage] && !(isSeed && LATE.includes(stage)),
  );
  const early = enabled.find(({ stage }) => !LATE.includes(stage));
  if (early !== undefined) return decided(rejected(row, early.stage, early.reason));
  const match = matchOf(settings, row, memories);
  if (match !== undefined) return decided(known(row, match.stage, match.how, match.row));
  const late = enabled.find(({ stage }) => LATE.includes(stage));
  if (late !== undefined) return decided(rejected(row, late.stage, late.reason));
  if (isSeed || !settings.stages.neighbours) return decided(row);
  const neighbours = neighboursOf(row.features, trained);
  const twin = twinOf(neighbours);
  if (twin !== undefined) return decided(known(row, 'neighbours', 'its gradient is almost the same', twin));
  return { row, neighbours };
}

function matchOf(
  { stages }: SearchSettings,
  row: ScreenedRow,
  memories: readonly Knowledge[],
): Match | undefined {
  const keys = {
    canonical: stages.canonical ? row.canonical : '',
    gradient: stages.gradient ? row.gradient : '',
    fingerprint: stages.gradient ? row.fingerprint : '',
  };
  for (const memory of memories) {
    const match = memory.match(keys);
    if (match !== undefined) return match;
  }
  return undefined;
}

export function freshRow(
  { place, proposal }: Proposed,
  analysis: Analysis,
  generation: number,
  id: number,
): ScreenedRow {
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
    features: analysis.features,
    flipped: analysis.flipped,
    outcome: 'pending',
    scores: [],
    complete: false,
    steps: 0,
    milliseconds: analysis.milliseconds,
  };
}

export function rejected(row: ScreenedRow, stage: ScreeningStage, reason: string): ScreenedRow {
  return { ...row, outcome: 'rejected', stage, reason, features: [] };
}

function known(
  row: ScreenedRow,
  stage: ScreeningStage,
  reason: string,
  { id: sameAs, scores, complete }: Pick<ScreenedRow, 'id' | 'scores' | 'complete'>,
): ScreenedRow {
  return { ...row, outcome: 'known', stage, reason, sameAs, scores, complete, features: [] };
}
