import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { GENOME_CODEC } from '../../../src/evolve/gp/genome.js';
import type { TrainingJob, TrainingReport } from '../../../src/evolve/model/evaluator.js';
import { BETTER, type SearchSettings } from '../../../src/evolve/model/settings.js';
import { type LoopResult, searchLoop } from '../../../src/evolve/search/search-loop.js';
import { createLedger, openLedger } from '../../../src/evolve/store/ledger.js';
import { lockRun } from '../../../src/evolve/store/run-lock.js';
import { GLO_SKETCH, spaceOf } from '../gp/helpers.js';
import { fakeEvaluator } from '../search/fake-evaluator.js';
import { sleep, slowExecutor } from '../search/slow-executor.js';

export const GENERATIONS = 8;
const settings: SearchSettings = {
  ...BETTER,
  islands: 2,
  population: 6,
  places: { kind: 'retry', attempts: 8 },
};

/** May put another end in the place of a training's. */
export type Spoil = (report: TrainingReport) => TrainingReport;

/** Begins the run of a folder, or goes on with it: always the same search. */
export async function fakeRun(
  directory: string,
  milliseconds: number,
  signal?: AbortSignal,
  spoil: Spoil = (report) => report,
  lag = 0,
): Promise<LoopResult> {
  mkdirSync(directory, { recursive: true });
  const unlock = lockRun(directory);
  const file = join(directory, 'ledger.sqlite');
  const ledger = existsSync(file) ? openLedger(file) : createLedger(file, { purpose: 'test' });
  const { train, ...screening } = fakeEvaluator({ noise: 0.02 });
  const evaluator = {
    ...screening,
    train: async (jobs: readonly TrainingJob[]) => (await train(jobs)).map(spoil),
  };
  try {
    return await searchLoop({
      world: {
        settings: { ...settings, lag },
        seed: 'fake run',
        steps: 100,
        variation: { space: spaceOf(GLO_SKETCH), subtreeDepth: 2, limits: settings.limits },
        codec: GENOME_CODEC,
        seeds: [],
      },
      ledger,
      // More trainings at a time than a generation is asked for at the end.
      executor: slowExecutor(evaluator, { slots: 1 + 3 * lag, lasts: () => sleep(milliseconds) }),
      budget: { generations: GENERATIONS },
      ...(signal && { signal }),
    });
  } finally {
    ledger.close();
    unlock();
  }
}
