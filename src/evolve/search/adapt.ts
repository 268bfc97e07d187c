/** Mutation weights that follow success: probability matching with a floor, over a fading memory. */

import type { OperatorRecord, OperatorRecords } from '../model/search-state.js';
import type { MutationName } from '../model/variation.js';

/** What is left of the record after a generation: a memory of about ten generations. */
const FADING = 0.9;
/** Trials at the overall rate that every operator starts with, so that a few lucky ones do not decide. */
const PRIOR_TRIALS = 10;
/** No weight falls below this share of what the settings say, so that nothing dies out. */
const FLOOR = 0.2;
/** Nor rises above this multiple. */
const CEILING = 4;

/** The records after a generation with these outcomes. */
export function updateRecords(
  records: OperatorRecords,
  outcomes: readonly { readonly operator: MutationName; readonly better: boolean }[],
): OperatorRecords {
  const next: Partial<Record<MutationName, OperatorRecord>> = {};
  const names = new Set([
    ...(Object.keys(records) as MutationName[]),
    ...outcomes.map((item) => item.operator),
  ]);
  for (const name of names) {
    const old = records[name] ?? { tried: 0, better: 0 };
    const mine = outcomes.filter((item) => item.operator === name);
    next[name] = {
      tried: FADING * old.tried + mine.length,
      better: FADING * old.better + mine.filter((item) => item.better).length,
    };
  }
  return next;
}

/** The weights of the settings, moved towards the operators that succeed more often than the average one. */
export function adaptedWeights(
  weights: Readonly<Record<MutationName, number>>,
  records: OperatorRecords,
): Record<MutationName, number> {
  const all = Object.values(records);
  const tried = all.reduce((sum, record) => sum + record.tried, 0);
  const better = all.reduce((sum, record) => sum + record.better, 0);
  const overall = (better + 1) / (tried + 2);
  const adapted = { ...weights };
  for (const name of Object.keys(weights) as MutationName[]) {
    const record = records[name] ?? { tried: 0, better: 0 };
    const rate = (record.better + PRIOR_TRIALS * overall) / (record.tried + PRIOR_TRIALS);
    adapted[name] = weights[name] * Math.min(CEILING, Math.max(FLOOR, rate / overall));
  }
  return adapted;
}
