import type { Value } from '../../../compiler/emit/onnx/scope.js';
import { sideOf } from './windows.js';
import { ACTIVATED, type LayerRow, THROUGH } from './written.js';

/** From `[height, width, inputs, filters]` to `[filters, inputs, height, width]`. */
const FILTERS_FIRST = [3, 2, 0, 1];

/**
 * Both gradients are convolutions, too: that of the input is the transposed one, and that of the filter has the examples in the place of the
 * channels, with the gradient as its filter.
 */
export const convolution: LayerRow<'convolution'> = (
  input,
  { strides, padding, activation },
  { scope, parameters: [filter, bias] },
  { inputShape, outputShape, parameters },
) => {
  const size = parameters[0]!.value.shape[0]!;
  const [height, width] = inputShape as [number, number];
  const [rows, columns] = [height, width].map((length) => sideOf(length, { size, strides, padding })) as [
    ReturnType<typeof sideOf>,
    ReturnType<typeof sideOf>,
  ];
  const pads = [rows.before, columns.before, rows.behind, columns.behind];
  const weights = scope.op('Transpose', [filter!], { perm: FILTERS_FIRST });
  const common = { kernel_shape: [size, size], strides: [strides, strides], pads };
  const convolved = scope.op('Conv', [input, weights, ...(bias === undefined ? [] : [bias])], common);
  const output = ACTIVATED[activation](scope, convolved);

  const ofFilter = (gradient: Value): Value => {
    const swapped = (x: Value): Value => scope.op('Transpose', [x], { perm: [1, 0, 2, 3] });
    const found = scope.op('Conv', [swapped(input), swapped(gradient)], {
      kernel_shape: outputShape.slice(0, 2),
      dilations: [strides, strides],
      pads,
    });
    // Entries that no window reaches make it larger than the filter.
    const whole =
      rows.unseen + columns.unseen === 0
        ? found
        : scope.op('Slice', [found, scope.list([0, 0]), scope.list([size, size]), scope.list([2, 3])]);
    return scope.op('Transpose', [whole], { perm: [2, 3, 0, 1] });
  };
  return {
    output,
    backward: (gradient, needsInput) => {
      const inner = THROUGH[activation](scope, gradient, output);
      const ofInput = (): Value =>
        scope.op('ConvTranspose', [inner, weights], {
          ...common,
          output_padding: [rows.unseen, columns.unseen],
        });
      const ofBias =
        bias === undefined
          ? []
          : [{ value: scope.op('ReduceSum', [inner, scope.list([0, 2, 3])], { keepdims: 0 }) }];
      return {
        input: needsInput ? ofInput() : undefined,
        parameters: [{ value: ofFilter(inner) }, ...ofBias],
      };
    },
  };
};
