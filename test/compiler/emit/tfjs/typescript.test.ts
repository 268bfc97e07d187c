import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project } from 'ts-morph';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { moduleKernel } from '../../../../compiler/emit/simd/module-kernel.js';
import { emitTarget } from '../../../../compiler/emit/targets.js';
import { CORPUS, compiledCorpus, compiledText } from '../../../helpers/corpus.js';
import { compiledStandard, LOSSES, plainStandard } from '../../../stdlib/library.js';

const typescript = suite('TypeScript modules');

const ORIGIN = { version: '0.0.0', file: 'test.loss' };
const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The errors that the type checker finds in the files of a folder of ours, with the settings of the strictest users. */
function typeErrors(folder: string): readonly string[] {
  const settings = {
    compilerOptions: {
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      noImplicitReturns: true,
      noEmit: true,
      skipLibCheck: true,
      module: 'nodenext',
      moduleResolution: 'nodenext',
      target: 'es2022',
      lib: ['es2022', 'dom'],
      types: [],
    },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder],
    { encoding: 'utf8' },
  );
  const errors = stdout.split('\n').filter((line) => line.includes('error TS'));
  assert.is(status === 0, errors.length === 0, stdout);
  return errors;
}

/** A new folder within the checkout, in which `@tensorflow/tfjs-core` is found. */
const folderFor = (what: string): string => mkdtempSync(join(root, 'test', 'compiler', 'emit', `.${what}-`));

/** What a user writes with the emitted functions. */
const USE = `import * as tf from '@tensorflow/tfjs-core';
import { focal, focalGradients, focalPerExample, type FocalOptions } from './focal.js';
import { ldam } from './ldam.js';
import { ccc } from './ccc.js';
const [target, prediction] = [tf.ones([2, 3]), tf.ones([2, 3])];
const options: FocalOptions = { gamma: 1, alpha: [0.1, 0.2, 0.3] };
const { value } = tf.variableGrads(() => focal(target, prediction, { gamma: 1, alpha: [0.1, 0.2, 0.3] }));
const some: tf.Tensor = focal(target, prediction, options);
const each: tf.Tensor = focal(target, prediction, { reduction: 'none', sampleWeight: tf.ones([2]) });
const forLayers: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor = focalPerExample;
const { gradients } = focalGradients(target, prediction);
const given: tf.Tensor[] = [gradients.prediction, gradients.gamma, gradients.alpha];
const margin: tf.Scalar = ldam(target, prediction, { count: [1, 2, 3] });
const whole: tf.Scalar = ccc(target, prediction);
// @ts-expect-error a parameter without a default must be given
ldam(target, prediction);
// @ts-expect-error there is no such option
focal(target, prediction, { gama: 1 });
// @ts-expect-error without a reduction it is no scalar
const wrong: tf.Scalar = focal(target, prediction, { reduction: 'none' });
export default [value, some, each, forLayers, given, margin, whole, wrong];
`;

