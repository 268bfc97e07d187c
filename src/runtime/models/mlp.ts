import { RunError } from '../../errors.js';
import { dense } from './dense.js';
import { withFastGradients } from './dense-chain.js';
import type { Model, ModelRequest } from './model.js';
import { createNetwork } from './network.js';
import { flatten } from './reshaping.js';

/** Hidden units of the usual small MNIST network, 784-128-10. */
export const DEFAULT_HIDDEN: readonly number[] = [128];

/** A perceptron with rectified hidden layers; an empty list gives a linear model. */
export function createMlp(request: ModelRequest, hidden: readonly number[] = DEFAULT_HIDDEN): Model {
  if (!hidden.every((units) => Number.isInteger(units) && units > 0)) {
    throw new RunError(
      `the hidden layers of a perceptron need whole numbers of units, not ${hidden.join(', ')}`,
    );
  }
  const layers = [flatten(), ...hidden.map((units) => dense(units, 'relu')), dense(request.outputs)];
  return withFastGradients(createNetwork('mlp', layers, request));
}
