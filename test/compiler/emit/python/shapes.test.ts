import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BindError, evaluateLoss, type NumberArray } from '../../../../compiler/evaluate/bind.js';
import { createRandom } from '../../../../src/random.js';
import { legalInputs } from '../../../helpers/legal-inputs.js';
import { pythonWith } from '../../../helpers/programs.js';
import { asNumber, type PythonTarget, runPython } from '../../../helpers/python.js';
import { allLosses, type PythonCase } from '../../../helpers/python-cases.js';

const shapes = suite('shapes in Python');

type Shape = readonly number[];

/** Other shapes than the right one: what broadcasts, what has as many entries, what a slip gives. */
const SLIPS: Readonly<Record<string, (shape: Shape) => Shape | undefined>> = {
  'turned around': (shape) => (shape.length > 1 ? [...shape].reverse() : undefined),
  flat: (shape) => (shape.length > 1 ? [shape.reduce((a, b) => a * b, 1)] : undefined),
  'one item': (shape) => [1, ...shape.slice(1)],
  'one item more': ([first, ...rest]) => [first! + 1, ...rest],
  'last axis of 1': (shape) => [...shape.slice(0, -1), 1],
  'last axis longer': (shape) => [...shape.slice(0, -1), shape.at(-1)! + 1],
  'without the first axis': (shape) => (shape.length > 1 ? shape.slice(1) : undefined),
  'an axis in front': (shape) => [1, ...shape],
  'an axis behind': (shape) => [...shape, 2],
};

/** The numbers of an array in another shape, over and over. */
function reshaped({ data }: NumberArray, shape: Shape): NumberArray {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float64Array.from({ length: size }, (_, i) => data[i % data.length]!) };
}

function slips(): PythonCase[] {
  const random = createRandom(3);
  return allLosses()
    .filter(({ name }) => name.startsWith('std/'))
    .flatMap(({ name, compiled }) => {
      const { inputs, parameters } = legalInputs(compiled, random);
      return compiled.inputs.flatMap((input) =>
        Object.entries(SLIPS).flatMap(([slip, turn]) => {
          const right = inputs.get(input.name)!;
          const shape = turn(right.shape);
          if (shape === undefined || shape.join() === right.shape.join()) return [];
          const changed = new Map(inputs).set(input.name, reshaped(right, shape));
          const what = `${name}, ${input.name} ${slip}: [${shape}] for [${right.shape}]`;
          return [{ name: what, compiled, inputs: changed, parameters, seeds: () => [] }];
        }),
      );
    });
}

/** The value by the reference, or why it refuses. */
function reference({ compiled, inputs, parameters }: PythonCase): number | string {
  try {
    return evaluateLoss(compiled, inputs, parameters).value as number;
  } catch (error) {
    if (!(error instanceof BindError)) throw error;
    return error.message;
  }
}

const TARGETS: readonly (readonly [PythonTarget, string])[] = [
  ['pytorch', 'torch'],
  ['jax', 'numpy'],
  ['keras', 'numpy'],
];
for (const [target, needed] of TARGETS) {
  const interpreter = pythonWith(needed);
  if (interpreter === undefined) console.log(`SKIPPED ${target}: no Python on the PATH has ${needed}`);
  const test = interpreter === undefined ? shapes.skip : shapes;
  test(`${target} refuses the shapes that the reference refuses, and no others`, async () => {
    const cases = slips();
    assert.ok(cases.length > 2000);
    const outcomes = await runPython(interpreter!, target, cases);
    const wrong = cases.flatMap((entry, i) => {
      const expected = reference(entry);
      const { error, value } = outcomes[i]!;
      const found = `${entry.name}: ${error ?? value}, but ${expected}`;
      if (typeof expected === 'string') {
        if (error?.startsWith(`ValueError: ${entry.compiled.name}: `)) return [];
        // Keras has no look at the numbers of labels.
        return expected.includes('holds the label') && value?.[0] === 'nan' ? [] : [found];
      }
      const given = error === undefined ? asNumber(value[0]!) : Number.NaN;
      const near = given === expected || Math.abs(given - expected) <= 1e-6 * Math.max(1, Math.abs(expected));
      return error === undefined && (near || Number.isNaN(expected)) ? [] : [found];
    });
    assert.equal(wrong, []);
  });
}

shapes.run();
