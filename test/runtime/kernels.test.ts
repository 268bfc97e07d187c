import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble } from '../../compiler/emit/wasm/assembler.js';
import { openBackend } from '../../src/runtime/backend.js';
import { createGemm, type Gemm } from '../../src/runtime/kernels/gemm.js';
import { gemmFunctions, NARROW, type Tile, WIDE } from '../../src/runtime/kernels/gemm-code.js';
import { registerWasmTrainingKernels, TRAINING_KERNELS } from '../../src/runtime/kernels/index.js';
import { wasmBackend } from '../../src/runtime/kernels/wasm-backend.js';
import { instantiate } from '../../src/runtime/kernels/webassembly.js';
import { wideGemm } from '../../src/runtime/kernels/wide-gemm.js';
import { kernel, normals, valuesOn } from '../helpers/backends.js';
import { assertClose } from '../helpers/close.js';

const backend = await openBackend({ name: 'wasm' });

type Pad = 'same' | 'valid' | number;
type Shape4 = [number, number, number, number];

/** Asserts that wasm, with our kernels, and the cpu backend agree to the rounding of float32, and that nothing leaks. */
async function agree(compute: () => tf.Tensor, context: string, tolerance = 2e-5): Promise<void> {
  const expected = await valuesOn('cpu', compute);
  await tf.setBackend('wasm');
  tf.dispose(tf.tidy(compute));
  const before = tf.memory();
  const actual = await valuesOn('wasm', compute);
  assert.is(tf.memory().numTensors, before.numTensors, context);
  assert.is(tf.memory().numBytes, before.numBytes, context);
  assertClose(actual, expected, tolerance, context);
}

const products = suite('matrix products');

for (const [rows, depth, columns] of [
  [1, 1, 1],
  [3, 5, 7],
  [4, 8, 8],
  [17, 33, 9],
  [100, 784, 10],
  [5, 300, 521],
  [0, 4, 3],
  [3, 0, 4],
] as const) {
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      products(`${rows} x ${depth} x ${columns}, transposed ${transposeA} ${transposeB}`, async () => {
        const a = normals([rows, depth], 1);
        const b = normals([depth, columns], 2);
        await agree(
          () =>
            tf.matMul(
              tf.tensor(a, transposeA ? [depth, rows] : [rows, depth]),
              tf.tensor(b, transposeB ? [columns, depth] : [depth, columns]),
              transposeA,
              transposeB,
            ),
          'product',
          1e-4,
        );
      });
    }
  }
}

for (const [aBatch, bBatch] of [
  [[3], [3]],
  [[1], [4]],
  [[2, 3], [3]],
  [[], [2, 2]],
] as const) {
  products(`batches ${aBatch.join('x')} and ${bBatch.join('x')} are broadcast`, async () => {
    const [aShape, bShape] = [
      [...aBatch, 5, 6],
      [...bBatch, 6, 3],
    ];
    await agree(
      () => tf.matMul(tf.tensor(normals(aShape, 1), aShape), tf.tensor(normals(bShape, 2), bShape)),
      'batched',
    );
  });
}

/** The cpu backend gets this wrong (4.22), so the reference is the product of operands that are already broadcast. */
products('batches 2x1 and 1x3 are broadcast', async () => {
  const a = (): tf.Tensor => tf.tensor(normals([2, 1, 5, 6], 1), [2, 1, 5, 6]);
  const b = (): tf.Tensor => tf.tensor(normals([1, 3, 6, 3], 2), [1, 3, 6, 3]);
  const expected = await valuesOn('cpu', () =>
    tf.matMul(tf.tile(a(), [1, 3, 1, 1]), tf.tile(b(), [2, 1, 1, 1])),
  );
  assertClose(await valuesOn('wasm', () => tf.matMul(a(), b())), expected, 1e-5);
});

for (const activation of ['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu'] as const) {
  for (const transposeA of [false, true]) {
    products(`fused with bias and ${activation}, transposed ${transposeA}`, async () => {
      // An inner size above 48: there the backend's own adds the bias more than once.
      const a = tf.util.sizeFromShape([7, 60]);
      await agree(
        () =>
          tf.fused.matMul({
            a: tf.tensor2d(normals([a], 1), transposeA ? [60, 7] : [7, 60]),
            b: tf.tensor2d(normals([60, 9], 2), [60, 9]),
            transposeA,
            bias: tf.tensor1d(normals([9], 3)),
            activation,
            leakyreluAlpha: 0.1,
          }),
        activation,
        1e-4,
      );
    });
  }
}
products.run();