typescript(
  'every loss type-checks under the strictest settings, and so does what a user writes with it',
  async () => {
    const folder = folderFor('typescript');
    try {
      const add = (path: string, text: string): void => {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      };
      for (const fromLogits of [false, true]) {
        const where = fromLogits ? 'logits' : 'plain';
        for (const name of CORPUS) {
          const compiled = compiledCorpus(name, { fromLogits });
          if (fromLogits && compiled.logits.length === 0) continue;
          add(`corpus/${where}/${name}.ts`, (await emitTarget('ts', compiled, ORIGIN))[0]!.text);
        }
        for (const name of LOSSES) {
          const compiled = compiledStandard(name, fromLogits);
          if (fromLogits && compiled.logits.length === 0) continue;
          add(`std/${where}/${name}.ts`, (await emitTarget('ts', compiled, ORIGIN))[0]!.text);
        }
      }
      for (const name of ['focal', 'huber', 'cql', 'class_balanced']) {
        const kernel = moduleKernel(plainStandard(name, false));
        const [file] = await emitTarget('ts', compiledStandard(name), ORIGIN, kernel);
        assert.match(file!.text, 'registerLossKernel', name);
        add(`kernel/${name}.ts`, file!.text);
      }
      add('corpus/plain/use.ts', USE);
      // The JavaScript form is used through its declarations.
      for (const name of ['focal', 'ldam', 'ccc'])
        for (const { fileName, text } of await emitTarget('js', compiledCorpus(name), ORIGIN))
          if (fileName.endsWith('.d.ts')) add(`js/${fileName}`, text);
      add('js/use.ts', USE);
      assert.equal(typeErrors(folder), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

typescript('the same loss gives the same text, whatever was compiled before', async () => {
  const first = await emitTarget('ts', compiledCorpus('focal'), ORIGIN);
  await emitTarget('ts', compiledCorpus('huber'), ORIGIN);
  assert.equal(await emitTarget('ts', compiledCorpus('focal'), ORIGIN), first);
});

typescript('lines stay within 110 columns', async () => {
  for (const name of ['focal', 'info_nce', 'tversky', 'triplet', 'mdn']) {
    const [file] = await emitTarget('ts', compiledCorpus(name), ORIGIN);
    const long = file!.text
      .split('\n')
      .filter((line) => line.length > 110 && !line.startsWith(' *') && !line.includes('readonly gradients:'));
    assert.equal(long, [], name);
  }
});

const HOSTILE_DOCS = [
  '*/ throw new Error(1); /*',
  '*/\u2028throw new Error(1)',
  `\`$\{process.exit()}\``,
  "'; throw 1; //",
  '* / \\*/ **/ /** x */ y',
  '@param {never} x',
  'x'.repeat(20_000),
  Array.from({ length: 500 }, (_, i) => `line ${i} */`).join('\n'),
];

typescript('no doc comment of a loss can become code', async () => {
  for (const doc of HOSTILE_DOCS) {
    const lines = doc.split('\n').map((line) => `/// ${line}`);
    const source = `${lines.join('\n')}\nloss l(target: real, prediction: real) = (target - prediction)^2`;
    const compiled = compiledText(source);
    for (const target of ['ts', 'js'] as const) {
      for (const { fileName, text } of await emitTarget(target, compiled, {
        version: '1',
        file: `a${doc.slice(0, 40)}`,
      })) {
        const project = new Project({ useInMemoryFileSystem: true, compilerOptions: { allowJs: true } });
        const file = project.createSourceFile(fileName, text);
        const kinds = new Set(file.getStatements().map((statement) => statement.getKindName()));
        for (const kind of kinds)
          assert.ok(
            [
              'ImportDeclaration',
              'InterfaceDeclaration',
              'TypeAliasDeclaration',
              'FunctionDeclaration',
            ].includes(kind),
            `${kind} from ${doc.slice(0, 40)}`,
          );
        assert.is(project.getProgram().getSyntacticDiagnostics(file).length, 0, doc.slice(0, 40));
        assert.not.match(text, /[\u2028\u2029]/);
      }
    }
  }
});

const HOSTILE_NAMES = [
  'loss readInputs(tf: real, options: real) = (tf - options)^2',
  'loss differentiable(read: real, items: real; seed = 1, dy = 2) = seed * (read - items)^2 + dy * read',
  'loss valueAnd(target: real, value: real; count: positive = 1) = count * abs(target - value)',
  'loss class_(function: onehot[class], yield: probability[class]; await: nonnegative = 1) = -await * sum(function * log(yield), class)',
  'loss tensor(target: real, constructor: real[prototype]; Math = 1) = sum((target - constructor)^2, prototype) * Math',
  'loss Read(target: real, arguments: real; eval = 2, undefined = 1, NaN = 3) = eval * undefined * NaN * (target - arguments)^2',
  'loss shaped(logSoftmax: real, x: real; power = 2) = exp(x) * logSoftmax * power + softplus(x)',
  'loss l(target: real, d: real; dD = 1, value = 2, product = 3, total2 = 4) = (target - d)^2 * dD * value * product * total2',
];

typescript(
  'names of a loss that mean something in the module get an underscore, and the rest is as before',
  async () => {
    const folder = folderFor('names');
    try {
      for (const [i, source] of HOSTILE_NAMES.entries())
        writeFileSync(
          join(folder, `m${i}.ts`),
          (await emitTarget('ts', compiledText(source), ORIGIN))[0]!.text,
        );
      assert.equal(typeErrors(folder), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

typescript.run();
