/** What the backend "onnx" does not train, in words. */
import { RunError } from '../../errors.js';
import type { Layer } from '../models/layer.js';
import type { Model } from '../models/model.js';
import type { LossSource, TrainingLoss } from '../training-loss.js';

const OTHERS = 'choose another backend (--backend wasm)';

/** The layers of a model. Throws a RunError for a user's own. */
export function requireLayers({ name, layers }: Model): readonly Layer[] {
  if (layers === undefined)
    throw new RunError(`the backend onnx trains only the built-in models, and ${name} is a module`, OTHERS);
  return layers;
}

/** What a loss was compiled from. Throws a RunError for one that was written by hand. */
export function requireSource({ name, source }: TrainingLoss): LossSource {
  if (source !== undefined) return source;
  throw new RunError(
    `the backend onnx trains only with losses compiled by lossc, and "${name}" is not one`,
    OTHERS,
  );
}
