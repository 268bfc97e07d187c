/**
 * Everything the run knows of losses it has met: by canonical form, by gradient, by fingerprint. Built from the rows of
 * the ledger alone, so that a resumed run remembers exactly what the first one did.
 */

import type { EvaluationRow, KnownLoss, ScreenedRow } from '../model/evaluation.js';

/** How a candidate turned out to be one that is known. */
export interface Match {
  readonly stage: 'canonical' | 'gradient';
  readonly row: ScreenedRow;
  readonly how: 'canonical form' | 'gradient form' | 'fingerprint';
}

/** What may be asked of a memory. */
export interface Knowledge {
  /** The first candidate with the same canonical form, gradient or fingerprint, in this order. */
  match(keys: Pick<EvaluationRow, 'canonical' | 'gradient' | 'fingerprint'>): Match | undefined;
  /** Those whose scores say something of their neighbours. */
  trained(): readonly ScreenedRow[];
}

export interface Memory extends Knowledge {
  /** Rows come in the order of their generations. */
  add(row: ScreenedRow): void;
  /** What was known after this generation, whatever is added later. */
  asOf(generation: number): Knowledge;
}

/** `known` losses are found only where the run itself has not met the loss; their ids count down from -1. */
export function createMemory(rows: Iterable<ScreenedRow> = [], known: readonly KnownLoss[] = []): Memory {
  const earlier = known.length === 0 ? undefined : createMemory(known.map(earlierRow));
  const canonical = new Map<string, ScreenedRow>();
  const gradient = new Map<string, ScreenedRow>();
  const fingerprint = new Map<string, ScreenedRow>();
  const trained: ScreenedRow[] = [...(earlier?.trained() ?? [])];
  const put = (map: Map<string, ScreenedRow>, key: string, row: ScreenedRow): void => {
    if (key !== '' && !map.has(key)) map.set(key, row);
  };
  const found = (map: Map<string, ScreenedRow>, key: string, last: number): ScreenedRow | undefined => {
    const row = map.get(key);
    return row !== undefined && row.generation <= last ? row : undefined;
  };
  const match = (keys: Parameters<Memory['match']>[0], last: number): Match | undefined => {
    const same = found(canonical, keys.canonical, last);
    if (same !== undefined) return { stage: 'canonical', row: same, how: 'canonical form' };
    const form = found(gradient, keys.gradient, last);
    if (form !== undefined) return { stage: 'gradient', row: form, how: 'gradient form' };
    const print = found(fingerprint, keys.fingerprint, last);
    if (print !== undefined) return { stage: 'gradient', row: print, how: 'fingerprint' };
    return earlier?.match(keys);
  };
  const memory: Memory = {
    add(row) {
      // One that an earlier run knew is met here for the first time.
      if (row.outcome === 'known' && (row.sameAs ?? 0) >= 0) return;
      // That says nothing about the loss: it may come again.
      if (row.outcome === 'failed') return;
      // Another candidate was only more promising for its place: it may come again.
      if (row.outcome === 'rejected' && row.stage === 'neighbours') return;
      if (row.features.length > 0 && row.scores.length > 0) trained.push(row);
      put(canonical, row.canonical, row);
      put(gradient, row.gradient, row);
      put(fingerprint, row.fingerprint, row);
    },
    match: (keys) => match(keys, Number.POSITIVE_INFINITY),
    asOf(generation) {
      const then = trained.filter((row) => row.generation <= generation);
      return { match: (keys) => match(keys, generation), trained: () => then };
    },
    trained: () => trained,
  };
  for (const row of rows) memory.add(row);
  return memory;
}

function earlierRow(loss: KnownLoss, index: number): EvaluationRow {
  const { score, ...known } = loss;
  const nothing = {
    island: 0,
    parents: [],
    operator: 'earlier run',
    flipped: false,
    milliseconds: {},
  };
  return {
    ...nothing,
    ...known,
    id: -1 - index,
    generation: -1,
    outcome: 'trained',
    scores: [score],
    complete: true,
    steps: 0,
  };
}
