import type { Value } from '../../../compiler/emit/onnx/scope.js';
import { layoutOf } from './images.js';
import { ACTIVATED, type LayerRow, predicting, THROUGH } from './written.js';

/** Batch normalisation over all dimensions but that of the channels. */
export const normalisation: LayerRow<'normalisation'> = (
  input,
  { epsilon, kept, activation },
  { scope, batch, mask, parameters: [scale, offset], state: [mean, variance] },
  { inputShape },
) => {
  const dims = layoutOf(batch, inputShape);
  const others = dims.flatMap((_, dim) => (dim === 1 ? [] : [dim]));
  const count = others.reduce((product, dim) => product * dims[dim]!, 1);
  const sum = (x: Value): Value => scope.op('ReduceSum', [x, scope.list(others)], { keepdims: 1 });
  const spread = (x: Value): Value =>
    scope.op('Reshape', [x, scope.list(dims.map((n, dim) => (dim === 1 ? n : 1)))]);
  const flat = (x: Value): Value => scope.op('Reshape', [x, scope.list([-1])]);

  if (mask === undefined) {
    const deviation = scope.op('Sqrt', [scope.add(spread(variance!), epsilon)]);
    const scaled = scope.mul(scope.sub(input, spread(mean!)), scope.div(spread(scale!), deviation));
    return predicting(ACTIVATED[activation](scope, scope.add(scaled, spread(offset!))));
  }
  const batchMean = scope.div(sum(input), count);
  const centred = scope.sub(input, batchMean);
  const batchVariance = scope.div(sum(scope.mul(centred, centred)), count);
  const inverse = scope.div(1, scope.op('Sqrt', [scope.add(batchVariance, epsilon)]));
  const normal = scope.mul(centred, inverse);
  const wide = spread(scale!);
  const output = ACTIVATED[activation](scope, scope.add(scope.mul(normal, wide), spread(offset!)));
  const running = (old: Value, now: Value): Value =>
    scope.add(scope.mul(old, kept), scope.mul(flat(now), 1 - kept));
  return {
    output,
    state: [running(mean!, batchMean), running(variance!, batchVariance)],
    backward: (gradient, needsInput) => {
      const inner = THROUGH[activation](scope, gradient, output);
      const offsetGradient = sum(inner);
      const scaleGradient = sum(scope.mul(inner, normal));
      // With n = centred / deviation: dx = scale / deviation * (dy - mean(dy) - n * mean(dy * n)).
      const ofInput = (): Value => {
        const level = scope.sub(inner, scope.div(offsetGradient, count));
        const through = scope.sub(level, scope.mul(normal, scope.div(scaleGradient, count)));
        return scope.mul(through, scope.mul(wide, inverse));
      };
      return {
        input: needsInput ? ofInput() : undefined,
        parameters: [{ value: flat(scaleGradient) }, { value: flat(offsetGradient) }],
      };
    },
  };
};
