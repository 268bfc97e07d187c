import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { loadModule } from '../../src/runtime/load.js';
import { compiledText } from '../helpers/corpus.js';
import { compiledStandard } from '../stdlib/library.js';

/** base^x - 1 keeps its digits for a small x, and stays a number for a large one, in float32. */
const powers = suite('powers less 1');

function run(
  compiled: CompiledLoss,
  given: readonly (number[] | number[][])[],
): { value: number; gradient: number[] } {
  const emitted = emitModule(compiled);
  const module = loadModule(tf, emitted);
  return tf.tidy(() => {
    const { value, gradients } = module.valueAndGradients(
      given.map((x) => tf.tensor(x)),
      { reduction: 'sum' },
    );
    return { value: value.dataSync()[0]!, gradient: [...gradients['prediction']!.dataSync()] };
  });
}

const near = (x: number, y: number, what: string): void =>
  assert.ok(Math.abs(x - y) <= 2e-5 * Math.abs(y), `${what}: ${x}, not ${y}`);

for (const [text, right] of [
  ['2^prediction - 1', (x) => Math.expm1(x * Math.LN2)],
  ['1 - 2^prediction', (x) => -Math.expm1(x * Math.LN2)],
  ['5 * 1.5^(2 * prediction) - 5', (x) => 5 * Math.expm1(2 * x * Math.log(1.5))],
  ['(base^prediction - 1) / 7', (x) => Math.expm1(x * Math.log(3)) / 7],
  ['2^prediction - 2^(prediction / 2)', (x) => Math.expm1(x * Math.LN2) - Math.expm1((x / 2) * Math.LN2)],
] as const satisfies readonly (readonly [string, (x: number) => number])[]) {
  powers(`${text} for exponents near 0`, () => {
    const loss = compiledText(`loss f(prediction: real; base: positive = 3) = ${text}`);
    for (const x of [1e-9, 1e-6, -1e-6, 1e-3, 0.5, -2]) {
      const exact = Math.fround(x);
      near(run(loss, [[exact]]).value, right(exact), `${text} at ${x}`);
    }
  });
}

powers('2^prediction - 1 is a number where the power is none in float32', () => {
  const { value } = run(compiledText('loss f(prediction: real) = 2^prediction - 1'), [[1000]]);
  assert.ok(value > 1e36 && Number.isFinite(value), String(value));
});

const SCORES = [0.4, -0.3, 1.2, 0.1];
const discount = (rank: number): number => 1 / Math.log2(1 + rank);
const positions = (x: readonly number[]): number[] => x.map((y) => 1 + x.filter((other) => other > y).length);

/** By the formula of Qin et al., of gains over the largest of them, which cancels. */
function approximateNdcg(gains: readonly number[], scores: readonly number[], temperature: number): number {
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  const ranks = scores.map((s, i) =>
    scores.reduce((rank, other, j) => (i === j ? rank : rank + sigmoid((other - s) / temperature)), 1),
  );
  const total = (at: readonly number[]): number =>
    gains.reduce((sum, gain, i) => sum + gain * discount(at[i]!), 0);
  return -total(ranks) / total(positions(gains));
}

/** By the formula of Burges, of gains over the largest of them. */
function lambdaRank(gains: readonly number[], scores: readonly number[]): number {
  const at = positions(scores).map(discount);
  const ideal = positions(gains).reduce((sum, rank, i) => sum + gains[i]! * discount(rank), 0);
  let total = 0;
  for (const [i, gain] of gains.entries())
    for (const [j, other] of gains.entries())
      if (gain > other)
        total += (gain - other) * Math.abs(at[i]! - at[j]!) * Math.log1p(Math.exp(scores[j]! - scores[i]!));
  return total / ideal;
}

const RELEVANCES: readonly (readonly [readonly number[], readonly number[]])[] = [
  // 2^t - 1 is t * log(2), but for a millionth part.
  ...[1e-6, 1e-7].map(
    (t) =>
      [
        [2 * t, 0, t, 3 * t],
        [2, 0, 1, 3],
      ] as const,
  ),
  // Beside 2^1000 the other gains are nothing.
  [
    [1000, 0, 1, 3],
    [1, 0, 1e-300, 2e-300],
  ],
  [
    [2, 0, 1, 3],
    [3, 0, 1, 7],
  ],
];
for (const [relevance, gains] of RELEVANCES) {
  powers(`losses of rankings with relevance ${relevance.join(', ')}`, () => {
    const target = [[...relevance]];
    for (const [name, right] of [
      ['approx_ndcg', (scores: readonly number[]) => approximateNdcg(gains, scores, 0.1)],
      ['lambdarank', (scores: readonly number[]) => lambdaRank(gains, scores)],
    ] as const) {
      const { value, gradient } = run(compiledStandard(name), [target, [SCORES]]);
      near(value, right(SCORES), name);
      for (const [i, slope] of gradient.entries()) {
        const moved = (h: number): number => right(SCORES.with(i, SCORES[i]! + h));
        const quotient = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        assert.ok(Math.abs(slope - quotient) < 1e-5, `${name}: slope ${slope}, quotient ${quotient}`);
      }
    }
  });
}

powers.before(async () => {
  await tf.setBackend('cpu');
});

powers.run();
