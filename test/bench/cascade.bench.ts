/**
 * What the cascade saves: `node --import tsx test/bench/cascade.bench.ts TASK.json TARGET [SEEDS] [STEPS] [FILE.json]`.
 * For each seed the default search and the same one without screening, cache and gates ("naive") run until the best
 * mean score of at least two trainings reaches TARGET, or STEPS training steps are spent; prints steps and their ratio.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSketch } from '../../src/evolve/run/default-sketch.js';
import { runSearch } from '../../src/evolve/run/run-search.js';
import { fitnessOf } from '../../src/evolve/search/individual.js';
import { SCREENING_STAGES, type ScreeningStage, type SearchSettings } from '../../src/evolve/settings.js';
import type { TaskInput } from '../../src/evolve/task.js';

const [taskFile, target = '0.86', seeds = '3', steps = '2000000', output] = process.argv.slice(2);
if (taskFile === undefined)
  throw new Error('usage: cascade.bench.ts TASK.json TARGET [SEEDS] [STEPS] [FILE.json]');
const task = JSON.parse(readFileSync(taskFile, 'utf8')) as TaskInput;

const NAIVE: Partial<SearchSettings> = {
  stages: Object.fromEntries(SCREENING_STAGES.map((stage) => [stage, false])) as Record<
    ScreeningStage,
    boolean
  >,
  gates: [],
  audit: 0,
};

/** Steps spent when the target was reached; undefined when it was not. */
async function stepsTo(seed: string, settings: Partial<SearchSettings>) {
  const directory = mkdtempSync(join(tmpdir(), 'lossc-cascade-'));
  const controller = new AbortController();
  let spent = 0;
  let reached = false;
  try {
    const outcome = await runSearch({
      directory: join(directory, 'run'),
      command: 'test/bench/cascade.bench.ts',
      task,
      sketch: { sources: defaultSketch('default') },
      seed,
      settings: { audit: 0, ...settings },
      budget: { steps: Number(steps) },
      tuning: { losses: 0 },
      finals: { losses: 0 },
      running: {
        signal: controller.signal,
        onProgress({ bestIndividual }) {
          const sure = bestIndividual !== undefined && bestIndividual.scores.length >= 2;
          if (!sure || fitnessOf(bestIndividual) < Number(target)) return;
          reached = true;
          controller.abort();
        },
      },
    });
    spent = outcome.state.spent.steps;
    return { reached, steps: spent, candidates: outcome.state.spent.candidates };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const rows = [];
for (let i = 1; i <= Number(seeds); i++) {
  const cascade = await stepsTo(`cascade ${i}`, {});
  const naive = await stepsTo(`cascade ${i}`, NAIVE);
  const ratio = naive.steps / cascade.steps;
  rows.push({ seed: i, cascade, naive, ratio });
  const shown = (run: typeof naive): string =>
    `${run.steps} steps${run.reached ? '' : ' (target not reached)'}`;
  console.log(`seed ${i}: with cascade ${shown(cascade)}, naive ${shown(naive)}, ratio ${ratio.toFixed(1)}`);
}
if (output !== undefined)
  writeFileSync(output, `${JSON.stringify({ task, target: Number(target), rows }, null, 1)}\n`);
