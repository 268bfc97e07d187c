/**
 * Losses that float32 cannot work out as they are written. Values worked out by hand or with 50 digits (`lossc eval --digits 50`), to
 * eight digits or more.
 */
import type { Given } from '../helpers/everywhere.js';

interface LogSpaceCase {
  readonly name: string;
  readonly source: string;
  readonly inputs: Given;
  readonly value: number;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  /** How near float32 comes, where that is less than six digits. */
  readonly tolerance?: number;
}

export const AS_WRITTEN: readonly LogSpaceCase[] = [
  {
    name: 'binary cross-entropy of a probability that is used twice',
    source: `loss f(target: binary, z: logits) = -(target * log(sigmoid(z)) + (1 - target) * log(1 - sigmoid(z)))`,
    inputs: { target: [0, 0], z: [20, 60] },
    value: 40.00000000103058,
    gradients: { z: [0.499999998969423, 0.5] },
  },
  {
    name: 'a choice between the two',
    source:
      'loss f(target: binary, z: logits) = if target == 1 then -log(sigmoid(z)) else -log(1 - sigmoid(z))',
    inputs: { target: [0, 1], z: [60, -90] },
    value: 75,
    gradients: { z: [0.5, -0.5] },
  },
  {
    name: 'a focal loss of a named probability',
    source: `loss f(target: binary, z: logits; gamma: nonnegative = 2) =
      let p = sigmoid(z)
      if target == 1 then -(1 - p)^gamma * log(p) else -p^gamma * log(1 - p)`,
    inputs: { target: [0], z: [60] },
    value: 60,
    gradients: { z: [1] },
  },
  {
    name: 'both classes of a softmax',
    source: `loss f(target: onehot[class], z: logits[class]) =
      let p = softmax(z, class)
      -sum(target * log(p) + (1 - target) * log(1 - p), class)`,
    inputs: { target: [[0, 1, 0]], z: [[40, 0, -40]] },
    value: 80,
    gradients: { z: [2, -2, -4.248354255291589e-18] },
  },
  {
    name: 'a mixture of two exponentials',
    source: 'loss f(a: real, b: real; w: unit = 0.3) = -log(w * exp(a) + (1 - w) * exp(b))',
    inputs: { a: [-200], b: [-210] },
    value: 201.203866877,
    gradients: { a: [-0.99989407805], b: [-0.0001059219488] },
  },
  {
    name: 'two exponentials at a tie',
    source: 'loss f(a: real, b: real) = log(exp(a) + exp(b))',
    inputs: { a: [200], b: [200] },
    value: 200.69314718056,
    gradients: { a: [0.5], b: [0.5] },
  },
  {
    name: 'weights in front of exponentials',
    source: 'loss f(x: real[k], data weight: unit[k]) = log(sum(weight * exp(x), k))',
    inputs: { x: [[-200, -210, -190]], weight: [[0.5, 0.2, 0.3]] },
    value: -191.203897141,
    gradients: { x: [7.5660824506645e-5, 1.3739984473494e-9, 0.9999243378015] },
  },
  {
    name: 'a mask over exponentials',
    source: 'loss f(x: real[k], data mask: binary[k]) = log(sum(exp(x), k where mask == 1))',
    inputs: { x: [[100, 90, 0]], mask: [[1, 1, 0]] },
    value: 100.000045398,
    gradients: { x: [0.9999546021, 4.53978687e-5, 0] },
  },
  {
    name: 'a mean of exponentials',
    source: 'loss f(x: real[k]) = log(mean(exp(x), k))',
    inputs: { x: [[100, 90, 0]] },
    value: 98.9014331112,
    gradients: { x: [0.9999546021, 4.53978687e-5, 0] },
  },
  {
    name: 'a 1 beside a sum of exponentials',
    source: 'loss f(x: real[k]) = log(1 + sum(exp(x), k))',
    inputs: { x: [[1, 200, 3]] },
    value: 200,
    gradients: { x: [0, 1, 0] },
  },
  {
    name: 'a probability of the normal distribution near 1',
    source: 'loss f(z: real) = -log((1 + erf(z / sqrt(2))) / 2)',
    inputs: { z: [6] },
    value: 9.865876455243758e-10,
    gradients: { z: [-6.0758828558176e-9] },
    tolerance: 1e-5,
  },
  {
    name: 'a power of 1 and a probability',
    source: 'loss f(z: real[k]) = sum((1 + softmax(z, k))^1.5, k)',
    inputs: { z: [[0.5, 1, 2]] },
    value: 4.6619843450731056,
    gradients: { z: [-0.02957652039, -0.03427158669, 0.06384810708] },
  },
  {
    name: 'a mixture of normal densities',
    source: `loss f(target: real, data weight: probability[k], mu: real[k], log_s: real[k]) =
      -log(sum(weight * exp(-(target - mu)^2 / (2 * exp(2 * log_s))) / exp(log_s), k))`,
    inputs: { target: [20], weight: [[0.9, 0.1]], mu: [[-5, 0]], log_s: [[0, 0]] },
    value: 202.302585092994,
    gradients: { mu: [0, -20] },
  },
  {
    name: 'weights of the classes of a certain prediction',
    source: 'loss f(data weight: positive[k], x: real[k]) = sum(weight * softmax(x, k), k)',
    inputs: { weight: [[0.25, 0.5, 1]], x: [[0, 40, -40]] },
    value: 0.5,
    gradients: { x: [-1.0620885638229e-18, 1.0620885638229e-18, 9.02425693922708e-36] },
  },
];

