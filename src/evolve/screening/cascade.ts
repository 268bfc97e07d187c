/** The stages before training, for one genome at a time. Runs in the workers; plain data in, plain data out. */

import type { LossAnalysis } from '../../../compiler/loss/analyse.js';
import type { NumericLoss } from '../../../compiler/loss/numeric.js';
import type { Decl, SketchDecl } from '../../../grammar/tree/ast.js';
import { messageOf } from '../../errors.js';
import type { Learning } from '../../runtime/tasks/learning.js';
import { fillSketch, GENOME_CODEC } from '../gp/genome.js';
import { intoSpace, negated } from '../gp/seed.js';
import type { SearchSpace } from '../gp/space.js';
import { sizeOf } from '../gp/tree.js';
import { analyseCandidate, numericCandidate } from '../losses/compiler.js';
import type { Candidate } from '../model/candidate.js';
import type { Analysis, Probe } from '../model/evaluator.js';
import type { Trees } from '../model/genome.js';
import type { ScreeningStage } from '../model/settings.js';
import { fingerprint } from './fingerprint.js';
import { gradientFeatures } from './gradient-features.js';
import { LEAST_RIGHT, optimisePredictions } from './probe.js';
import { nullEpoch, shapeProblem } from './shape.js';

export interface CascadeContext {
  readonly sketch: SketchDecl;
  readonly library: readonly Decl[];
  readonly space: SearchSpace;
  /** Without it only what holds for every loss is looked at. */
  readonly learning: Learning | undefined;
  /** Losses that differ by a positive factor are different: `--scale raw`. */
  readonly scaleMatters: boolean;
  /** Turn losses round that are upside down. */
  readonly repairSign: boolean;
}

export function candidateOf(
  { sketch, library }: CascadeContext,
  trees: Trees,
  name = 'candidate',
): Candidate {
  return { loss: fillSketch(sketch, trees, name), library };
}

/** Measures the time of stages. */
function createStopwatch() {
  const milliseconds: Partial<Record<ScreeningStage, number>> = {};
  return {
    milliseconds,
    time<T>(stage: ScreeningStage, work: () => T): T {
      const start = performance.now();
      try {
        return work();
      } finally {
        milliseconds[stage] = (milliseconds[stage] ?? 0) + performance.now() - start;
      }
    },
  };
}

/** Static analysis, keys, null-epoch test with sign flip as repair, and shape test. Never throws for a bad loss. */
export function analyseGenome(genome: readonly string[], context: CascadeContext): Analysis {
  const clock = createStopwatch();
  const trees = GENOME_CODEC.parse(genome);
  try {
    return analyse(trees, context, clock);
  } catch (thrown) {
    const rejections = [{ stage: 'static' as const, reason: `the compiler failed: ${messageOf(thrown)}` }];
    return { ...blank(trees), rejections, milliseconds: clock.milliseconds };
  }
}

function blank(trees: Trees): Omit<Analysis, 'milliseconds'> {
  const size = trees.reduce((total, tree) => total + sizeOf(tree), 0);
  return {
    genome: GENOME_CODEC.print(trees),
    size,
    flipped: false,
    rejections: [],
    canonical: '',
    gradient: '',
    fingerprint: '',
    features: [],
  };
}

function analyse(trees: Trees, context: CascadeContext, clock: ReturnType<typeof createStopwatch>): Analysis {
  const { learning } = context;
  const { milliseconds } = clock;
  let used = trees;
  let candidate = candidateOf(context, used);
  let facts = clock.time('static', () => analyseCandidate(candidate));
  const problem = staticProblem(facts);
  if (facts.errors.length > 0)
    return { ...blank(used), rejections: [reject('static', problem!)], milliseconds };
  if (learning === undefined)
    return {
      ...blank(used),
      rejections: problem === undefined ? [] : [reject('static', problem)],
      canonical: facts.canonicalHash,
      gradient: context.scaleMatters ? '' : facts.gradientHash,
      milliseconds,
    };
  let loss: NumericLoss = numericCandidate(candidate, learning.task);
  let push = clock.time('null-epoch', () => nullEpoch(loss, learning));
  if (push === 'lowers' && context.repairSign) {
    const turned = upsideDown(used, context);
    const flipped = turned === undefined ? undefined : candidateOf(context, turned);
    const again = flipped === undefined ? undefined : clock.time('static', () => analyseCandidate(flipped));
    if (turned !== undefined && flipped !== undefined && again?.errors.length === 0) {
      const other = numericCandidate(flipped, learning.task);
      const now = clock.time('null-epoch', () => nullEpoch(other, learning));
      if (now === 'raises') [used, candidate, facts, loss, push] = [turned, flipped, again, other, now];
    }
  }
  const key = clock.time('gradient', () => fingerprint(loss, learning, context.scaleMatters));
  const features = clock.time('neighbours', () => gradientFeatures(loss, learning, context.scaleMatters));
  const shape = clock.time('shape', () => shapeProblem(loss, learning));
  const rejections = [
    ...(problem === undefined ? [] : [reject('static', problem)]),
    ...(key.problem === undefined ? [] : [reject('static', key.problem)]),
    ...(push === 'raises' ? [] : [reject('null-epoch', nullEpochReason(push))]),
    ...(shape === undefined ? [] : [reject('shape', shape)]),
  ];
  return {
    ...blank(used),
    flipped: used !== trees,
    rejections,
    canonical: facts.canonicalHash,
    gradient: context.scaleMatters ? '' : facts.gradientHash,
    fingerprint: key.key,
    features,
    milliseconds,
  };
}

const reject = (stage: ScreeningStage, reason: string) => ({ stage, reason });

function staticProblem(facts: LossAnalysis): string | undefined {
  if (facts.errors.length > 0) return facts.errors[0];
  if (!facts.predictionMatters) return 'the gradient is zero';
  if (!facts.targetMatters) return 'the target does not reach the gradient';
  return facts.neverFinite ? 'never finite' : undefined;
}

function nullEpochReason(push: 'lowers' | 'neither'): string {
  return push === 'lowers'
    ? 'at an untrained network a step goes away from the targets, and the sign cannot be flipped'
    : 'at an untrained network a step does not go towards the targets';
}

/** The genome with its sign turned: for one hole only, where the sign of the hole is that of the loss. */
function upsideDown(trees: Trees, { space }: CascadeContext): Trees | undefined {
  const [tree, ...others] = trees;
  return tree === undefined || others.length > 0 ? undefined : [intoSpace(negated(tree), space)];
}

/** Prediction-only optimisation; where it is not known what is learnt there is nothing to be right about. Precondition: the analysis gave no errors. */
export function probeGenome(genome: readonly string[], context: CascadeContext): Probe {
  const start = performance.now();
  const { learning } = context;
  if (learning === undefined) return { score: 0, milliseconds: 0 };
  const candidate = candidateOf(context, GENOME_CODEC.parse(genome));
  let score = 0;
  try {
    score = optimisePredictions(numericCandidate(candidate, learning.task), learning);
  } catch (thrown) {
    const milliseconds = performance.now() - start;
    return { score: 0, rejection: `the compiler failed: ${messageOf(thrown)}`, milliseconds };
  }
  const milliseconds = performance.now() - start;
  if (score >= LEAST_RIGHT[learning.task]) return { score, milliseconds };
  const rejection = `${Math.round(100 * score)} % of the free predictions became right`;
  return { score, rejection, milliseconds };
}
