/** The updates of optimizers as nodes of ONNX, a row for each kind: the arithmetic of `optimizer.ts`. */
import type { LossScope } from '../../../compiler/emit/onnx/operators.js';
import type { Value } from '../../../compiler/emit/onnx/scope.js';
import { adamCorrection, adamRate, type OptimizerKind, type UpdateNumbers } from '../optimizer.js';
import { type Gradient, plus } from './written.js';

interface Updated {
  readonly value: Value;
  readonly memory: readonly Value[];
}

interface Row {
  /** Numbers that change from step to step: inputs of the graph, by name. */
  readonly changing: Readonly<Record<string, (numbers: UpdateNumbers) => number>>;
  /** `gradient` has the penalty already; `constants` are the same in every step. */
  readonly write: (
    scope: LossScope,
    given: Updated & { readonly gradient: Gradient },
    constants: UpdateNumbers,
  ) => Updated;
}

/** `beta` of what was, and the rest of what is new: 1 - beta in float32, as the generated update of wasm has it. */
const mixed = (s: LossScope, beta: number, old: Value, fresh: Value): Value =>
  s.add(s.mul(old, beta), s.mul(fresh, Math.fround(1 - Math.fround(beta))));

export const UPDATES: { readonly [K in OptimizerKind]: Row } = {
  sgd: {
    changing: { rate: ({ rate }) => rate },
    write: (s, { value, gradient }) => ({
      value: plus(s, value, gradient, s.op('Neg', ['rate'])),
      memory: [],
    }),
  },
  momentum: {
    changing: { rate: ({ rate }) => rate },
    write: (s, { value, gradient, memory: [velocity] }, { momentum }) => {
      const next = plus(s, s.mul(velocity!, momentum), gradient);
      return { value: s.sub(value, s.mul(next, 'rate')), memory: [next] };
    },
  },
  adam: {
    changing: { rate: adamRate, correction: adamCorrection },
    write: (s, { value, gradient: { value: gradient }, memory: [first, second] }, { beta1, beta2 }) => {
      const mean = mixed(s, beta1, first!, gradient);
      const square = mixed(s, beta2, second!, s.mul(gradient, gradient));
      const root = s.add(s.op('Sqrt', [s.div(square, 'correction')]), 1e-8);
      return { value: s.sub(value, s.mul(s.div(mean, root), 'rate')), memory: [mean, square] };
    },
  },
};
