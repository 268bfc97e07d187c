/**
 * What the cascade saves: `npm run bench:cascade -- MNIST [SEEDS] [STEPS]`. For each seed the search of
 * examples/noisy-labels.loss, with a small network to save time, spends STEPS training steps and finishes its generation; then the
 * same search without screening, cache and gates ("naive") spends as many, twice as many, and so on. After each the quality is
 * measured apart: of the best four losses the best over five fresh seeds, and its mean validation accuracy over ten others, for
 * the score that a search has chosen by is always too good. Prints a line per search and between which multiples of the steps the
 * naive one became as good; writes runs/bench-cascade.json after each seed.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSources } from '../../src/commands/sources.js';
import { createPoolExecutor, type PoolExecutor } from '../../src/evolve/executors/pool-executor.js';
import { meanScore } from '../../src/evolve/model/evaluator.js';
import type { Individual } from '../../src/evolve/model/individual.js';
import type { SearchState } from '../../src/evolve/model/search-state.js';
import {
  SCREENING_STAGES,
  type ScreeningStage,
  type SearchSettings,
} from '../../src/evolve/model/settings.js';
import { readTask, type TaskInput } from '../../src/evolve/model/task.js';
import { resumeSearch, runSearch } from '../../src/evolve/run/run-search.js';
import { paretoFront } from '../../src/evolve/search/pareto.js';

const [data, seeds = '5', given = '15000'] = process.argv.slice(2);
if (data === undefined) throw new Error('usage: npm run bench:cascade -- MNIST_FOLDER [SEEDS] [STEPS]');
const STEPS = Number(given);
/** Budgets of the naive search, in those of the other. */
const TIMES = [1, 2, 5, 10, 20];

const TASK: TaskInput = {
  cases: [{ dataset: 'mnist', data, trainExamples: 5000, labelNoise: 0.5, hidden: [16] }],
  steps: 300,
};
const SKETCH = {
  sources: readSources(fileURLToPath(new URL('../../examples/noisy-labels.loss', import.meta.url))),
};
const NAIVE: Partial<SearchSettings> = {
  stages: Object.fromEntries(SCREENING_STAGES.map((stage) => [stage, false])) as Record<
    ScreeningStage,
    boolean
  >,
  gates: [],
};

interface Measured {
  readonly steps: number;
  readonly candidates: number;
  readonly trainings: number;
  readonly quality: number;
  readonly genome: readonly string[];
}

/** The states of one search after each of the budgets, in steps. */
async function statesAt(
  seed: string,
  settings: Partial<SearchSettings>,
  budgets: readonly number[],
): Promise<SearchState[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lossc-cascade-'));
  const directory = join(folder, 'run');
  const states: SearchState[] = [];
  try {
    for (const steps of budgets) {
      const budget = { steps };
      const { state } =
        states.length > 0
          ? await resumeSearch({ directory, budget })
          : await runSearch({
              directory,
              command: 'bench:cascade',
              task: TASK,
              sketch: SKETCH,
              seed,
              settings: { audit: 0, ...settings },
              budget,
              tuning: { losses: 0 },
              finals: { losses: 0 },
            });
      states.push(state);
    }
    return states;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const FINALISTS = 4;
const CHOOSING = Array.from({ length: 5 }, (_, i) => `choose ${i}`);
const MEASURING = Array.from({ length: 10 }, (_, i) => `measure ${i}`);

async function meanOver(
  { genome }: Individual,
  seeds: readonly string[],
  executor: PoolExecutor,
): Promise<number> {
  const { steps = 0 } = TASK;
  const jobs = seeds.map((seed, replicate) => ({ genome, replicate, seed, steps, gates: [] }));
  const reports = await executor.train(jobs, () => {});
  return meanScore(reports) ?? Number.NaN;
}

async function measure({ archive, spent }: SearchState, executor: PoolExecutor): Promise<Measured> {
  const finalists: { readonly individual: Individual; readonly score: number }[] = [];
  for (const individual of paretoFront(archive).slice(-FINALISTS))
    finalists.push({ individual, score: await meanOver(individual, CHOOSING, executor) });
  const [{ individual }] = finalists.toSorted((a, b) => b.score - a.score) as [(typeof finalists)[number]];
  const { steps, candidates, trainings } = spent;
  const quality = await meanOver(individual, MEASURING, executor);
  return { steps, candidates, trainings, quality, genome: individual.genome };
}

const executor = createPoolExecutor(
  { work: { kind: 'train', task: readTask(TASK) }, subject: { kind: 'sketch', ...SKETCH } },
  { taskSeconds: 600, memoryMiB: 2048 },
);
mkdirSync('runs', { recursive: true });
const rows: {
  readonly seed: number;
  readonly cascade: Measured;
  readonly naive: readonly Measured[];
  /** The naive search is as good after more than so many times the steps, and no later than `by` times; undefined if not at all. */
  readonly after: number;
  readonly by: number | undefined;
}[] = [];
const show = (name: string, { steps, candidates, quality, genome }: Measured): void =>
  console.log(
    `${name.padEnd(20)} ${String(steps).padStart(7)} steps  ${String(candidates).padStart(6)} candidates` +
      `  accuracy ${quality.toFixed(4)}  ${genome.join(' | ').slice(0, 80)}`,
  );
try {
  for (let i = 1; i <= Number(seeds); i++) {
    const seed = `cascade ${i}`;
    const [state] = await statesAt(seed, {}, [STEPS]);
    const cascade = await measure(state!, executor);
    show(`seed ${i}, cascade`, cascade);
    const naive: Measured[] = [];
    const budgets = TIMES.map((times) => times * cascade.steps);
    for (const state of await statesAt(seed, NAIVE, budgets)) {
      naive.push(await measure(state, executor));
      show(`seed ${i}, naive`, naive.at(-1)!);
    }
    const times = naive.map(({ steps }) => steps / cascade.steps);
    const equal = naive.findIndex(({ quality }) => quality >= cascade.quality);
    const after = equal < 0 ? times.at(-1)! : (times[equal - 1] ?? 0);
    const by = equal < 0 ? undefined : times[equal];
    const ended = by === undefined ? '' : ` and no later than ${by.toFixed(1)} times`;
    console.log(
      `seed ${i}: the naive search is as good after more than ${after.toFixed(1)} times the steps${ended}`,
    );
    rows.push({ seed: i, cascade, naive, after, by });
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    const summary = {
      cascade: mean(rows.map((row) => row.cascade.quality)),
      naive: TIMES.map((times, k) => ({ times, quality: mean(rows.map((row) => row.naive[k]!.quality)) })),
    };
    writeFileSync(
      'runs/bench-cascade.json',
      `${JSON.stringify({ task: TASK, steps: STEPS, summary, rows }, null, 1)}\n`,
    );
    console.log(
      `mean of ${rows.length}: cascade ${summary.cascade.toFixed(4)}; naive ` +
        summary.naive.map(({ times, quality }) => `${times} times ${quality.toFixed(4)}`).join(', '),
    );
  }
} finally {
  await executor.close();
}
