/** At the ends of the unit interval and beyond float32, where a form that keeps digits elsewhere has no slope, or none that is finite. */
import { suite } from 'uvu';
import { assertEverywhere, type Given } from '../helpers/everywhere.js';

const edges = suite('edges');

interface Case {
  readonly source: string;
  readonly inputs: Given;
  readonly parameters?: Given;
  readonly fromLogits?: boolean;
  /** The mean over the items, and the gradients of that. */
  readonly value: number;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

/** Worked out by hand. */
const CASES: readonly Case[] = [
  {
    source: 'loss f(prediction: unit) = prediction * prediction - 1',
    inputs: { prediction: [1, 0.5] },
    value: -0.375,
    gradients: { prediction: [1, 0.5] },
  },
  {
    source: 'loss f(prediction: unit[class]) = 1 - prod(prediction, class)',
    inputs: { prediction: [[1, 1, 0.5]] },
    value: 0.5,
    gradients: { prediction: [-0.5, -0.5, -1] },
  },
  {
    source: 'loss f(prediction: unit[k]) = 1 - prod(1 - prediction, k)',
    inputs: {
      prediction: [
        [0, 0],
        [1e-12, 0],
        [0.5, 0],
        [1, 1],
      ],
    },
    value: (1e-12 + 0.5 + 1) / 4,
    gradients: { prediction: [0.25, 0.25, 0.25, 0.25, 0.25, 0.125, 0, 0] },
  },
  {
    source: 'loss f(prediction: unit[k]) = 1 - max(prediction^2, k)',
    inputs: { prediction: [[1, 0.5]] },
    value: 0,
    gradients: { prediction: [-2, 0] },
  },
  {
    source: 'loss f(prediction: unit) = 1 - abs(1 - prediction)^2',
    inputs: { prediction: [0, 1] },
    value: 0.5,
    gradients: { prediction: [1, 0] },
  },
  {
    source: 'loss f(prediction: unit) = 1 - (if prediction > 0.5 then prediction^2 else prediction)',
    inputs: { prediction: [1] },
    value: 0,
    gradients: { prediction: [-2] },
  },
  {
    source: 'loss f(prediction: real[time]) = log1p(prod(relu(prediction + 1), time))',
    inputs: { prediction: [[-1.5, 3, 7]] },
    value: 0,
    gradients: { prediction: [0, 0, 0] },
  },
  {
    source:
      'loss f(prediction: unit[class]; gamma: positive = 2) = log(abs(prod(prediction, class) - gamma))',
    inputs: {
      prediction: [
        [1, 0, 0],
        [1, 0, 0.5],
      ],
    },
    value: Math.LN2,
    gradients: { prediction: [0, 0, 0, 0, -0.125, 0], gamma: [0.5] },
  },
  {
    source:
      'loss f(prediction: nonnegative[k]) = erfc(sum(prediction, k) + 2) - prod(rename(prediction, k, l), l)',
    inputs: { prediction: [[0, 2]] },
    value: 1.541725790028002e-8,
    gradients: { prediction: [-2 - 1.2698234671866558e-7, -1.2698234671866558e-7] },
  },
  {
    source: `loss f(prediction: probability[k]) =
      mean(prediction, k where prediction >= 0) / max(prediction, k)`,
    inputs: { prediction: [[1, 1, 1, 0]] },
    fromLogits: true,
    value: 0.8419698602928606,
    gradients: {
      prediction: [-0.0919698602928606, -0.0919698602928606, -0.0919698602928606, 0.2759095808785818],
    },
  },
  {
    source: 'loss f(prediction: unit) = mean(prediction, batch)^10000',
    inputs: { prediction: [0.5, 2] },
    fromLogits: true,
    value: 0,
    gradients: { prediction: [0, 0] },
  },
  {
    // A complement that is nothing but 0: no guard stands in for it.
    source: `loss f(prediction: probability[class]) =
      log(square(sum(clip(2, prediction, 1) * prediction, class) - sum(1 + prediction, class)))`,
    inputs: { prediction: [[1, 1]] },
    fromLogits: true,
    value: 2 * Math.LN2,
    gradients: { prediction: [0, 0] },
  },
  {
    // What is not a number is not a label of 0.
    source: `loss f(prediction: probability[class], target: probability[class]) =
      -log(sum(target * prediction^3, class) + sum(target * prediction^2, class))`,
    inputs: { prediction: [[1, 2]], target: [[NaN, 0.5]] },
    fromLogits: true,
    value: NaN,
    gradients: { prediction: [NaN, NaN] },
  },
  {
    // A root of an exact 0 is 0, worked out in logarithms too.
    source: `loss f(target: onehot[box = 4], prediction: probability[box = 4]; gamma: nonnegative = 0) =
      sum(prediction, box) * sqrt(gamma / at(target + exp(gamma), box, 1))`,
    inputs: { target: [[0, 1, 0, 0]], prediction: [[1, 0.5, 1, 1]] },
    value: 0,
    gradients: { prediction: [0, 0, 0, 0] },
  },
  {
    // So is the root of a sum of parts that a relu makes 0.
    source: `loss f(prediction: real[k]; rate: positive[k] = [1, 2]) =
      1e20 * sqrt(mean(relu(rename(rate, k, other) / softplus(logsumexp(prediction, k)) * min(prediction, k)), other))`,
    inputs: { prediction: [[1, -0.5]] },
    parameters: { rate: [1, 2] },
    value: 0,
    gradients: { prediction: [0, 0] },
  },
  {
    // A parameter of 0 has a slope, of which the logarithm of 0 knows nothing.
    source: 'loss f(score: logits; gamma: nonnegative = 0) = log(exp(score) + gamma)',
    inputs: { score: [1, -3] },
    parameters: { gamma: 0 },
    value: -1,
    gradients: { score: [0.5, 0.5], gamma: [(Math.exp(-1) + Math.exp(3)) / 2] },
  },
  {
    source: 'loss f(score: logits[k]; gamma: nonnegative[k] = [0.2, 0]) = log(min(exp(score) + gamma, k))',
    inputs: { score: [[1, 0.5]] },
    parameters: { gamma: [0.2, 0] },
    value: 0.5,
    gradients: { score: [0, 1], gamma: [0, Math.exp(-0.5)] },
  },
  {
    source: 'loss f(score: logits[k]; gamma: nonnegative[k] = [1, 0]) = log(sum(gamma * exp(score), k))',
    inputs: { score: [[100, 102]] },
    parameters: { gamma: [1, 0] },
    value: 100,
    gradients: { score: [1, 0], gamma: [1, Math.exp(2)] },
  },
  {
    source:
      'loss f(score: logits[k]; gamma: nonnegative = 0) = log(sum(gamma * exp(score), k) + exp(2 * mean(score, k)))',
    inputs: { score: [[1, 0.5]] },
    parameters: { gamma: 0 },
    value: 1.5,
    gradients: { score: [1, 1], gamma: [(Math.exp(1) + Math.exp(0.5)) / Math.exp(1.5)] },
  },
  {
    // x / x is 1, which x * (1 / x) need not be.
    source:
      'loss f(prediction: unit[k]) = mean(if at(prediction, batch, 0) / prediction < 1 then 2 else 1, k)',
    inputs: { prediction: [[0.09645133465528488, 1]] },
    value: 1,
    gradients: { prediction: [0, 0] },
  },
  {
    // Powers of which float32 holds neither have a quotient that it holds.
    source: 'loss f(target: real, prediction: positive) = (target / prediction)^8',
    inputs: { target: [2e-6], prediction: [1e-6] },
    value: 256,
    gradients: { prediction: [-8 * 256e6] },
  },
  {
    // A branch not taken is infinite before any tensor is touched.
    source: `loss f(prediction: unit; gamma: nonnegative = 0, alpha: between(-1, 1) = 1) =
      if alpha <= 0 then prediction else 0.5^log1mexp(gamma)`,
    inputs: { prediction: [1] },
    parameters: { gamma: 0, alpha: -1 },
    fromLogits: true,
    value: 1 / (1 + Math.exp(-1)),
    gradients: { prediction: [0.19661193324148185], gamma: [0] },
  },
  {
    // The product of 2 / gamma along an axis leaves float32; nothing is multiplied by it.
    source: `loss f(prediction: real[pixel, class]; gamma: nonnegative = 0) =
      max(max(prod(2 / gamma * index(pixel), pixel), pixel where prod(prediction, class) > 1), 1)`,
    inputs: {
      prediction: [
        [
          [0.5, 1],
          [1, 0.5],
          [0.5, 1.25],
          [-0.125, 1.25],
        ],
      ],
    },
    parameters: { gamma: 0 },
    value: 1,
    gradients: {
      prediction: [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ].flat(),
      gamma: [0],
    },
  },
  {
    // 1 is not added to what is half of a sum with a tiny number.
    source: `loss f(target: real[k], prediction: probability[k]) =
      log1p((square(mean(prediction + sum(target, k), k where target < 0.5)) + 1e-12) * 0.5)`,
    inputs: {
      target: [[1, 1]],
      prediction: [[0.75, 0.25]],
    },
    value: 5e-13,
    gradients: { prediction: [0, 0] },
  },
  {
    // A quotient of which bounds say that it is 0 needs no bound itself.
    source: `loss f(prediction: real) =
      min(ndtr(prediction), 0) * clip(i1(tanh(prediction)), prediction, 2)^-2 + prediction`,
    inputs: { prediction: [1.5] },
    value: 1.5,
    gradients: { prediction: [1] },
  },
  {
    // 1e7 / alpha leaves float32 where alpha is 0; nothing is multiplied by it.
    source: `loss f(target: integer[class], prediction: unit[class]; alpha: unit = 0.915) =
      if not 1 < 2 then prod(1, class where target <= 0.1)
      else prod(mod(prediction, alpha * 1e-7) - 0, class where target <= -2)`,
    inputs: { target: [[2, 0, 1]], prediction: [[0.5609491467475891, 0.42446368932724, 0.5962605476379395]] },
    parameters: { alpha: 0 },
    value: 1,
    gradients: { prediction: [0, 0, 0], alpha: [0] },
  },
  {
    // The larger of what is negative and of what a parameter makes 0 is an exact 0 under a root.
    source: `loss f(prediction: unit[k]; gamma: nonnegative = 2) =
      sqrt(mean(max(log_softmax(prediction, k), expm1(gamma)), k))`,
    inputs: { prediction: [[0, 0.5, 0.5]] },
    parameters: { gamma: 0 },
    value: 0,
    gradients: {},
  },
  {
    // A negative number behind a sign: two signs in a row are another operator in JavaScript.
    source: `loss f(prediction: unit[k]; gamma: real = 0.5) =
      sigmoid(xlogy(if 1 > 1 then logsumexp(prediction, k) else stop_gradient(-0.5), softplus(gamma)))`,
    inputs: { prediction: [[0.25, 0.5]] },
    value: 1 / (1 + Math.sqrt(Math.log1p(Math.exp(0.5)))),
    gradients: { prediction: [0, 0] },
  },
  {
    // What no prediction takes part in has no better logarithm than its own.
    source: `loss f(prediction: unit; gamma: nonnegative = 3.87, delta: real = -34.1) =
      1e8 * log1p(if delta < 0 then erfc(gamma) else -0.6) * prediction`,
    inputs: { prediction: [1] },
    parameters: { gamma: 3.87, delta: -34.1 },
    value: 4.424639010056124,
    gradients: { prediction: [4.424639010056124] },
  },
  {
    // What keeps a logarithm away from 0 is not rounded away beside the 1.
    source: 'loss f(prediction: unit) = -log(1 - prediction + 1e-10)',
    inputs: { prediction: [1] },
    value: 10 * Math.LN10,
    gradients: { prediction: [1e10] },
  },
  {
    // Nor beside a 1 where doubles cannot hold both.
    source: 'loss f(prediction: unit) = -log(1 - prediction + 1e-20) - log(1 - (prediction - 1e-16))',
    inputs: { prediction: [1] },
    value: 36 * Math.LN10,
    gradients: { prediction: [1.0001e20] },
  },
  {
    // Also in what is left as it is written, for no form of it is shorter.
    source: `loss f(prediction: real[class]; alpha: unit = 1) =
      sqrt(1 - alpha + 1e-16) + mean(prediction, class) * mean(prediction, class)`,
    inputs: { prediction: [[1, 1]] },
    value: 1 + 1e-8,
    gradients: { prediction: [1, 1], alpha: [-5e7] },
  },
  {
    source: 'loss f(prediction: unit; eps: positive = 1e-12) = -log(1 - prediction + eps)',
    inputs: { prediction: [1] },
    value: 12 * Math.LN10,
    gradients: { prediction: [1e12], eps: [-1e12] },
  },
  {
    source: 'loss f(prediction: unit; eps: nonnegative = 1e-7) = -log((1 + eps) - prediction)',
    inputs: { prediction: [1, 0] },
    value: (7 * Math.LN10 - 1e-7) / 2,
    gradients: { prediction: [1e7 / 2, 1 / 2], eps: [-1e7 / 2 - 1 / 2] },
  },
  {
    source: 'loss f(prediction: unit[class]) = sum(-log(1.001 - prediction), class)',
    inputs: { prediction: [[1, 0]] },
    value: 3 * Math.LN10 - Math.log(1.001),
    gradients: { prediction: [1000, 1 / 1.001] },
  },
  {
    source:
      'loss f(target: unit, prediction: unit; eps: nonnegative = 1e-10) = (target + eps) / (1 - prediction + eps)',
    inputs: { target: [0], prediction: [1] },
    value: 1,
    gradients: { prediction: [1e10], eps: [0] },
  },
  {
    source: 'loss f(target: unit, prediction: unit) = sqrt(target - prediction + 1e-10)',
    inputs: { target: [0.7], prediction: [0.7] },
    value: 1e-5,
    gradients: { prediction: [-5e4] },
  },
  {
    source: 'loss f(prediction: real[k]) = 3 + min(prediction, k) + 1e-7',
    inputs: { prediction: [[1, -3]] },
    value: 1e-7,
    gradients: { prediction: [0, 1] },
  },
  {
    // Numbers that are alike are subtracted from each other first.
    source: `loss f(prediction: unit[k]; gamma: nonnegative[k] = [0.25, 0]) =
      max(100000000, k where gamma <= 0.5) - max(100000000, k where prediction <= 0.5) + logsumexp(prediction, k)`,
    inputs: { prediction: [[0.5, 1]] },
    value: Math.log(Math.exp(0.5) + Math.E),
    gradients: { prediction: [1 / (1 + Math.exp(0.5)), 1 / (1 + Math.exp(-0.5))] },
  },
  {
    // Over nothing the largest is minus infinity, and so are sums of it: they are equal.
    source: `loss f(prediction: unit[time, class]) =
      if sum(max(1, class where 1 < prediction), time) <= logsumexp(max(1, class where 1 < prediction), time) then 2 else 1`,
    inputs: {
      prediction: [
        [
          [0.5, 0.25],
          [1, 1],
        ],
      ],
    },
    value: 2,
    gradients: { prediction: [0, 0, 0, 0] },
  },
  {
    // One number for all items, which is seen only after simplifying: each item has it.
    source:
      'loss f(prediction: real[class]; gamma: unit = 0.5) = gamma + sum(xlogy(0, sigmoid(prediction)), class)',
    inputs: { prediction: [[1], [0], [2]] },
    value: 0.5,
    gradients: { prediction: [0, 0, 0], gamma: [1] },
  },
  {
    // A factor that is too near to 0 to be divided by has the product of the others for its slope.
    source: 'loss f(prediction: real[k]) = prod(prediction, k)',
    inputs: { prediction: [[1e-37, 2, 3]] },
    value: 6e-37,
    gradients: { prediction: [6, 3e-37, 2e-37] },
  },
  {
    // 8^60 is more than float32 holds; a branch that is not taken passes nothing on, whatever it is.
    source: `loss f(prediction: real; gamma: positive = 1, delta: real = 1, alpha: positive = 3) =
      if prediction >= 1 then mod(gamma^delta, alpha) else 1`,
    inputs: { prediction: [0.5] },
    parameters: { gamma: 0.125, delta: -60 },
    value: 1,
    gradients: { prediction: [0], gamma: [0], delta: [0], alpha: [0] },
  },
  {
    // Near a multiple of pi and of half of it, where sine and cosine are small.
    source: 'loss f(prediction: real) = log(abs(sin(prediction)))',
    inputs: { prediction: [3.142019033432007] },
    value: -7.760179990888424,
    gradients: { prediction: [2345.3264915350296] },
  },
  {
    source: 'loss f(prediction: real) = log(abs(cos(prediction)))',
    inputs: { prediction: [1.5709999799728394] },
    value: -8.499092125980223,
    gradients: { prediction: [4910.308772379238] },
  },
  {
    // All entries are left out: their logsumexp is minus infinity, and none has a share in it.
    source: `loss f(target: integer[class], prediction: real[class]) =
      if logsumexp(sum(max(prediction, copy where rename(target, batch, copy) > 1), class), batch) > 0 then 1 else 2`,
    inputs: { target: [[0, 2]], prediction: [[1, 0]] },
    value: 2,
    gradients: { prediction: [0, 0] },
  },
  {
    source: `loss f(target: sign[class], prediction: real[class]) =
      max(1, logsumexp(max(prediction, copy where rename(target, class, copy) > 0), class))`,
    inputs: { target: [[-1, -1]], prediction: [[1, 0]] },
    value: 1,
    gradients: { prediction: [0, 0] },
  },
  {
    // Of parameters too, what cancels a number is added to it first.
    source:
      'loss f(prediction: real; alpha: nonnegative = 1e-7, delta: unit = 1) = prediction - log(1 - delta + alpha)',
    inputs: { prediction: [0] },
    value: 16.11809565095832,
    gradients: { prediction: [1] },
  },
  {
    // What may cancel a number is added to it first, here a parameter: the product is at most 1.
    source: 'loss f(prediction: unit[k]; alpha: real = 1) = prod(prediction, k) - (2 - alpha)',
    inputs: { prediction: [[0.0001220703125, 0.000244140625]] },
    parameters: { alpha: 2 },
    value: 2.9802322387695312e-8,
    gradients: { prediction: [0.000244140625, 0.0001220703125], alpha: [1] },
  },
  {
    // Powers far below 1, whose difference from 1 is 1 in float32.
    source: 'loss f(prediction: real; a: positive = 0.5) = a^prediction - a^(prediction + 1)',
    inputs: { prediction: [40] },
    value: 2 ** -41,
    gradients: { prediction: [-Math.LN2 * 2 ** -41], a: [39 * 2 ** -40] },
  },
];

for (const { source, inputs, parameters, value, gradients, fromLogits } of CASES)
  edges(source, () =>
    assertEverywhere(source, inputs, parameters ?? {}, { value, gradients }, undefined, {
      fromLogits: fromLogits ?? false,
    }),
  );

edges.run();
