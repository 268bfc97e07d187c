/**
 * The layers of a network as nodes of ONNX, forward as in training and backward: a row for each kind, with the arithmetic of
 * `src/runtime/models/`. Values of images have their channels in front (`images.ts`); parameters are as the layers have them.
 */
import type { Value } from '../../../compiler/emit/onnx/scope.js';
import type { Layer, LayerKind } from '../models/layer.js';
import { convolution } from './convolution.js';
import { fromRows, layoutOf, toRows } from './images.js';
import { normalisation } from './normalisation.js';
import { sideOf } from './windows.js';
import {
  ACTIVATED,
  type Gradient,
  type LayerGiven,
  type LayerRow,
  predicting,
  THROUGH,
  type WrittenLayer,
} from './written.js';

const ROWS: { readonly [K in LayerKind]: LayerRow<K> } = {
  flatten: (input, _, { scope, batch }, { inputShape }) => ({
    output: toRows(scope, input, batch, inputShape),
    backward: (gradient) => ({ input: fromRows(scope, gradient, batch, inputShape), parameters: [] }),
  }),
  dense: (input, { activation }, { scope, parameters: [weights, bias] }) => {
    const output = ACTIVATED[activation](scope, scope.op('Gemm', [input, weights!, bias!]));
    return {
      output,
      backward: (gradient, needsInput) => {
        const inner = THROUGH[activation](scope, gradient, output);
        return {
          input: needsInput ? scope.op('Gemm', [inner, weights!], { transB: 1 }) : undefined,
          parameters: [
            {
              value: scope.op('Gemm', [input, inner], { transA: 1 }),
              addedTo: (base, times) =>
                scope.op('Gemm', [input, times === undefined ? inner : scope.mul(inner, times), base], {
                  transA: 1,
                }),
            },
            { value: scope.op('ReduceSum', [inner, scope.list([0])], { keepdims: 0 }) },
          ],
        };
      },
    };
  },
  dropout: (input, { fill }, { scope, mask }, layer) => {
    if (mask === undefined) return predicting(input);
    const kept = mask(layer, fill);
    return {
      output: scope.mul(input, kept),
      backward: (gradient) => ({ input: scope.mul(gradient, kept), parameters: [] }),
    };
  },
  convolution,
  maximum: (input, { size }, { scope, batch, mask }, { inputShape }) => {
    const sides = inputShape
      .slice(0, 2)
      .map((length) => sideOf(length, { size, strides: size, padding: 'same' }));
    const windows = {
      kernel_shape: [size, size],
      strides: [size, size],
      pads: [...sides.map(({ before }) => before), ...sides.map(({ behind }) => behind)],
    };
    // Finding the places of the largest, too, takes several times as long.
    if (mask === undefined) return predicting(scope.op('MaxPool', [input], windows));
    const [output, places] = scope.pair('MaxPool', [input], windows);
    const shape = scope.list(layoutOf(batch, inputShape));
    return {
      output,
      backward: (gradient) => ({
        input: scope.op('MaxUnpool', [gradient, places, shape], windows),
        parameters: [],
      }),
    };
  },
  average: (input, _, { scope, batch }, { inputShape }) => {
    const [height, width, channels] = inputShape as [number, number, number];
    return {
      output: scope.op('ReduceMean', [input, scope.list([2, 3])], { keepdims: 0 }),
      backward: (gradient) => {
        const shares = scope.op('Reshape', [
          scope.div(gradient, height * width),
          scope.list([batch, channels, 1, 1]),
        ]);
        return {
          input: scope.op('Expand', [shares, scope.list(layoutOf(batch, inputShape))]),
          parameters: [],
        };
      },
    };
  },
  normalisation,
  residual: (input, { main, shortcut }, given) => {
    const { scope } = given;
    const [left, right] = [
      writeChain(main, input, given),
      writeChain(shortcut, input, {
        ...given,
        parameters: given.parameters.slice(countOf(main, 'parameters')),
        state: given.state.slice(countOf(main, 'state')),
      }),
    ];
    const output = ACTIVATED.relu(scope, scope.add(left.output, right.output));
    return {
      output,
      state: [...left.state, ...right.state],
      backward: (gradient) => {
        const inner = THROUGH.relu(scope, gradient, output);
        const [a, b] = [left.backward(inner, true), right.backward(inner, true)];
        return { input: scope.add(a.input!, b.input!), parameters: [...a.parameters, ...b.parameters] };
      },
    };
  },
};

const countOf = (layers: readonly Layer[], of: 'parameters' | 'state'): number =>
  layers.reduce((count, layer) => count + (layer[of]?.length ?? 0), 0);

/** Layers one after another. Backward goes no further than the first that is trained, unless the gradient of the input is needed. */
export function writeChain(
  layers: readonly Layer[],
  input: Value,
  given: LayerGiven,
): WrittenLayer & { readonly state: readonly Value[] } {
  const parameters = [...given.parameters];
  const state = [...given.state];
  const written: WrittenLayer[] = [];
  let output = input;
  for (const layer of layers) {
    const row = ROWS[layer.form.kind] as LayerRow<LayerKind>;
    const own = {
      ...given,
      parameters: parameters.splice(0, layer.parameters.length),
      state: state.splice(0, layer.state?.length ?? 0),
    };
    const one = row(output, layer.form, own, layer);
    written.push(one);
    output = one.output;
  }
  const firstTrained = layers.findIndex((layer) => layer.parameters.length > 0);
  return {
    output,
    state: written.flatMap((one) => one.state ?? []),
    backward: (gradient, needsInput) => {
      const last = needsInput ? 0 : Math.max(0, firstTrained);
      const found: Gradient[] = [];
      let back = gradient;
      for (let i = written.length - 1; i >= last; i--) {
        const { input: before, parameters: own } = written[i]!.backward(back, needsInput || i > last);
        found.unshift(...own);
        if (before !== undefined) back = before;
      }
      return { input: needsInput ? back : undefined, parameters: found };
    },
  };
}
