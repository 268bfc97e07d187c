/**
 * The table of CMA-ES against pycma: `node --import tsx test/bench/cmaes.bench.ts [FILE.json]`.
 * Prints medians over 21 seeds with their ratio to the reference, and writes every count as JSON.
 */
import { writeFileSync } from 'node:fs';
import { medianOf } from '../../src/evolve/cmaes/stop.js';
import { PROBLEMS, type ProblemName } from './cma-functions.js';
import { countEvaluations, PYCMA_MEDIANS } from './cma-reference.js';

const SEEDS = 21;
const rows = (Object.keys(PROBLEMS) as ProblemName[]).flatMap((problem) =>
  ([5, 10, 20] as const).map((dimension) => {
    const counts = Array.from({ length: SEEDS }, (_, i) =>
      countEvaluations(problem, dimension, `seed ${i}`),
    ).sort((a, b) => a - b);
    const reached = counts.filter(Number.isFinite);
    const median = medianOf(reached);
    const ratio = median / PYCMA_MEDIANS[problem][dimension];
    const row = {
      problem,
      dimension,
      median,
      pycma: PYCMA_MEDIANS[problem][dimension],
      ratio,
      reached: reached.length,
    };
    console.log(
      `${problem.padEnd(17)} n=${String(dimension).padEnd(3)} median ${String(median).padStart(6)}  pycma ${String(row.pycma).padStart(6)}  ratio ${ratio.toFixed(3)}  ${row.reached}/${SEEDS}`,
    );
    return { ...row, counts: reached };
  }),
);
const worst = rows.reduce((a, b) => (Math.abs(Math.log(b.ratio)) > Math.abs(Math.log(a.ratio)) ? b : a));
console.log(`furthest from pycma: ${worst.problem}, n=${worst.dimension}, ratio ${worst.ratio.toFixed(3)}`);
const file = process.argv[2];
if (file !== undefined) {
  writeFileSync(file, `${JSON.stringify({ node: process.version, seeds: SEEDS, rows }, null, 1)}\n`);
}
process.exitCode = rows.every((row) => row.ratio > 0.85 && row.ratio < 1.15) ? 0 : 1;
