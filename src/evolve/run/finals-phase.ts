/** The last phase of a run: the best of the search and what tuning made of them, trained in full. */

import type { Evaluator } from '../model/evaluator.js';
import { fitnessOf, type Individual } from '../model/individual.js';
import type { LedgerReader } from '../store/ledger.js';
import { evolvedName } from '../store/loss-file.js';
import type { TunedLoss } from '../tuning/tune.js';
import { type Finalist, type FinalResult, finalRound } from './finals.js';
import type { RunContext } from './run-context.js';
import { type StoredFinals, storedFinals } from './stored-finals.js';

const FINALS_KEY = 'finals';

/** The finals of a run, best first; none before they were held. */
export function finalsOf(ledger: LedgerReader): readonly FinalResult[] {
  return ledger.result(FINALS_KEY, storedFinals)?.results ?? [];
}

export async function finalsPhase(
  { settings, ledger }: RunContext,
  front: readonly Individual[],
  tuned: readonly TunedLoss[],
  evaluator: Evaluator,
): Promise<readonly FinalResult[]> {
  const generation = ledger.lastState()?.generation ?? -1;
  const known = ledger.result(FINALS_KEY, storedFinals);
  if (known?.generation === generation) return known.results;
  const results = await finalRound(
    finalistsOf(front, tuned, settings.finals.losses),
    settings.finals,
    settings.seed,
    evaluator,
  );
  ledger.setResult(FINALS_KEY, { generation, results } satisfies StoredFinals);
  return results;
}

function finalistsOf(front: readonly Individual[], tuned: readonly TunedLoss[], count: number): Finalist[] {
  const found = front
    .toSorted((a, b) => fitnessOf(b) - fitnessOf(a))
    .slice(0, count)
    .map(({ id, genome }) => ({ name: evolvedName(id), id, genome, tuned: false }));
  const better = tuned
    .filter(({ result }) => result.best.score > result.start.score)
    .map(({ id, genome }) => ({ name: `${evolvedName(id)}_tuned`, id, genome, tuned: true }));
  return [...better, ...found];
}
