/** A loss, input or parameter may be called as Python calls something of its own that the module needs. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { arrayOf } from '../../../../compiler/evaluate/bind.js';
import { compiledText } from '../../../helpers/corpus.js';
import { pythonWith } from '../../../helpers/programs.js';
import { type PythonTarget, runPython } from '../../../helpers/python.js';

const names = suite('names that Python has itself');

const NAMES = ['all', 'sorted', 'zip', 'reversed', 'slice', 'super', 'len', 'tuple'];

for (const [target, needed] of [
  ['pytorch', 'torch'],
  ['jax', 'numpy'],
  ['keras', 'numpy'],
] as const satisfies readonly (readonly [PythonTarget, string])[]) {
  const interpreter = pythonWith(needed);
  if (interpreter === undefined) console.log(`SKIPPED ${target}: no Python on the PATH has ${needed}`);
  (interpreter === undefined ? names.skip : names)(`are no trouble in ${target}`, async () => {
    const jobs = NAMES.map((name, i) => {
      const parameter = NAMES[(i + 1) % NAMES.length]!;
      const text = `loss ${name}(target: real, prediction: real; ${parameter}: positive = 2) = ${parameter} * (target - prediction)^2`;
      return {
        compiled: compiledText(text),
        inputs: new Map([
          ['target', arrayOf([1])],
          ['prediction', arrayOf([3])],
        ]),
        parameters: new Map([[parameter, 2]]),
      };
    });
    const outcomes = await runPython(interpreter!, target, jobs);
    for (const [i, { error, value }] of outcomes.entries()) {
      assert.is(error, undefined, NAMES[i]);
      assert.equal(value, [8], NAMES[i]);
    }
  });
}

names.run();
