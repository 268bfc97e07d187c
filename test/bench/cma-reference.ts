import { createCma } from '../../src/evolve/cmaes/cmaes.js';
import { medianOf } from '../../src/evolve/cmaes/stop.js';
import { createRandom } from '../../src/random.js';
import { PROBLEMS, type ProblemName } from './cma-functions.js';

/** Evaluations until f <= 1e-9: medians of pycma 4.5.0 over 21 seeds, with its default population and active update. */
export const PYCMA_MEDIANS: { readonly [P in ProblemName]: { readonly [N in 5 | 10 | 20]: number } } = {
  sphere: { 5: 808, 10: 1620, 20: 3084 },
  ellipsoid: { 5: 1592, 10: 4290, 20: 13272 },
  cigar: { 5: 1832, 10: 4120, 20: 8508 },
  tablet: { 5: 1384, 10: 3200, 20: 7896 },
  'different powers': { 5: 816, 10: 2100, 20: 6048 },
  rosenbrock: { 5: 1664, 10: 5320, 20: 16470 },
};

const TARGET = 1e-9;
const LIMIT = 100_000;

/** Evaluations of one run until the target; infinite when it is not reached (Rosenbrock has a second minimum). */
export function countEvaluations(name: ProblemName, n: number, seed: string): number {
  const { objective, start, sigma } = PROBLEMS[name];
  const cma = createCma({ mean: Array(n).fill(start), sigma }, createRandom(seed));
  for (let count = 0; count < LIMIT; ) {
    const values = cma.ask().map(objective);
    count += values.length;
    if (Math.min(...values) <= TARGET) return count;
    if (Math.max(...cma.state().axisLengths) * cma.state().sigma < 1e-12) break;
    cma.tell(values);
  }
  return Number.POSITIVE_INFINITY;
}

/** Median over the seeds that succeed, as the reference counts. */
export function medianCount(name: ProblemName, n: number, seeds: number): number {
  const counts = Array.from({ length: seeds }, (_, seed) => countEvaluations(name, n, `seed ${seed}`));
  return medianOf(counts.filter(Number.isFinite));
}
