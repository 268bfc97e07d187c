/** The finals as the ledger keeps them. */
import * as v from 'valibot';
import type { Schema } from '../../read-json.js';
import { count, curve, genome, number, numbers } from '../model/schemas.js';
import type { FinalResult } from './finals.js';

const finalResult: Schema<FinalResult> = v.object({
  name: v.string(),
  id: count,
  genome,
  tuned: v.boolean(),
  score: number,
  scores: numbers,
  steps: count,
  curves: v.array(curve),
});

/** Finals belong to the state after a generation: a search that goes on holds new ones. */
export interface StoredFinals {
  readonly generation: number;
  readonly results: readonly FinalResult[];
}

export const storedFinals: Schema<StoredFinals> = v.object({
  generation: v.pipe(v.number(), v.safeInteger()),
  results: v.array(finalResult),
});
