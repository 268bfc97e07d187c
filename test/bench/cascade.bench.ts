/**
 * What the cascade saves: `npm run bench:cascade -- MNIST [SEEDS] [TARGET] [MOST]`. For each seed the search of
 * examples/noisy-labels.loss, with a small network to save time, runs until the mean validation accuracy of at least two
 * trainings of its best loss reaches TARGET; then the same search without screening, cache and gates ("naive") runs until
 * it reaches TARGET too, or has spent MOST times the training steps. Prints steps and their ratio; writes
 * runs/bench-cascade.json after each seed.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSources } from '../../src/commands/sources.js';
import { runSearch } from '../../src/evolve/run/run-search.js';
import { fitnessOf } from '../../src/evolve/search/individual.js';
import { SCREENING_STAGES, type ScreeningStage, type SearchSettings } from '../../src/evolve/settings.js';
import type { TaskInput } from '../../src/evolve/task.js';

const [data, seeds = '3', target = '0.865', most = '15'] = process.argv.slice(2);
if (data === undefined)
  throw new Error('usage: npm run bench:cascade -- MNIST_FOLDER [SEEDS] [TARGET] [MOST]');

const TASK: TaskInput = {
  cases: [{ dataset: 'mnist', data, trainExamples: 5000, labelNoise: 0.5, hidden: [16] }],
  steps: 300,
};
/** Far more than the search with the cascade needs; it only ends a run that does not get there. */
const CASCADE_STEPS = 1_000_000;

const NO_STAGES = Object.fromEntries(SCREENING_STAGES.map((stage) => [stage, false]));
const NAIVE: Partial<SearchSettings> = {
  stages: NO_STAGES as Record<ScreeningStage, boolean>,
  gates: [],
};

interface Reached {
  readonly reached: boolean;
  readonly steps: number;
  readonly trainings: number;
  readonly candidates: number;
}

/** What a search spent until the target was reached, or until `budget` steps. */
async function searchUntilTarget(
  seed: string,
  settings: Partial<SearchSettings>,
  budget: number,
): Promise<Reached> {
  const directory = mkdtempSync(join(tmpdir(), 'lossc-cascade-'));
  const controller = new AbortController();
  let reached = false;
  try {
    const { state } = await runSearch({
      directory: join(directory, 'run'),
      command: 'bench:cascade',
      task: TASK,
      sketch: {
        sources: readSources(fileURLToPath(new URL('../../examples/noisy-labels.loss', import.meta.url))),
      },
      seed,
      settings: { audit: 0, ...settings },
      budget: { steps: budget },
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
    const { steps, trainings, candidates } = state.spent;
    return { reached, steps, trainings, candidates };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const shown = ({ reached, steps, candidates }: Reached): string =>
  `${steps} steps, ${candidates} candidates${reached ? '' : ' (target not reached)'}`;

mkdirSync('runs', { recursive: true });
const rows = [];
for (let i = 1; i <= Number(seeds); i++) {
  const seed = `cascade ${i}`;
  const cascade = await searchUntilTarget(seed, {}, CASCADE_STEPS);
  console.log(`seed ${i}: with cascade ${shown(cascade)}`);
  const naive = await searchUntilTarget(seed, NAIVE, cascade.steps * Number(most));
  const ratio = naive.steps / cascade.steps;
  console.log(
    `seed ${i}: naive ${shown(naive)}; ratio ${naive.reached ? '' : 'at least '}${ratio.toFixed(1)}`,
  );
  rows.push({ seed: i, cascade, naive, ratio });
  writeFileSync(
    'runs/bench-cascade.json',
    `${JSON.stringify({ task: TASK, target: Number(target), rows }, null, 1)}\n`,
  );
}
