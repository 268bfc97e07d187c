import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { transformSync } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledLoss } from '../../../compiler/compile.js';
import { emitTarget } from '../../../compiler/emit/targets.js';
import { emitModule } from '../../../compiler/emit/tfjs/module.js';
import { arrayOf } from '../../../compiler/evaluate/bind.js';
import { FUNCTIONS } from '../../../compiler/resolve/functions.js';
import { RESERVED } from '../../../grammar/read/tokens/tokens.js';
import { assertClose } from '../../helpers/close.js';
import { compiledText } from '../../helpers/corpus.js';
import { pythonWith } from '../../helpers/programs.js';
import { runPython } from '../../helpers/python.js';

/** Names and documents that mean something in the code they end up in: the code is loaded and has to give the right numbers. */
const hostile = suite('hostile names and documents in emitted code');

const words = (text: string): readonly string[] => text.trim().split(/\s+/);
/** Words of the language itself, which are no names, and names of functions, which losses cannot have. */
const taken = new Set([
  ...RESERVED.map(({ PATTERN }) => String(PATTERN)),
  ...Object.keys(FUNCTIONS),
  'target',
  'batch',
]);

const WORDS = [
  ...words(`abstract arguments async await boolean break byte case catch char class const continue debugger default delete do double
    enum eval export extends final finally float for function get goto implements in instanceof int interface long native new null of
    package private protected public return set short static super switch synchronized this throw throws transient try typeof
    undefined var void volatile while yield any never number object string symbol unknown`),
  ...words(`constructor __proto__ prototype toString toLocaleString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable
    __defineGetter__ __lookupGetter__ then length name caller`),
  ...words(
    'Infinity NaN Math Number Object Array Error Function globalThis window process require module exports console tf',
  ),
  ...words(`options reduction sampleWeight checkInputs gradients value read items seed readInputs differentiable prediction batchSize
    total product x y dy`),
  ...words(
    'False None True as assert def del elif except global is lambda nonlocal pass raise with_ self print len range type list',
  ),
  ...words(
    'torch jax jnp np math keras ops Tensor F nn dtype loss_ __name__ __init__ __doc__ __builtins__ _ __ a1',
  ),
].filter((word) => !taken.has(word));

const word = (i: number): string => WORDS[i % WORDS.length]!;

/** The same loss in other words, so that each word is once each of: loss, axis, prediction, parameter, let, `fn` and its argument. */
function source(i: number): string {
  const [loss, axis, prediction, parameter, definition, fn, argument] = [0, 1, 2, 3, 4, 5, 6].map((k) =>
    word(i + k),
  );
  return `loss ${loss}(target: real[${axis}], ${prediction}: real[${axis}]; ${parameter}: positive = 2) =
  let ${definition} = ${prediction} - target
  sum(${parameter} * ${fn}(${definition}), ${axis})
fn ${fn}(${argument}) = ${argument}^2`;
}

const TARGET = [[1, 2]];
const PREDICTION = [[3, 5]];
const VALUE = 2 * (4 + 9);
const GRADIENT = [8, 12];

const compiled = WORDS.map((_, i) => compiledText(source(i)));

