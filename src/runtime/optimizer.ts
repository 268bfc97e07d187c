/** Gradient descent: plain, with momentum, Adam; in place where the backend allows it. */
import * as tf from '@tensorflow/tfjs-core';
import { pow } from '../../compiler/elementary/power.js';
import { RunError } from '../errors.js';
import { type GeneratedUpdate, inPlaceUpdates } from './kernels/in-place.js';
import { type Decay, learningRateAt } from './learning-rate.js';
import type { Parameter } from './models/parameter.js';

/** An optimizer with its numbers. */
export interface OptimizerSettings {
  /** Which update is made. */
  readonly kind: OptimizerKind;
  /** Of the first step; `decay` may lower it. */
  readonly learningRate: number;
  /** How the learning rate changes with the steps; constant by default. */
  readonly decay?: Decay | undefined;
  /** Of `momentum`; 0.9 by default. */
  readonly momentum?: number | undefined;
  /** Of `adam`: decay of the first moment, 0.9 by default. */
  readonly beta1?: number | undefined;
  /** Of `adam`: decay of the second moment, 0.999 by default. */
  readonly beta2?: number | undefined;
  /** L2 penalty added to the gradient: `weightDecay` times the parameter. 0 by default. */
  readonly weightDecay?: number | undefined;
}

export interface Optimizer {
  /** Makes one step. `gradients` are in the order of `parameters`, and are disposed. */
  apply(parameters: readonly Parameter[], gradients: readonly tf.Tensor[]): void;
  dispose(): void;
}

/** The settings that updates read, with defaults filled in. */
export interface UpdateNumbers {
  readonly momentum: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
  readonly rate: number;
  readonly step: number;
}

const DEFAULTS = { momentum: 0.9, beta1: 0.9, beta2: 0.999, weightDecay: 0 };

interface Rule {
  /** How many tensors of the parameter's shape are remembered, zero at first. */
  readonly memories: number;
  /** The update in TensorFlow.js ops. `gradient` has the penalty already. */
  readonly update: (
    value: tf.Tensor,
    gradient: tf.Tensor,
    state: readonly tf.Tensor[],
    numbers: UpdateNumbers,
  ) => { readonly value: tf.Tensor; readonly state: readonly tf.Tensor[] };
  /** The same update as a generated function in place: its name and its numbers. */
  readonly generated: (numbers: UpdateNumbers) => GeneratedUpdate;
}

/** Stochastic gradient descent, the same with momentum, or Adam (Kingma and Ba 2015, arXiv:1412.6980). */
export type OptimizerKind = 'sgd' | 'momentum' | 'adam';

export const adamRate = ({ rate, beta1, step }: UpdateNumbers): number => rate / (1 - pow(beta1, step + 1));
export const adamCorrection = ({ beta2, step }: UpdateNumbers): number => 1 - pow(beta2, step + 1);

const RULES: { readonly [K in OptimizerKind]: Rule } = {
  sgd: {
    memories: 0,
    update: (value, gradient, _state, { rate }) => ({
      value: tf.sub(value, tf.mul(gradient, rate)),
      state: [],
    }),
    generated: ({ rate, weightDecay }) => ({ name: 'sgd', numbers: [rate, weightDecay] }),
  },
  // As in Torch and TensorFlow: v = momentum * v + g, w -= rate * v.
  momentum: {
    memories: 1,
    update: (value, gradient, [velocity], { rate, momentum }) => {
      const next = tf.add(tf.mul(velocity!, momentum), gradient);
      return { value: tf.sub(value, tf.mul(next, rate)), state: [next] };
    },
    generated: ({ rate, weightDecay, momentum }) => ({
      name: 'momentum',
      numbers: [rate, weightDecay, momentum],
    }),
  },
  // Kingma and Ba (2015), algorithm 1, with the first correction folded into the rate; epsilon 1e-8 as there.
  adam: {
    memories: 2,
    update: (value, gradient, [first, second], numbers) => {
      const { beta1, beta2 } = numbers;
      const mean = tf.add(tf.mul(first!, beta1), tf.mul(gradient, 1 - beta1));
      const square = tf.add(tf.mul(second!, beta2), tf.mul(tf.square(gradient), 1 - beta2));
      const root = tf.add(tf.sqrt(tf.div(square, adamCorrection(numbers))), 1e-8);
      return {
        value: tf.sub(value, tf.mul(tf.div(mean, root), adamRate(numbers))),
        state: [mean, square],
      };
    },
    generated: (numbers) => ({
      name: 'adam',
      numbers: [
        adamRate(numbers),
        numbers.weightDecay,
        numbers.beta1,
        numbers.beta2,
        adamCorrection(numbers),
      ],
    }),
  },
};

export const OPTIMIZER_KINDS = Object.keys(RULES) as readonly OptimizerKind[];

/** An optimizer with its own memory; use one for one training. */
export function createOptimizer(settings: OptimizerSettings): Optimizer {
  checkRate(settings);
  const rule = RULES[settings.kind];
  const memory = new Map<Parameter, readonly tf.Tensor[]>();
  let step = 0;
  return {
    apply: (parameters, gradients) => {
      const numbers = numbersAt(settings, step);
      for (const [index, parameter] of parameters.entries()) {
        const gradient = gradients[index]!;
        const state = memory.get(parameter) ?? zeros(parameter.value, rule.memories);
        const inPlace = inPlaceUpdates();
        if (inPlace !== undefined) {
          inPlace(rule.generated(numbers), parameter.value, gradient, state);
          memory.set(parameter, state);
        } else {
          const [value, ...next] = tf.tidy(() => {
            const full = tf.add(gradient, tf.mul(parameter.value, numbers.weightDecay));
            const updated = rule.update(parameter.value, full, state, numbers);
            return [updated.value, ...updated.state];
          });
          parameter.assign(value!);
          tf.dispose([...state]);
          memory.set(
            parameter,
            next.map((tensor) => tf.keep(tensor)),
          );
        }
        gradient.dispose();
      }
      step++;
    },
    dispose: () => {
      for (const tensors of memory.values()) tf.dispose([...tensors]);
      memory.clear();
    },
  };
}

/** What the update of a step reads; steps count from 0. */
export const numbersAt = (settings: OptimizerSettings, step: number): UpdateNumbers => ({
  ...DEFAULTS,
  ...withoutUndefined(settings),
  rate: learningRateAt(step, settings.learningRate, settings.decay),
  step,
});

/** Throws a RunError for a learning rate that is none. */
export function checkRate({ learningRate }: OptimizerSettings): void {
  if (learningRate >= 0 && Number.isFinite(learningRate)) return;
  throw new RunError(`the learning rate must be a number of at least 0, not ${learningRate}`);
}

/** How many tensors of a parameter's shape an optimizer remembers, zero at first. */
export const memoriesOf = (kind: OptimizerKind): number => RULES[kind].memories;

function zeros(like: tf.Tensor, count: number): readonly tf.Tensor[] {
  return Array.from({ length: count }, () => tf.keep(tf.zerosLike(like)));
}

function withoutUndefined(settings: OptimizerSettings): Partial<UpdateNumbers> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