const tiles = suite('tiles of matrix products');

/** The bits of `a b`, and of three times it added to ones. */
function bitsOf(gemm: Gemm, rows: number, depth: number, columns: number): readonly Uint32Array[] {
  const { wasm } = wasmBackend();
  const [a, b, c] = [rows * depth, depth * columns, rows * columns].map((size) => wasm._malloc(4 * size)) as [
    number,
    number,
    number,
  ];
  wasm.HEAPF32.set(normals([rows, depth], 'a'), a / 4);
  wasm.HEAPF32.set(normals([depth, columns], 'b'), b / 4);
  const found = [false, true].map((accumulate) => {
    wasm.HEAPF32.fill(1, c / 4, c / 4 + rows * columns);
    gemm.multiply({
      rows,
      columns,
      depth,
      a,
      aRowStride: 4 * depth,
      aDepthStride: 4,
      b,
      bDepthStride: 4 * columns,
      bColumnStride: 4,
      c,
      cRowStride: 4 * columns,
      scale: accumulate ? 3 : 1,
      accumulate,
    });
    return new Uint32Array(wasm.HEAPF32.slice(c / 4, c / 4 + rows * columns).buffer);
  });
  for (const address of [a, b, c]) wasm._free(address);
  return found;
}

const SIZES = [
  [1, 1, 1],
  [4, 1, 16],
  [5, 2, 17],
  [7, 255, 31],
  [8, 257, 48],
  [100, 784, 128],
  [97, 513, 521],
] as const;

function gemmOf(tile: Tile): Gemm {
  const { wasm } = wasmBackend();
  return createGemm(wasm, instantiate(assemble(gemmFunctions(tile), false), wasm.asm.memory), tile);
}

/** Asserts that products have the bits of narrow tiles, and disposes them. */
function assertSameBits(gemm: Gemm): void {
  const narrow = gemmOf(NARROW);
  for (const [rows, depth, columns] of SIZES)
    assert.equal(
      bitsOf(gemm, rows, depth, columns),
      bitsOf(narrow, rows, depth, columns),
      `${rows} x ${depth} x ${columns}`,
    );
  narrow.dispose();
  gemm.dispose();
}

tiles('give the same bits, whatever their size', async () => {
  await tf.setBackend('wasm');
  assertSameBits(gemmOf(WIDE));
});

tiles(
  'give the same bits in instructions of 256 bits, where the engine makes them, and can do without',
  async () => {
    await tf.setBackend('wasm');
    const { wasm } = wasmBackend();
    const wide = wideGemm(wasm);
    if (wide !== undefined) {
      assert.is(wide.bits, 256);
      assertSameBits(wide);
    }
    process.env['LOSSC_WIDE_PRODUCTS'] = 'off';
    try {
      assert.is(wideGemm(wasm), undefined);
    } finally {
      delete process.env['LOSSC_WIDE_PRODUCTS'];
    }
  },
);
tiles.run();

const convolutions = suite('gradients of convolutions');

const CONVOLUTIONS: readonly {
  readonly x: Shape4;
  readonly filter: readonly [number, number];
  readonly out: number;
  readonly strides: number | [number, number];
  readonly pad: Pad;
}[] = [
  { x: [1, 1, 1, 1], filter: [1, 1], out: 1, strides: 1, pad: 'valid' },
  { x: [2, 7, 6, 3], filter: [3, 3], out: 5, strides: 1, pad: 'same' },
  { x: [3, 9, 9, 4], filter: [3, 2], out: 6, strides: 2, pad: 'same' },
  { x: [2, 9, 8, 5], filter: [3, 3], out: 7, strides: 2, pad: 'valid' },
  { x: [1, 11, 7, 2], filter: [5, 5], out: 3, strides: [3, 1], pad: 'same' },
  { x: [2, 8, 8, 3], filter: [3, 3], out: 4, strides: 3, pad: 1 },
  { x: [2, 6, 6, 9], filter: [1, 1], out: 12, strides: 1, pad: 'same' },
  { x: [1, 14, 14, 32], filter: [5, 5], out: 24, strides: 1, pad: 'same' },
  { x: [0, 5, 5, 2], filter: [3, 3], out: 2, strides: 1, pad: 'same' },
];

