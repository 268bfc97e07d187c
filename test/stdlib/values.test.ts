import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { arrayOf, evaluateLoss } from '../../compiler/evaluate/bind.js';
import { loadModule } from '../../src/runtime/load.js';
import { assertClose } from '../helpers/close.js';
import { CASES, type Case, casesOf, flat } from './cases.js';
import { compiledStandard, LOSSES } from './library.js';

/** Two evaluations in float64, neither of them careful in the same places. */
const DOUBLE = 1e-9;
/** Emitted code computes in float32. */
const SINGLE = 3e-5;

const values = suite('values worked out in Python');

const inOrder = (entry: Case, names: readonly string[]) => names.map((name) => entry.inputs[name]!);

values('every loss has two cases or more', () => {
  for (const name of LOSSES) assert.ok(casesOf(name).length >= 2, name);
  assert.equal(
    CASES.filter((entry) => !LOSSES.includes(entry.loss)),
    [],
  );
});

for (const name of LOSSES) {
  values(`${name}: value of each item and gradients in float64`, () => {
    for (const entry of casesOf(name)) {
      const context = `${name}, ${entry.note}`;
      const inputs = new Map(Object.entries(entry.inputs).map(([input, value]) => [input, arrayOf(value)]));
      const found = evaluateLoss(compiledStandard(name), inputs, new Map(Object.entries(entry.parameters)));
      assertClose(found.value as number, entry.value, DOUBLE, context);
      assertClose(found.items.data, flat(entry.perItem ?? entry.value), DOUBLE, `${context}, items`);
      for (const [input, expected] of Object.entries(entry.gradients)) {
        assertClose(
          found.gradient.get(input)!.data,
          flat(expected),
          DOUBLE,
          `${context}, gradient of ${input}`,
        );
      }
    }
  });

  values(`${name}: value and gradients of the emitted module in float32`, () => {
    const loss = compiledStandard(name);
    const module = loadModule(tf, emitModule(loss));
    for (const entry of casesOf(name)) {
      const context = `${name}, ${entry.note}`;
      const given = inOrder(
        entry,
        loss.inputs.map((input) => input.name),
      ).map((value) => tf.tensor(value as number[], undefined, 'float32'));
      const { value, gradients } = module.valueAndGradients(given, entry.parameters);
      assertClose(value.dataSync(), [entry.value], SINGLE, context);
      for (const [input, expected] of Object.entries(entry.gradients)) {
        const gradient = gradients[input];
        if (gradient === undefined) continue;
        assertClose(gradient.dataSync(), flat(expected), SINGLE, `${context}, gradient of ${input}`);
      }
      tf.dispose([given, value, gradients]);
    }
  });
}

values('no tensor is left behind', () => {
  assert.is(tf.memory().numTensors, 0);
});

values.before(async () => {
  await tf.setBackend('cpu');
});

values.run();
