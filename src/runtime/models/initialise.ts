/** Seeded initial values. */
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../random.js';
import { requireRoom } from '../room.js';
import type { Parameter } from './parameter.js';

function filled(name: string, shape: readonly number[], value: () => number): Parameter {
  requireRoom(`a layer with weights (${name})`, shape);
  const size = shape.reduce((product, length) => product * length, 1);
  return createParameter(name, tf.tensor(Float32Array.from({ length: size }, value), [...shape], 'float32'));
}

/** A parameter that owns `first`. */
export function createParameter(name: string, first: tf.Tensor): Parameter {
  let value = tf.keep(first);
  return {
    name,
    get value() {
      return value;
    },
    assign: (next) => {
      value.dispose();
      value = tf.keep(next);
    },
  };
}

/**
 * Glorot and Bengio (2010), uniform: within the square root of 6 / (fan in + fan out). TensorFlow's default.
 * `shape` ends in [inputs, outputs]; what comes before is the receptive field of a convolution.
 */
export function glorotUniform(name: string, shape: readonly number[], random: Random): Parameter {
  const [fanIn, fanOut] = fans(shape);
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return filled(name, shape, () => (2 * random.next() - 1) * limit);
}

/** He et al. (2015), normal: standard deviation the square root of 2 / fan in. For deep networks of rectifiers. */
export function heNormal(name: string, shape: readonly number[], random: Random): Parameter {
  const deviation = Math.sqrt(2 / fans(shape)[0]);
  return filled(name, shape, () => deviation * random.normal());
}

export function constant(name: string, shape: readonly number[], value: number): Parameter {
  return filled(name, shape, () => value);
}

function fans(shape: readonly number[]): readonly [number, number] {
  const field = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  return [field * shape.at(-2)!, field * shape.at(-1)!];
}
