import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Executor } from '../../../src/evolve/executors/executor.js';
import { GENOME_CODEC } from '../../../src/evolve/gp/genome.js';
import type { TrainingReport } from '../../../src/evolve/model/evaluator.js';
import { BETTER, type SearchSettings } from '../../../src/evolve/model/settings.js';
import { type LoopResult, searchLoop } from '../../../src/evolve/search/search-loop.js';
import { createLedger, openLedger } from '../../../src/evolve/store/ledger.js';
import { lockRun } from '../../../src/evolve/store/run-lock.js';
import { GLO_SKETCH, spaceOf } from '../gp/helpers.js';
import { fakeEvaluator } from '../search/fake-evaluator.js';

export const GENERATIONS = 8;
const settings: SearchSettings = {
  ...BETTER,
  islands: 2,
  population: 6,
  places: { kind: 'retry', attempts: 8 },
};

/** May put another end in the place of a training's. */
export type Spoil = (report: TrainingReport) => TrainingReport;

/** Answers of the fake evaluator, each training after a moment, recorded one by one. */
function fakeExecutor(milliseconds: number, spoil: Spoil): Executor {
  const { analyse, probe, train } = fakeEvaluator({ noise: 0.02 });
  return {
    describe: async () => ({ backend: 'fake', device: 'none', tensorflow: 'none', liveTensors: 0 }),
    analyse,
    probe,
    async train(jobs, record) {
      const reports = [];
      for (const [index, job] of jobs.entries()) {
        if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
        const report = spoil((await train([job]))[0]!);
        record(index, report);
        reports.push(report);
      }
      return reports;
    },
    close: async () => {},
  };
}

/** Begins the run of a folder, or goes on with it: always the same search. */
export async function fakeRun(
  directory: string,
  milliseconds: number,
  signal?: AbortSignal,
  spoil: Spoil = (report) => report,
): Promise<LoopResult> {
  mkdirSync(directory, { recursive: true });
  const unlock = lockRun(directory);
  const file = join(directory, 'ledger.sqlite');
  const ledger = existsSync(file) ? openLedger(file) : createLedger(file, { purpose: 'test' });
  try {
    return await searchLoop({
      world: {
        settings,
        seed: 'fake run',
        steps: 100,
        variation: { space: spaceOf(GLO_SKETCH), subtreeDepth: 2, limits: settings.limits },
        codec: GENOME_CODEC,
        seeds: [],
      },
      ledger,
      executor: fakeExecutor(milliseconds, spoil),
      budget: { generations: GENERATIONS },
      ...(signal && { signal }),
    });
  } finally {
    ledger.close();
    unlock();
  }
}
