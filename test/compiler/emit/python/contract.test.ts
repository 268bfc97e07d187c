import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledLoss } from '../../../../compiler/compile.js';
import { compiledText } from '../../../helpers/corpus.js';
import { pythonWith } from '../../../helpers/programs.js';
import { type PythonTarget, pythonScript, withModules } from '../../../helpers/python.js';
import { compiledStandard } from '../../../stdlib/library.js';

const contract = suite('the contract of the Python targets');

const STANDARD =
  'mse bce focal cross_entropy_logits sparse_cross_entropy cosine_similarity sup_con info_nce triplet_hard batch_dice multiclass_dice tukey hellinger'.split(
    ' ',
  );

const OWN = [
  'loss two(x: real, y: real) = max(x, y)',
  'loss along(x: real[k]) = max(x, k)',
  'loss clipped(x: real) = abs(clip(x, -1, 1))',
  `loss masked(target: real[time], data mask: binary[time], prediction: real[time]) =
  mean((target - prediction)^2, time where mask == 1)`,
  `loss scaled(target: binary, prediction: logits; scale: positive = 1, bias: real = 0) =
  let z = scale * prediction + bias
  softplus(z) - target * z`,
  'loss looked_up(target: integer, prediction: logits[class]) = -at(log_softmax(prediction, class), class, target)',
  `loss channels(target: onehot[class, pixel...] over class, prediction: logits[class, pixel...]) =
  mean(-sum(target * log_softmax(prediction, class), class), pixel)`,
  'loss moved(target: integer, prediction: real[class]) = at(prediction, class, target - 1)',
  'loss per_batch(target: real, prediction: real) = max(prediction, batch) - min(target, batch)',
];

const losses = (): CompiledLoss[] => [
  ...STANDARD.map((name) => compiledStandard(name)),
  ...OWN.map((text) => compiledText(text)),
];

const SCRIPTS: readonly (readonly [PythonTarget, string, string])[] = [
  ['pytorch', 'torch', 'pytorch-contract.py'],
  ['jax', 'numpy', 'numpy-contract.py'],
  ['keras', 'numpy', 'numpy-contract.py'],
];

/** Runs the tests of a script; gives what went wrong in each, by its name. */
function outcomes(target: PythonTarget, interpreter: string, script: string) {
  return withModules(target, losses(), (modules, folder) => {
    const file = join(folder, 'modules.json');
    writeFileSync(
      file,
      JSON.stringify(Object.fromEntries([...modules].map(([{ name }, { path }]) => [name, path]))),
    );
    return JSON.parse(pythonScript(interpreter, script, file, target)) as Readonly<
      Record<string, string | null>
    >;
  });
}

for (const [target, needed, script] of SCRIPTS) {
  const interpreter = pythonWith(needed);
  if (interpreter === undefined) console.log(`SKIPPED ${target}: no Python on the PATH has ${needed}`);
  const test = interpreter === undefined ? contract.skip : contract;
  test(target, async () => {
    const found = await outcomes(target, interpreter!, script);
    assert.ok(Object.keys(found).length > 5);
    assert.equal(
      Object.entries(found).flatMap(([name, problem]) => (problem === null ? [] : [`${name}: ${problem}`])),
      [],
    );
  });
}

contract.run();
