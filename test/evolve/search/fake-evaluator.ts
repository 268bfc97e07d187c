import { invariant } from '../../../grammar/invariant.js';
import type { Expr } from '../../../grammar/tree/ast.js';
import { GENOME_CODEC } from '../../../src/evolve/gp/genome.js';
import { childrenOf, constantOf, operatorOf, sizeOf } from '../../../src/evolve/gp/tree.js';
import type {
  Analysis,
  Evaluator,
  Probe,
  TrainingJob,
  TrainingReport,
} from '../../../src/evolve/model/evaluator.js';
import { hash32 } from '../../../src/random.js';

type Point = Readonly<Record<string, number>>;

const KERNELS: Readonly<Record<string, (a: number, b: number, c: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  log: (a) => Math.log(a),
  square: (a) => a * a,
  sqrt: (a) => Math.sqrt(a),
  exp: (a) => Math.exp(a),
  tanh: (a) => Math.tanh(a),
  max: (a, b) => Math.max(a, b),
};

/** Value of a tree at a point. */
function evaluateTree(tree: Expr, point: Point): number {
  const constant = constantOf(tree);
  if (constant !== undefined) return constant;
  if (tree.kind === 'name') return point[tree.name]!;
  const [a = 0, b = 0, c = 0] = childrenOf(tree).map((child) => evaluateTree(child, point));
  const kernel = KERNELS[operatorOf(tree) ?? ''];
  invariant(kernel !== undefined, `no kernel for ${operatorOf(tree)}`);
  return kernel(a, b, c);
}

const POINTS: readonly Point[] = [0, 1].flatMap((target) =>
  [0.1, 0.3, 0.5, 0.7, 0.9].map((prediction) => ({ target, prediction })),
);

/** How close a tree comes to the given function on a grid: 1 is equal, 0 far away or not finite. */
export function closeness(tree: Expr, wanted: (point: Point) => number): number {
  const errors = POINTS.map((point) => Math.abs(evaluateTree(tree, point) - wanted(point)));
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  return Number.isFinite(mean) ? 1 / (1 + mean) : 0;
}

export interface FakeOptions {
  readonly wanted?: (point: Point) => number;
  /** Half the width of noise that depends on the seed of the training alone. */
  readonly noise?: number;
  /** Genomes that a stage rejects. */
  readonly rejects?: (genome: readonly string[]) => boolean;
  /** Called before each training, to count and to break. */
  readonly beforeTraining?: (job: TrainingJob) => void;
}

/** Log of Baikal's summand, 7 nodes: something to be found. */
export const baikal = ({ target, prediction }: Point): number =>
  Math.log(prediction!) - target! / prediction!;

/** Answers as the real evaluator does, without training anything. */
export function fakeEvaluator(options: FakeOptions = {}): Evaluator {
  const treeOf = (genome: readonly string[]): Expr => GENOME_CODEC.parse(genome)[0]!;
  const analyse = (genome: readonly string[]): Analysis => {
    const tree = treeOf(genome);
    const numbers = POINTS.map((point) => evaluateTree(tree, point));
    const values = numbers.map((value) => value.toFixed(9));
    const reject = options.rejects?.(genome) === true;
    return {
      genome,
      size: sizeOf(tree),
      flipped: false,
      rejections: reject ? [{ stage: 'null-epoch', reason: 'as told' }] : [],
      canonical: genome.join('|'),
      gradient: '',
      fingerprint: values.join(),
      features: numbers.every(Number.isFinite) ? numbers.map((value) => Math.round(1000 * value)) : [],
      milliseconds: { static: 1 },
    };
  };
  const probe = (genome: readonly string[]): Probe => {
    const score = closeness(treeOf(genome), options.wanted ?? baikal);
    return { score, milliseconds: 1, ...(score === 0 && { rejection: 'not finite' }) };
  };
  const train = (job: TrainingJob): TrainingReport => {
    options.beforeTraining?.(job);
    const noise = ((hash32(job.seed) / 2 ** 32) * 2 - 1) * (options.noise ?? 0);
    const score = Math.max(0, Math.min(1, closeness(treeOf(job.genome), options.wanted ?? baikal) + noise));
    const stopped = job.gates.find((gate) => score < gate.atLeast);
    const steps = stopped?.step ?? job.steps;
    const looks = [...job.gates.map((gate) => gate.step), job.steps].filter((step) => step <= steps);
    return {
      end: stopped === undefined ? 'finished' : 'hopeless',
      score,
      steps,
      curve: looks.map((step) => ({ step, score, loss: 1 - score })),
      milliseconds: steps,
    };
  };
  return {
    analyse: async (genomes) => genomes.map(analyse),
    probe: async (genomes) => genomes.map(probe),
    train: async (jobs) => jobs.map(train),
  };
}
