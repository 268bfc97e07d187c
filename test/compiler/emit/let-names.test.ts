/** What a loss calls a value keeps its name in emitted code, wherever it is a value of its own. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitTarget, type Target } from '../../../compiler/emit/targets.js';
import { explainLoss } from '../../../compiler/explain/explain.js';
import { loadProgram, lossesOf } from '../../../compiler/resolve/program.js';
import { compiledText } from '../../helpers/corpus.js';

const names = suite('names of values in emitted code');

const textOf = async (target: Target, source: string): Promise<string> =>
  (await emitTarget(target, compiledText(source), { version: '0', file: 'f.loss' }))
    .map((file) => ('text' in file ? file.text : ''))
    .join('');

const HUBER = `loss robust(target: real, prediction: real; delta: positive = 1) =
  let error = abs(target - prediction)
  if error <= delta then error^2 / 2 else delta * (error - delta / 2)`;

for (const [target, variable] of [
  ['js', /const error = tf\.abs\(/g],
  ['ts', /const error = tf\.abs\(/g],
  ['pytorch', /^ {4}error = torch\.abs\(/gm],
  ['keras', /^ {4}error = ops\.abs\(/gm],
  ['jax', /^ {4}error = jnp\.abs\(/gm],
] as const)
  names(`in ${target}, in value and gradient`, async () => {
    const text = await textOf(target, HUBER);
    assert.ok([...text.matchAll(variable)].length >= 2, text);
  });

names('also of a value that is used once', async () => {
  const text = await textOf(
    'js',
    `loss f(target: real, prediction: real[k]) =
  let top = max(prediction, k)
  let gap = target - top
  square(gap)`,
  );
  assert.match(text, /const top = /);
  assert.match(text, /const gap = tf\.sub\(target, top\);/);
});

names(
  'a name that is taken gets a number, and a let that has melted into what is around it is not seen',
  async () => {
    const text = await textOf(
      'js',
      `loss f(target: real, prediction: real) =
  let batchSize = abs(target - prediction)
  let zero = target - target
  batchSize * exp(-batchSize) + zero`,
    );
    assert.match(text, /const batchSize2 = tf\.abs\(/);
    assert.not.match(text, /const zero/);
  },
);

names('in the formulas of the header, of LaTeX and of explain', async () => {
  const [js, latex] = [await textOf('js', HUBER), await textOf('latex', HUBER)];
  assert.match(js, /^ \* {3}let error = abs\(/m);
  assert.match(latex, /error/);
  const program = loadProgram({ name: 'f.loss', text: `${HUBER}\n` });
  assert.match(explainLoss(program, lossesOf(program)[0]!).value, /let error = abs\(/);
});

names.run();