for (const { x, filter, out, strides, pad } of CONVOLUTIONS) {
  const title = `${x.join('x')} by ${filter.join('x')} to ${out}, strides ${strides}, ${pad}`;
  const common = { strides, pad, dataFormat: 'NHWC', dimRoundingMode: 'floor' };
  convolutions(`filter and input of ${title}`, async () => {
    const filterShape: Shape4 = [...filter, x[3], out];
    const { outShape } = tf.backend_util.computeConv2DInfo(x, filterShape, strides, 1, pad, 'floor');
    const dy = (): tf.Tensor => tf.tensor(normals(outShape, 3), outShape);
    await agree(
      () =>
        kernel(
          'Conv2DBackpropFilter',
          { x: tf.tensor(normals(x, 1), x), dy: dy() },
          { ...common, filterShape },
        ),
      'filter',
      1e-4,
    );
    await agree(
      () =>
        kernel(
          'Conv2DBackpropInput',
          { dy: dy(), filter: tf.tensor(normals(filterShape, 2), filterShape) },
          { ...common, inputShape: x },
        ),
      'input',
      1e-4,
    );
  });
}

for (const { x, filter, out, strides, pad } of CONVOLUTIONS) {
  for (const dilation of strides === 1 ? [1, 2] : [1]) {
    for (const activation of ['linear', 'relu', 'elu'] as const) {
      const title = `${x.join('x')} by ${filter.join('x')} to ${out}, strides ${strides}, ${pad}`;
      convolutions(`forward ${title}, dilation ${dilation}, ${activation}`, async () => {
        const filterShape: Shape4 = [...filter, x[3], out];
        await agree(
          () => {
            const options = {
              x: tf.tensor4d(normals(x, 1), x),
              filter: tf.tensor4d(normals(filterShape, 2), filterShape),
              strides,
              pad,
              dilations: dilation,
              activation,
            };
            const plain = tf.conv2d(options.x, options.filter, strides, pad, 'NHWC', dilation);
            const bare = tf.fused.conv2d(options);
            const biased = tf.fused.conv2d({ ...options, bias: tf.tensor1d(normals([out], 3)) });
            return tf.stack([plain, bare, biased]);
          },
          'forward',
          1e-4,
        );
      });
    }
  }
}

for (const multiplier of [1, 3]) {
  for (const { x, filter, strides, pad } of CONVOLUTIONS) {
    if (typeof pad === 'number' || x[0] === 0) continue;
    convolutions(
      `depthwise x${multiplier} ${x.join('x')} by ${filter}, strides ${strides}, ${pad}`,
      async () => {
        const filterShape: Shape4 = [...filter, x[3], multiplier];
        const attrs = { strides, pad, dilations: [1, 1], dimRoundingMode: 'floor' };
        const { outShape } = tf.backend_util.computeConv2DInfo(
          x,
          filterShape,
          strides,
          1,
          pad,
          'floor',
          true,
        );
        const dy = (): tf.Tensor => tf.tensor(normals(outShape, 3), outShape);
        await agree(
          () =>
            kernel(
              'DepthwiseConv2dNativeBackpropFilter',
              { x: tf.tensor(normals(x, 1), x), dy: dy() },
              { ...attrs, filterShape },
            ),
          'filter',
        );
        await agree(
          () =>
            kernel(
              'DepthwiseConv2dNativeBackpropInput',
              { dy: dy(), filter: tf.tensor(normals(filterShape, 2), filterShape) },
              { ...attrs, inputShape: x },
            ),
          'input',
        );
      },
    );
  }
}