/** A folder from which TensorFlow.js is found, as in a user's project. */
function inFolder(use: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(fileURLToPath(new URL('.', import.meta.url)), '.hostile-'));
    try {
      await use(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

type Emitted = (
  target: tf.Tensor,
  prediction: tf.Tensor,
  options?: Readonly<Record<string, number>>,
) => tf.Tensor;
type Gradients = (
  target: tf.Tensor,
  prediction: tf.Tensor,
) => {
  readonly value: tf.Tensor;
  readonly gradients: Readonly<Record<string, tf.Tensor>>;
};

/** Writes, imports and calls a module; what is wrong with it, or nothing. */
async function problemOf(folder: string, loss: CompiledLoss, file: string, text: string): Promise<string[]> {
  const path = join(folder, file);
  writeFileSync(path, text);
  try {
    const module = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
    const { name } = emitModule(loss);
    const [target, prediction] = [tf.tensor(TARGET), tf.tensor(PREDICTION)];
    const value = module[name] as Emitted;
    assertClose(value(target, prediction).dataSync(), [VALUE]);
    const property = (name: string): string => emitModule(loss).properties.get(name)!;
    const options = { [property(loss.parameters[0]!.name)]: 3 };
    assertClose(value(target, prediction, options).dataSync(), [39], 1e-6, 'with an option');
    const { gradients } = (module[`${name}Gradients`] as Gradients)(target, prediction);
    const [input, parameter] = [loss.inputs[1]!.name, loss.parameters[0]!.name];
    assertClose(gradients[property(input)]!.dataSync(), GRADIENT, 1e-6, `gradient ${input}`);
    assertClose(gradients[property(parameter)]!.dataSync(), [13], 1e-6, `gradient ${parameter}`);
    return [];
  } catch (error) {
    return [`${file}: ${(error as Error).message}`];
  }
}

const ORIGIN = { version: '1.0.0', file: 'hostile.loss' };

/** The text of a module that Node can import. */
async function importable(target: 'js' | 'ts', loss: CompiledLoss, origin = ORIGIN): Promise<string> {
  const [file] = await emitTarget(target, loss, origin);
  if (target === 'js') return file!.text;
  return transformSync(file!.text, { loader: 'ts', format: 'esm', target: 'es2022' }).code;
}

/** What is wrong with each of the losses as a module. */
const problemsOf =
  (target: 'js' | 'ts', losses: readonly CompiledLoss[]) =>
  async (folder: string): Promise<void> => {
    const problems: string[] = [];
    for (const [i, loss] of losses.entries())
      problems.push(
        ...(await problemOf(folder, loss, `${i}.${loss.name}.mjs`, await importable(target, loss))),
      );
    assert.equal(problems, []);
  };

hostile('JavaScript', inFolder(problemsOf('js', compiled)));
// The bodies are those of JavaScript, so a few are enough.
hostile(
  'TypeScript, its types taken away',
  inFolder(
    problemsOf(
      'ts',
      compiled.filter((_, i) => i % 6 === 0),
    ),
  ),
);

hostile('names that mean something among the options or to every object get an underscore there', () => {
  const properties = (source: string): readonly string[] => [
    ...emitModule(compiledText(source)).properties.values(),
  ];
  const body = '= a * target';
  assert.equal(properties(`loss f(target, a; toString = 1, reduction = 2) ${body}`), [
    'toString_',
    'reduction_',
    'target',
    'a',
  ]);
  assert.equal(properties('loss f(target, sampleWeight_, constructor; sampleWeight = 1) = constructor'), [
    'sampleWeight__',
    'target',
    'sampleWeight_',
    'constructor',
  ]);
  assert.equal(properties('loss f(target, __proto__) = __proto__'), ['target', '__proto___']);
});

/** Documents that would be code if they could leave their comment or string, or that break it. */
const DOCUMENTS = [
  '*/ globalThis.escaped = 1; /*',
  '*\\/ globalThis.escaped = 2; /*',
  '\\u002a/ globalThis.escaped = 3; /* \\x2a/ &#42;/',
  '\u2028globalThis.escaped = 4\u2029globalThis.escaped = 5',
  `\`; globalThis.escaped = 6; \` \${(globalThis.escaped = 7)}`,
  '\'; globalThis.escaped = 8; // "; globalThis.escaped = 9',
  '-->\u2028globalThis.escaped = 10 <!-- </script> #!',
  '"""',
  '""" ; import nothing_of_that_name',
  '\\"""; import nothing_of_that_name',
  '\\\\""" \'\'\'',
  'a \\x and a \\N{no such name} and a \\u12 and \\777',
  'ends with a backslash \\',
  'ends with a quote "',
  'ends with two ""',
  '\u0000 \u0007 \u001b[31m \u202e \ufeff \ud800 \u{1f600} \r carriage return\u0085 next line\u000b\u000c',
  '%s %d {0} {} %% $x$ \\end{document} ^_{}~#&',
  '//# sourceMappingURL=nothing.map',
  '@ts-nocheck @deprecated {@link nothing} */',
];

const documented = DOCUMENTS.map((doc) => {
  const lines = doc.split('\n');
  return compiledText(
    `${lines.map((line) => `/// ${line}`).join('\n')}\nloss documented(target: real[k], prediction: real[k]; b: positive = 2) = sum(b * (prediction - target)^2, k)`,
  );
});

for (const target of ['js', 'ts'] as const)
  hostile(
    `documents and file names stay comments: ${target}`,
    inFolder(async (folder) => {
      for (const [i, loss] of documented.entries()) {
        assert.is.not(loss.doc, '');
        const text = await importable(target, loss, { version: '1.0.0', file: `${DOCUMENTS[i]!}.loss` });
        assert.equal(await problemOf(folder, loss, `document${i}.mjs`, text), [], DOCUMENTS[i]);
        assert.is((globalThis as Record<string, unknown>)['escaped'], undefined, DOCUMENTS[i]);
      }
    }),
  );

for (const [target, needed] of [
  ['pytorch', 'torch'],
  ['jax', 'numpy'],
] as const) {
  const interpreter = pythonWith(needed);
  if (interpreter === undefined) console.log(`SKIPPED ${target}: no Python with ${needed}`);
  (interpreter === undefined ? hostile.skip : hostile)(target, async () => {
    const inputs = (loss: CompiledLoss): ReadonlyMap<string, ReturnType<typeof arrayOf>> =>
      new Map([
        ['target', arrayOf(TARGET)],
        [loss.inputs[1]!.name, arrayOf(PREDICTION)],
      ]);
    const losses = [...compiled, ...documented];
    const jobs = losses.map((loss) => ({ compiled: loss, inputs: inputs(loss), parameters: new Map() }));
    const outcomes = await runPython(interpreter!, target, jobs);
    const problems = outcomes.flatMap(({ error, value, gradients }, i) => {
      const found = error ?? (value?.join() === String(VALUE) ? undefined : `value ${value}`);
      const gradient = Object.values(gradients ?? {})[0] ?? GRADIENT;
      if (found === undefined && gradient.join() === GRADIENT.join()) return [];
      return [`${losses[i]!.name}: ${found ?? gradient}\n${i < WORDS.length ? source(i) : losses[i]!.doc}`];
    });
    assert.equal(problems, []);
  });
}

hostile.run();
