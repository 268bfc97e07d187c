import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { BindError, evaluateLoss } from '../../compiler/evaluate/bind.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { createRandom } from '../../src/random.js';
import { type Backend, openBackend } from '../../src/runtime/backend.js';
import { loadModule } from '../../src/runtime/load.js';
import { importResolver, readLossFile } from '../../src/stdlib.js';
import { assertClose } from '../helpers/close.js';
import { legalInputs } from '../helpers/legal-inputs.js';
import {
  corners,
  everyday,
  expectedValue,
  kinks,
  type PythonCase,
  rightFor,
  weighted,
} from '../helpers/python-cases.js';
import { casesOf, flat } from './cases.js';
import { call, difference, type Emitted, emitted, reshaped, SLIPS, UNRELIABLE } from './emitted-cases.js';
import { FORMS } from './forms.js';
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

const KINDS: Readonly<Record<string, typeof everyday>> = {
  everyday,
  'at the corners of the domains': corners,
  'at kinks': kinks,
};
/** The reduction of a weighted case is drawn: so many draws have all four. */
const WEIGHTED = 8;

/** Where a module differs from the reference in float64. */
function differences(loss: Emitted, entry: PythonCase): string[] {
  const right = rightFor(entry);
  return tf.tidy(() => {
    const { value, gradients } = call(loss, entry);
    const pairs: [string, tf.Tensor, ArrayLike<number>][] = [['value', value, expectedValue(entry, right)]];
    for (const [name, expected] of right.gradients)
      pairs.push([name, gradients[loss.property(name)]!, expected]);
    return pairs.flatMap(([what, found, expected]) => {
      if (UNRELIABLE[loss.compiled.name]?.of.split(' ').includes(what)) return [];
      const off = difference(found.dataSync(), expected);
      return off === undefined ? [] : [`${entry.name}, ${what}: ${off}`];
    });
  });
}

for (const place of ['cpu', 'wasm']) {
  const against = suite(`the standard library on ${place} against the reference`);
  against.before(async () => {
    await openBackend({ name: 'wasm' });
    await tf.setBackend(place);
  });
  against.after(() => backend.release());

  for (const { name, fromLogits } of FORMS) {
    const title = `${name}${fromLogits ? ' from logits' : ''}`;
    against(`${title}: value and gradients, with labels, weights and every reduction`, () => {
      const loss = emitted(name, fromLogits);
      const random = createRandom(title);
      const cases = [
        ...Object.entries(KINDS).map(([kind, make]) => make(`${title}, ${kind}`, loss.compiled, random)),
        ...Array.from({ length: WEIGHTED }, () => weighted(title, loss.compiled, random)),
      ];
      assert.equal(
        cases.flatMap((entry) => differences(loss, entry)),
        [],
      );
    });

    against(`${title}: refuses the shapes that the reference refuses, and no others`, () => {
      const loss = emitted(name, fromLogits);
      const { inputs, parameters } = legalInputs(loss.compiled, createRandom(3));
      for (const input of loss.compiled.inputs) {
        for (const [slip, turn] of Object.entries(SLIPS)) {
          const right = inputs.get(input.name)!;
          const shape = turn(right.shape);
          if (shape === undefined || shape.join() === right.shape.join()) continue;
          const changed = new Map(inputs).set(input.name, reshaped(right, shape));
          const entry = { name: slip, compiled: loss.compiled, inputs: changed, parameters, seeds: () => [] };
          const [found, expected] = [outcomeOf(loss, entry), outcomeOfReference(entry)];
          assert.is(found, expected, `${title}, ${input.name} ${slip}: [${shape}] for [${right.shape}]`);
        }
      }
    });
  }
  against.run();
}

/** A number that is no label is told where values are looked at, and makes the value NaN where they are not. */
type Outcome = 'refused' | 'a number' | 'not a number';

function outcomeOf(loss: Emitted, entry: PythonCase): Outcome {
  return tf.tidy(() => {
    try {
      return Number.isNaN(call(loss, entry).value.dataSync()[0]) ? 'not a number' : 'a number';
    } catch {
      return 'refused';
    }
  });
}

function outcomeOfReference({ compiled, inputs, parameters }: PythonCase): Outcome {
  try {
    const { value } = evaluateLoss(compiled, inputs, parameters);
    return Number.isNaN(value) ? 'not a number' : 'a number';
  } catch (thrown) {
    if (!(thrown instanceof BindError)) throw thrown;
    return thrown.message.includes('holds the label') ? 'not a number' : 'refused';
  }
}
