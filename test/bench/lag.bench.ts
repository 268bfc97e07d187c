/**
 * What a lag saves and what it costs: `npm run bench:lag -- [--seeds N] [--evaluations N] [--out FILE.json]`, ten
 * minutes. Writes runs/bench-lag.json unless told otherwise.
 *
 * Throughput: a search whose trainings last log-uniformly between 1 and 10, on a clock that knows no other time: how busy its workers
 * are from the beginning to the end. Quality: the mean closeness (without noise; 1 is the function itself) of the best loss after the
 * same number of trainings, over functions that are to be found from noisy scores, with the 95 % interval of the difference to the
 * search without a lag, from the same seeds. K is the number of candidates in flight before the one that is bred: lag times the
 * candidates that a generation trains.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { GENOME_CODEC } from '../../src/evolve/gp/genome.js';
import { BETTER, type SearchSettings } from '../../src/evolve/model/settings.js';
import { paretoFront } from '../../src/evolve/search/pareto.js';
import { searchLoop } from '../../src/evolve/search/search-loop.js';
import { createLedger } from '../../src/evolve/store/ledger.js';
import { hash32 } from '../../src/random.js';
import { closeness, fakeEvaluator } from '../evolve/search/fake-evaluator.js';
import { fakeWorld, generations } from '../evolve/search/fake-world.js';
import { slowExecutor } from '../evolve/search/slow-executor.js';
import { WANTED } from './functions-to-find.js';
import { virtualClock } from './virtual-clock.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '16' },
    evaluations: { type: 'string', default: '400' },
    out: { type: 'string', default: 'runs/bench-lag.json' },
  },
});
const [seeds, evaluations] = [Number(values.seeds), Number(values.evaluations)];
const LAGS = [0, 1, 2, 4, 8];
const WORKERS = [2, 8, 32];
/** The default population, and the one that `--population 16` makes of it. */
const POPULATIONS: Readonly<Record<string, Partial<SearchSettings>>> = {
  '64': {},
  '16': { islands: 2, population: 8, elites: 2 },
};

/** The share of all workers' time in which they train. */
async function throughput(workers: number, lag: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'lossc-bench-lag-'));
  const ledger = createLedger(join(folder, 'ledger.sqlite'), { purpose: 'bench' });
  try {
    const clock = virtualClock();
    let busy = 0;
    const executor = slowExecutor(fakeEvaluator({ noise: 0.02 }), {
      slots: workers,
      async lasts({ seed, gates }) {
        const duration = 10 ** (hash32(`${seed}/${gates.length}`) / 2 ** 32);
        busy += duration;
        await clock.sleep(duration);
      },
    });
    const { evaluator: _, memory: __, ...world } = fakeWorld({ ...BETTER, lag }, 'bench');
    await clock.run(searchLoop({ world, ledger, executor, budget: { evaluations } }));
    return busy / (workers * clock.now());
  } finally {
    ledger.close();
    rmSync(folder, { recursive: true });
  }
}

interface Found {
  readonly closeness: number;
  /** Candidates that a generation trains, after the first ones. */
  readonly each: number;
}

async function found(population: string, lag: number, target: string, seed: string): Promise<Found> {
  const wanted = WANTED[target]!;
  const settings: SearchSettings = { ...BETTER, ...POPULATIONS[population], audit: 0, gates: [], lag };
  const world = fakeWorld(settings, seed, { wanted, noise: 0.02 });
  for await (const { state } of generations(world)) {
    if (state.spent.trainings < evaluations) continue;
    const best = paretoFront(state.archive).at(-1);
    return {
      closeness: best === undefined ? 0 : closeness(GENOME_CODEC.parse(best.genome)[0]!, wanted),
      each: state.spent.evaluations / (state.generation + 1),
    };
  }
  throw new Error('a search has no end');
}

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

/** Half the width of the 95 % interval of a mean. */
function halfWidth(numbers: readonly number[]): number {
  const middle = mean(numbers);
  const variance = numbers.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (numbers.length - 1);
  return 1.96 * Math.sqrt(variance / numbers.length);
}

const shares = [];
console.log(`share of ideal throughput\nworkers ${LAGS.map((lag) => `lag ${lag}`.padStart(7)).join('')}`);
for (const workers of WORKERS) {
  const row: number[] = [];
  for (const lag of LAGS) row.push(await throughput(workers, lag));
  console.log(`${String(workers).padEnd(8)}${row.map((share) => share.toFixed(2).padStart(7)).join('')}`);
  shares.push({ workers, share: Object.fromEntries(LAGS.map((lag, i) => [lag, row[i]])) });
}

const qualities = [];
console.log(`\npopulation  lag     K  closeness  against lag 0   (${seeds} seeds, ${evaluations} trainings)`);
for (const population of Object.keys(POPULATIONS)) {
  let without: readonly number[] = [];
  for (const lag of LAGS) {
    // Of a seed, the mean over all functions.
    const runs: Found[][] = [];
    for (let i = 0; i < seeds; i++) {
      const ofSeed: Found[] = [];
      for (const target of Object.keys(WANTED)) ofSeed.push(await found(population, lag, target, `lag ${i}`));
      runs.push(ofSeed);
    }
    const scores = runs.map((ofSeed) => mean(ofSeed.map((one) => one.closeness)));
    if (lag === 0) without = scores;
    const differences = scores.map((score, i) => score - without[i]!);
    const row = {
      ...{ population, lag, candidates: lag * mean(runs.flat().map(({ each }) => each)) },
      ...{
        closeness: mean(scores),
        difference: mean(differences),
        halfWidth: halfWidth(differences),
        scores,
      },
    };
    qualities.push(row);
    const cells = [population.padEnd(10), String(lag).padStart(5), row.candidates.toFixed(0).padStart(6)];
    const against = lag === 0 ? '' : `${row.difference.toFixed(3)} ± ${row.halfWidth.toFixed(3)}`;
    console.log(`${cells.join('')}  ${row.closeness.toFixed(3).padStart(9)}  ${against.padStart(14)}`);
  }
}
mkdirSync(dirname(values.out), { recursive: true });
writeFileSync(
  values.out,
  `${JSON.stringify({ node: process.version, seeds, evaluations, throughput: shares, quality: qualities }, null, 1)}\n`,
);
