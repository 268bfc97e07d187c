/** In the place of `src/runtime/models/create-model.ts`, in the bundle of the page: there is one network. */
import type * as original from '../../runtime/models/create-model.js';
import { createMlp, DEFAULT_HIDDEN } from '../../runtime/models/mlp.js';

export const createModel: typeof original.createModel = async (_name, request, { hidden } = {}) =>
  createMlp(request, hidden ?? DEFAULT_HIDDEN);
