import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { arrayOf } from '../../compiler/evaluate/bind.js';
import { createRandom } from '../../src/random.js';
import { assertClose } from '../helpers/close.js';
import { type LoadedModel, loadOnnx, onnxRuntime, runOnnx } from '../helpers/onnx.js';
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
import { difference, UNRELIABLE } from './emitted-cases.js';
import { FORMS } from './forms.js';
import { compiledStandard, LOSSES } from './library.js';

/** Float32 with another order of summation than the reference. */
const SINGLE = 3e-5;

const runtime = await onnxRuntime();
const onnx = suite('the standard library in ONNX Runtime');
const withRuntime = runtime === undefined ? onnx.skip : onnx;

for (const name of LOSSES) {
  withRuntime(`${name}: values and gradients as worked out in Python`, async () => {
    const model = await loadOnnx(runtime!, compiledStandard(name));
    for (const entry of casesOf(name)) {
      const context = `${name}, ${entry.note}`;
      const inputs = new Map(Object.entries(entry.inputs).map(([input, value]) => [input, arrayOf(value)]));
      const parameters = new Map(Object.entries(entry.parameters));
      const { value, gradients } = await runOnnx(model, { inputs, parameters });
      assertClose(value, [entry.value], SINGLE, context);
      for (const [input, expected] of Object.entries(entry.gradients)) {
        const gradient = gradients.get(input);
        if (gradient !== undefined) assertClose(gradient, flat(expected), SINGLE, `${context}, ${input}`);
      }
    }
    await model.session.release();
  });
}

const KINDS: Readonly<Record<string, typeof everyday>> = {
  everyday,
  'at the corners of the domains': corners,
  'at kinks': kinks,
};
/** The reduction of a weighted case is drawn: so many draws have all four. */
const WEIGHTED = 8;

/** Derivatives that float32 cannot give here, where parameters are float32 too, and why. */
const OTHERS: typeof UNRELIABLE = {
  dino: { of: 'center', why: 'where the goal is sure it is a difference of equal terms of the size of 100' },
  ldam: {
    of: 'count',
    why: 'that of the smallest count is a difference of two equal terms of the size of 30',
  },
};

/** Where a model differs from the reference in float64. */
async function differences(model: LoadedModel, entry: PythonCase): Promise<string[]> {
  const right = rightFor(entry);
  const { reduction, sample_weight: weights } = entry.options ?? {};
  const found = await runOnnx(model, {
    inputs: entry.inputs,
    parameters: entry.parameters,
    ...(reduction !== undefined && { reduction: reduction as string }),
    ...(weights !== undefined && { weights: weights as number[] }),
  });
  const pairs: [string, Float32Array, ArrayLike<number>][] = [
    ['value', found.value, expectedValue(entry, right)],
  ];
  for (const [name, expected] of right.gradients) pairs.push([name, found.gradients.get(name)!, expected]);
  return pairs.flatMap(([what, actual, expected]) => {
    const { of } = { ...UNRELIABLE, ...OTHERS }[model.compiled.name] ?? { of: '' };
    if (of.split(' ').includes(what)) return [];
    const off = difference(actual, expected);
    return off === undefined ? [] : [`${entry.name}, ${what}: ${off}`];
  });
}

for (const { name, fromLogits } of FORMS) {
  const title = `${name}${fromLogits ? ' from logits' : ''}`;
  withRuntime(`${title}: value and gradients, with labels, weights and every reduction`, async () => {
    const model = await loadOnnx(runtime!, compiledStandard(name, fromLogits));
    const random = createRandom(title);
    const cases = [
      ...Object.entries(KINDS).map(([kind, make]) => make(`${title}, ${kind}`, model.compiled, random)),
      ...Array.from({ length: WEIGHTED }, () => weighted(title, model.compiled, random)),
    ];
    const off: string[] = [];
    for (const entry of cases) off.push(...(await differences(model, entry)));
    assert.equal(off, []);
    await model.session.release();
  });
}

onnx.run();
