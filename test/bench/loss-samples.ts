/** Losses to be found again from samples of their gradients. */
import { rowFunction } from '../../src/distil/row-function.js';
import type { Samples } from '../../src/distil/samples.js';
import { sketchFor } from '../../src/distil/samples.js';
import type { SketchSubject } from '../../src/evolve/losses/subject.js';
import { readLoss, readSketch } from '../../src/evolve/losses/subject.js';
import { createRandom, type Random } from '../../src/random.js';

export interface Target {
  readonly loss: string;
  /** What is searched; the default for its samples unless told. */
  readonly sketch?: string;
  readonly by: string;
  readonly draw: (random: Random) => readonly [number, number];
}

const probabilities = (random: Random) => [random.int(2), 0.05 + 0.9 * random.next()] as const;
const PROBABILITIES = 'target: onehot[..., class], prediction: probability[..., class]';
const DRIFT = 'data advantage: real, ratio: positive';
/** What the network of that paper was given, among other things; a drift is 0 where they are negative. */
const GAINS = `let gain = relu((ratio - 1) * advantage)
  let log_gain = relu(log(ratio) * advantage)`;

export const TARGETS: Readonly<Record<string, Target>> = {
  focal: {
    loss: `loss focal(${PROBABILITIES}) = -0.25 * sum(target * (1 - prediction)^2 * log(prediction), class)`,
    by: 'prediction',
    draw: probabilities,
  },
  gce: {
    loss: `loss gce(${PROBABILITIES}) = -sum(target * prediction^0.7, class) / 0.7`,
    by: 'prediction',
    draw: probabilities,
  },
  huber: {
    loss: `loss huber(target: real, prediction: real) =
  let error = abs(prediction - target)
  if error <= 1 then error^2 / 2 else error - 0.5`,
    by: 'prediction',
    draw: (random) => [2 * random.normal(), 2 * random.normal()],
  },
  baikal: {
    loss: `loss baikal(${PROBABILITIES}) = -sum(log(prediction) - target / prediction, class) / 10`,
    by: 'prediction',
    draw: probabilities,
  },
  poly1: {
    loss: `loss poly1(${PROBABILITIES}) = sum(target * (1 - prediction - log(prediction)), class)`,
    by: 'prediction',
    draw: probabilities,
  },
  'drift of discovered policy optimisation': {
    loss: `loss drift(${DRIFT}) =
  ${GAINS}
  if advantage >= 0 then gain - 2 * tanh(gain / 2) else log_gain - 0.6 * tanh(log_gain / 0.6)`,
    sketch: `sketch distilled(${DRIFT}) =
  ${GAINS}
  if advantage >= 0 then ? else ?
  with operators + - * / square sqrt tanh log1p leaves gain, log_gain, 1, real`,
    by: 'ratio',
    draw: (random) => [2 * random.normal(), Math.exp(0.5 * random.normal())],
  },
};

/** Samples of a gradient, with noise of this share of its root mean square; and the gradient without it. */
export function samplesFor(
  { loss, sketch, by, draw }: Target,
  { count, noise, seed }: { readonly count: number; readonly noise: number; readonly seed: string },
): { readonly samples: Samples; readonly clean: Float64Array; readonly subject: SketchSubject } {
  const random = createRandom(`samples ${seed}`);
  const rows = Array.from({ length: count }, () => draw(random));
  const columns = [0, 1].map((k) => Float64Array.from(rows, (row) => row[k]!));
  const quantity = { kind: 'gradient', by } as const;
  const clean = gradientOf(loss, by, columns);
  const size = Math.sqrt(clean.reduce((sum, x) => sum + x * x, 0) / count);
  const wanted = clean.map((x) => x + noise * size * random.normal());
  const named = new Map([
    ['target', columns[0]!],
    ['prediction', columns[1]!],
  ]);
  const sources =
    sketch === undefined
      ? sketchFor({ path: 'samples', columns: named, count })
      : { source: { name: 'sketch', text: sketch }, imports: [] };
  return { samples: { columns, wanted, quantity }, clean, subject: readSketch(sources) };
}

/** The gradient of a loss, as it is written, at these inputs. */
export function gradientOf(text: string, by: string, columns: readonly Float64Array[]): Float64Array {
  const { loss, library } = readLoss({ source: { name: 'loss', text }, imports: [] });
  const result = new Float64Array(columns[0]!.length);
  rowFunction({ loss, library, coefficients: [] }, { kind: 'gradient', by })!.run(
    columns,
    new Float64Array(0),
    result.length,
    result,
  );
  return result;
}

/** Root mean square of the difference between two gradients, in units of the first. */
export function distance(clean: Float64Array, found: Float64Array): number {
  const squares = clean.map((x, i) => (x - found[i]!) ** 2).reduce((a, b) => a + b, 0);
  return Math.sqrt(squares / clean.reduce((sum, x) => sum + x * x, 0));
}