/** The cpu backend has no gradient of dilated convolutions, so the definition of the gradient is the reference. */
convolutions('dilated: the gradients are the adjoint of the forward convolution', async () => {
  await tf.setBackend('wasm');
  const [xShape, filterShape]: [Shape4, Shape4] = [
    [2, 9, 8, 3],
    [3, 2, 3, 4],
  ];
  const attrs = { strides: 1, pad: 'same', dilations: [2, 3], dataFormat: 'NHWC', dimRoundingMode: 'floor' };
  tf.tidy(() => {
    const x = tf.tensor4d(normals(xShape, 1), xShape);
    const filter = tf.tensor4d(normals(filterShape, 2), filterShape);
    const y = tf.conv2d(x, filter, 1, 'same', 'NHWC', [2, 3]);
    const dy = tf.tensor(normals(y.shape, 3), y.shape);
    const byFilter = kernel('Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape });
    const byInput = kernel('Conv2DBackpropInput', { dy, filter }, { ...attrs, inputShape: xShape });
    // y is linear in x and in the filter, so <dy, y> = <gradient, x> = <gradient, filter>.
    const inner = (a: tf.Tensor, b: tf.Tensor): number => tf.sum(tf.mul(a, b)).dataSync()[0]!;
    const expected = inner(dy, y);
    assertClose(inner(byFilter, filter), expected, 1e-4);
    assertClose(inner(byInput, x), expected, 1e-4);
  });
});

convolutions('other data formats are refused', async () => {
  await tf.setBackend('wasm');
  const x = tf.zeros([1, 2, 4, 4]);
  assert.throws(
    () =>
      kernel(
        'Conv2DBackpropFilter',
        { x, dy: x },
        { strides: 1, pad: 'same', dataFormat: 'NCHW', filterShape: [1, 1, 2, 2] },
      ),
    /NHWC/,
  );
  x.dispose();
});
convolutions.run();

const others = suite('pooling, sums and the rest');

for (const [x, size, strides, pad] of [
  [[2, 6, 6, 3], 2, 2, 'valid'],
  [[2, 7, 5, 9], 3, 2, 'same'],
  [[1, 5, 5, 4], 3, 1, 'same'],
  [[1, 1, 1, 1], 1, 1, 'valid'],
] as const) {
  others(`gradient of maximum pooling ${x.join('x')} by ${size}, strides ${strides}, ${pad}`, async () => {
    const shape: Shape4 = [...x];
    await agree(() => {
      // Rectified, so that many windows have several equal largest values.
      const input = tf.relu(tf.tensor4d(normals(shape, 1), shape)) as tf.Tensor4D;
      const output = tf.maxPool(input, size, strides, pad);
      const dy = tf.tensor(normals(output.shape, 2), output.shape);
      return kernel('MaxPoolGrad', { dy, input, output }, { filterSize: size, strides, pad });
    }, 'gradient');
  });
}

for (const [shape, axis, keepDims] of [
  [[5, 7], 0, false],
  [[300, 33], 0, true],
  [[4, 5, 6, 3], [0, 1, 2], false],
  [[4, 5, 6], [1], false],
  [[4, 5], [0, 1], false],
  [[0, 5], 0, false],
  [[3, 0], 0, false],
] as const) {
  others(`sum of [${shape}] over ${axis}`, async () => {
    await agree(
      () => tf.sum(tf.tensor(normals(shape, 1), [...shape]), axis as number | number[], keepDims),
      'sum',
    );
  });
}

others('sum over axes given from the end, and of integers and booleans', async () => {
  await agree(() => tf.sum(tf.tensor(normals([4, 3], 1), [4, 3]), -2), 'from the end');
  await agree(() => tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'), 0), 'integers');
  await agree(() => tf.sum(tf.tensor2d([1, 0, 1, 1], [2, 2], 'bool'), 0), 'booleans');
});

others('sum by segment, the gradient of gathering', async () => {
  await agree(
    () =>
      tf.unsortedSegmentSum(
        tf.tensor2d(normals([6, 5], 1), [6, 5]),
        tf.tensor1d([0, 2, -1, 2, 9, 0], 'int32'),
        4,
      ),
    'segments',
  );
});

others('gradient of the rectifier', async () => {
  await tf.setBackend('wasm');
  for (const size of [1, 3, 4, 11]) {
    const [dy, y] = [tf.tensor1d(normals([size], 1)), tf.relu(tf.tensor1d(normals([size], 2)))];
    const result = kernel('ReluGrad', { dy, y });
    const expected = tf.mul(dy, tf.step(y));
    assert.equal([...result.dataSync()], [...expected.dataSync()]);
    tf.dispose([dy, y, result, expected]);
  }
});

others('isNaN', async () => {
  await agree(() => tf.isNaN(tf.tensor1d([1, Number.NaN, 0, Number.POSITIVE_INFINITY])), 'isNaN');
});

others('registering is reversible', async () => {
  await tf.setBackend('wasm');
  backend.release();
  const opened = await openBackend({ name: 'wasm' });
  const ours = TRAINING_KERNELS.map(({ name }) => tf.getKernel(name, 'wasm'));
  opened.release();
  const stock = TRAINING_KERNELS.map(({ name }) => tf.getKernel(name, 'wasm'));
  assert.is(stock.filter((kernel) => kernel === undefined).length, 5);
  for (const [index, kernel] of stock.entries()) assert.is.not(kernel, ours[index]);
  const unregister = registerWasmTrainingKernels();
  unregister();
  unregister();
  assert.equal(
    TRAINING_KERNELS.map(({ name }) => tf.getKernel(name, 'wasm')),
    stock,
  );
});
others.run();
