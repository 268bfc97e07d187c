/** Gradient descent with its learning-rate schedules. */
import * as tf from '@tensorflow/tfjs-core';
import type { Parameter } from './models/model.js';
import { RunError } from './run-error.js';

/** How the learning rate falls. `step` counts from 0. */
export type Decay =
  | { readonly kind: 'constant' }
  /** Multiplied by `factor` every `every` steps, smoothly in between. */
  | { readonly kind: 'exponential'; readonly factor: number; readonly every: number }
  /** Half a cosine from the full rate to 0 at `steps` (Loshchilov and Hutter, 2017). */
  | { readonly kind: 'cosine'; readonly steps: number }
  /** Multiplied by `factor` at each of the steps `at`. */
  | { readonly kind: 'steps'; readonly factor: number; readonly at: readonly number[] };

export interface OptimizerSettings {
  readonly kind: OptimizerKind;
  readonly learningRate: number;
  readonly decay?: Decay | undefined;
  /** Of `momentum`; 0.9 unless told. */
  readonly momentum?: number | undefined;
  /** Of `adam`: decay of the first moment, 0.9 unless told. */
  readonly beta1?: number | undefined;
  /** Of `adam`: decay of the second moment, 0.999 unless told. */
  readonly beta2?: number | undefined;
  /** L2 penalty added to the gradient: `weightDecay` times the parameter. 0 unless told. */
  readonly weightDecay?: number | undefined;
}

export interface Optimizer {
  /** Makes one step. `gradients` are in the order of `parameters`, and are disposed. */
  apply(parameters: readonly Parameter[], gradients: readonly tf.Tensor[]): void;
  dispose(): void;
}

/** Learning rate at a step, counted from 0. */
export function learningRateAt(
  step: number,
  learningRate: number,
  decay: Decay = { kind: 'constant' },
): number {
  switch (decay.kind) {
    case 'constant':
      return learningRate;
    case 'exponential':
      return learningRate * decay.factor ** (step / decay.every);
    case 'cosine':
      return (learningRate * (1 + Math.cos(Math.PI * Math.min(1, step / decay.steps)))) / 2;
    case 'steps':
      return learningRate * decay.factor ** decay.at.filter((at) => step >= at).length;
  }
}

/** One update of one parameter. `state` is what the optimizer remembers of it; it may be replaced. */
type Update = (
  value: tf.Tensor,
  gradient: tf.Tensor,
  state: readonly tf.Tensor[],
  learningRate: number,
  step: number,
) => { readonly value: tf.Tensor; readonly state: readonly tf.Tensor[] };

interface Rule {
  /** How many tensors of the parameter's shape are remembered, zero at first. */
  readonly memories: number;
  readonly update: (settings: OptimizerSettings) => Update;
}

export type OptimizerKind = 'sgd' | 'momentum' | 'adam';

const RULES: { readonly [K in OptimizerKind]: Rule } = {
  sgd: {
    memories: 0,
    update: () => (value, gradient, _state, learningRate) => ({
      value: tf.sub(value, tf.mul(gradient, learningRate)),
      state: [],
    }),
  },
  // As in Torch and TensorFlow: v = momentum * v + g, w -= rate * v.
  momentum: {
    memories: 1,
    update: ({ momentum = 0.9 }) => {
      return (value, gradient, [velocity], learningRate) => {
        const next = tf.add(tf.mul(velocity!, momentum), gradient);
        return { value: tf.sub(value, tf.mul(next, learningRate)), state: [next] };
      };
    },
  },
  // Kingma and Ba (2015), algorithm 1, with the corrections folded into the rate; epsilon 1e-8 as there.
  adam: {
    memories: 2,
    update: ({ beta1 = 0.9, beta2 = 0.999 }) => {
      return (value, gradient, [first, second], learningRate, step) => {
        const mean = tf.add(tf.mul(first!, beta1), tf.mul(gradient, 1 - beta1));
        const square = tf.add(tf.mul(second!, beta2), tf.mul(tf.square(gradient), 1 - beta2));
        const rate = learningRate / (1 - beta1 ** (step + 1));
        const root = tf.add(tf.sqrt(tf.div(square, 1 - beta2 ** (step + 1))), 1e-8);
        return { value: tf.sub(value, tf.mul(tf.div(mean, root), rate)), state: [mean, square] };
      };
    },
  },
};

export const OPTIMIZER_KINDS = Object.keys(RULES) as readonly OptimizerKind[];

/** An optimizer with its own memory; use one for one training. */
export function createOptimizer(settings: OptimizerSettings): Optimizer {
  if (!(settings.learningRate >= 0 && Number.isFinite(settings.learningRate))) {
    throw new RunError(`the learning rate must be a number from 0, not ${settings.learningRate}`);
  }
  const rule = RULES[settings.kind];
  const update = rule.update(settings);
  const memory = new Map<Parameter, readonly tf.Tensor[]>();
  let step = 0;
  return {
    apply: (parameters, gradients) => {
      const rate = learningRateAt(step, settings.learningRate, settings.decay);
      for (const [index, parameter] of parameters.entries()) {
        const before = memory.get(parameter) ?? zeros(parameter.value, rule.memories);
        const next = tf.tidy(() => {
          const penalty = settings.weightDecay ?? 0;
          const gradient = gradients[index]!;
          const full = penalty === 0 ? gradient : tf.add(gradient, tf.mul(parameter.value, penalty));
          const { value, state } = update(parameter.value, full, before, rate, step);
          return [value, ...state];
        });
        tf.dispose([parameter.value, gradients[index]!, ...before]);
        const [value, ...state] = next.map((tensor) => tf.keep(tensor));
        parameter.value = value!;
        memory.set(parameter, state);
      }
      step++;
    },
    dispose: () => {
      for (const tensors of memory.values()) tf.dispose([...tensors]);
      memory.clear();
    },
  };
}

function zeros(like: tf.Tensor, count: number): readonly tf.Tensor[] {
  return Array.from({ length: count }, () => tf.keep(tf.zerosLike(like)));
}