export const FROM_LOGITS: readonly LogSpaceCase[] = [
  {
    name: 'an entry at a label',
    source: 'loss f(target: integer, prediction: probability[class]) = -log(at(prediction, class, target))',
    inputs: { target: [0], prediction: [[-60, 30, 30]] },
    value: 90.6931471806,
    gradients: { prediction: [-1, 0.5, 0.5] },
  },
  {
    name: 'a set of classes',
    source: `loss f(data group: binary[class], prediction: probability[class]) =
      -log(sum(prediction, class where group == 1))`,
    inputs: { group: [[1, 0, 1]], prediction: [[-120, 120, 0]] },
    value: 120,
    gradients: { prediction: [0, 1, -1] },
  },
  {
    name: 'the largest of the labelled',
    source: `loss f(target: onehot[class], prediction: probability[class]) =
      -log(max(target * prediction, class))`,
    inputs: { target: [[0, 1, 0]], prediction: [[-60, -90, 30]] },
    value: 120,
    gradients: { prediction: [0, -1, 1] },
  },
  {
    name: 'one of several',
    source: 'loss f(prediction: unit[instance]) = -log(1 - prod(1 - prediction, instance))',
    inputs: { prediction: [[-30, -30, -30]] },
    value: 28.9013877113,
    gradients: { prediction: [-1 / 3, -1 / 3, -1 / 3] },
  },
  {
    name: 'agreement with an earlier prediction',
    source: `loss f(data ema: probability[class], prediction: probability[class]) =
      log(1 - sum(ema * prediction, class))`,
    inputs: { ema: [[1, 0, 0]], prediction: [[20, 0, 0]] },
    value: -19.3068528235,
    gradients: { prediction: [-0.99999999587769, 0.49999999793885, 0.49999999793885] },
  },
  {
    name: 'an object and its kind',
    source: 'loss f(object: unit, kind: unit) = -log(1 - object * kind)',
    inputs: { object: [20], kind: [25] },
    value: 19.993284646,
    gradients: { object: [0.993307147], kind: [0.006692850924] },
  },
  {
    name: 'survival after a time',
    source: `loss f(target: integer, prediction: probability[bin]) =
      -log(1 - sum(prediction, bin where index(bin) <= target))`,
    inputs: { target: [1], prediction: [[20, 0, -30, -30]] },
    value: 49.3068528215,
    gradients: { prediction: [0.99999999793885, 2.06115361819e-9, -0.5, -0.5] },
  },
  {
    name: 'the probability of the label as 1 - |t - p|',
    source: `loss f(target: binary, prediction: unit) =
      let pt = 1 - abs(target - prediction)
      -(1 - pt)^2 * log(pt)`,
    inputs: { target: [1], prediction: [-20] },
    value: 19.999999919615,
    gradients: { prediction: [-1.0000000762627] },
  },
];
