/** The functions of N. Hansen's benchmarks; all have their minimum 0, Rosenbrock at ones, the others at the origin. */
export type Objective = (x: readonly number[]) => number;

/** 10^(6 i / (n-1)): scales of the ellipsoid with condition 1e6. */
const scale = (i: number, n: number): number => 1e6 ** (i / (n - 1));

function total(x: readonly number[], term: (value: number, i: number) => number): number {
  return x.reduce((sum, value, i) => sum + term(value, i), 0);
}

export interface Problem {
  readonly objective: Objective;
  /** Every coordinate of the start point. */
  readonly start: number;
  readonly sigma: number;
}

const around3 = { start: 3, sigma: 2 };

export const PROBLEMS = {
  sphere: { objective: (x) => total(x, (v) => v * v), ...around3 },
  ellipsoid: { objective: (x) => total(x, (v, i) => scale(i, x.length) * v * v), ...around3 },
  cigar: { objective: (x) => total(x, (v, i) => (i === 0 ? 1 : 1e6) * v * v), ...around3 },
  tablet: { objective: (x) => total(x, (v, i) => (i === 0 ? 1e6 : 1) * v * v), ...around3 },
  'different powers': {
    objective: (x) => total(x, (v, i) => Math.abs(v) ** (2 + (4 * i) / (x.length - 1))),
    ...around3,
  },
  rosenbrock: {
    objective: (x) => total(x.slice(1), (next, i) => 100 * (x[i]! ** 2 - next) ** 2 + (1 - x[i]!) ** 2),
    start: 0,
    sigma: 0.5,
  },
} as const satisfies Record<string, Problem>;

export type ProblemName = keyof typeof PROBLEMS;
