import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs-module.js';
import { loadProgram, lossesOf } from '../../compiler/lower/program.js';
import { type Backend, openBackend } from '../../src/runtime/backend.js';
import { loadModule } from '../../src/runtime/load.js';
import { importResolver, readLossFile } from '../../src/stdlib.js';
import { assertClose } from '../helpers/close.js';
import { casesOf, flat } from './cases.js';
import { compiledStandard, LOSSES } from './library.js';

/** Float32 with another order of summation than the reference. */
const SINGLE = 3e-5;

const onWasm = suite('the standard library on the embedded backend');
let backend: Backend;

onWasm.before(async () => {
  backend = await openBackend({ name: 'wasm' });
});
onWasm.after(() => backend.release());

for (const name of LOSSES) {
  onWasm(`${name}: values and gradients as worked out in Python`, () => {
    const loss = compiledStandard(name);
    const module = loadModule(tf, emitModule(loss));
    for (const entry of casesOf(name)) {
      const given = loss.inputs.map((input) =>
        tf.tensor(entry.inputs[input.name] as number[], undefined, 'float32'),
      );
      const { value, gradients } = module.valueAndGradients(given, entry.parameters);
      assertClose(value.dataSync(), [entry.value], SINGLE, `${name}, ${entry.note}`);
      for (const [input, expected] of Object.entries(entry.gradients)) {
        const gradient = gradients[input];
        if (gradient !== undefined)
          assertClose(gradient.dataSync(), flat(expected), SINGLE, `${name}, ${entry.note}, ${input}`);
      }
      tf.dispose([given, value, gradients]);
    }
  });
}

onWasm('cross-entropy compiled for training: known values from logits', () => {
  const program = loadProgram(readLossFile('std/cross_entropy'), importResolver('std/cross_entropy'));
  const loss = compileLoss(program, lossesOf(program)[0]!, { fromLogits: true, plainMean: true });
  const module = loadModule(tf, emitModule(loss));
  const given = [tf.tensor2d([[1, 0, 0]]), tf.tensor2d([[2, 1, 0.1]])];
  const { value, gradients } = module.valueAndGradients(given, {});
  assertClose(value.dataSync(), [0.41703], 1e-6);
  assertClose(gradients['prediction']!.dataSync(), [-0.3409989, 0.242433, 0.0985659], 1e-6);
  tf.dispose([given, value, gradients]);
});

onWasm('no tensor is left behind', () => {
  assert.is(tf.memory().numTensors, 0);
});

onWasm.run();
