/** Who does not train installs no TensorFlow.js: nothing that is loaded without being asked for needs a package that may be missing. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { missingPackage } from '../src/packages.js';
import { lossc, ROOT, scratch } from './helpers/command-line.js';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Readonly<
  Record<'dependencies' | 'devDependencies' | 'peerDependencies', Readonly<Record<string, string>>>
> & { readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>> };
const optional = Object.keys(manifest.peerDependencies);

const packages = suite('optional packages');

packages(
  'TensorFlow.js, WebGPU, ONNX Runtime and the clients of Redis are optional, and in a clone they are there',
  () => {
    for (const name of [
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-node-gpu',
      'webgpu',
      'onnxruntime-node',
      'ioredis',
    ])
      assert.ok(optional.includes(name), name);
    for (const name of optional) {
      assert.equal(manifest.peerDependenciesMeta[name], { optional: true }, name);
      assert.is(manifest.dependencies[name], undefined, name);
      // Its script needs a network and may fail: the workspace that brings it into a clone allows for that.
      if (name !== '@tensorflow/tfjs-node-gpu') assert.ok(manifest.devDependencies[name] !== undefined, name);
    }
  },
);

/** The packages that are loaded with a module, before anything is called. */
function packagesOf({ inputs }: Metafile, entry: string): readonly string[] {
  const found = new Set<string>();
  const modules = new Set([entry]);
  for (const module of modules)
    for (const { path, kind, external } of inputs[module]!.imports) {
      if (kind !== 'import-statement') continue;
      if (external === true) found.add(path);
      else modules.add(path);
    }
  return [...found].filter((path) => optional.some((name) => path === name || path.startsWith(`${name}/`)));
}

packages('no command and no entry but lossc/training loads one before it is asked to', async () => {
  const commands = readdirSync(join(ROOT, 'src/commands')).map((name) => `src/commands/${name}`);
  const entries = [
    'src/cli.ts',
    'src/index.ts',
    'src/compiler.ts',
    'src/evolve.ts',
    'src/training.ts',
    ...commands,
  ];
  const { metafile } = await build({
    metafile: true,
    absWorkingDir: ROOT,
    entryPoints: entries,
    outdir: 'out',
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  });
  const loading = entries.filter((entry) => packagesOf(metafile, entry).length > 0);
  assert.equal(loading, ['src/training.ts']);
});

packages(
  'an error of a missing package says what needs it and what to install; another error is none',
  async () => {
    const thrown = (name: string): unknown =>
      Object.assign(new Error(`Cannot find package '${name}' imported from a.js`), {
        code: 'ERR_MODULE_NOT_FOUND',
      });
    const told = missingPackage(thrown('@tensorflow/tfjs-backend-wasm/dist/x.js'));
    assert.is(told?.message, 'training needs TensorFlow.js, which is not installed');
    for (const name of optional.filter((one) => /tfjs-(?:core|backend-(?:cpu|wasm))$/.test(one)))
      assert.ok(told?.hint?.split(' ').includes(name), name);
    assert.is(missingPackage(thrown('lodash')), undefined);
    assert.is(missingPackage(new Error('Cannot find package')), undefined);
  },
);

/** Where none of them is installed: Node is told so, worker processes too. */
const HOOKS = `
export async function resolve(specifier, context, next) {
  if (!${JSON.stringify(optional)}.some((name) => specifier === name || specifier.startsWith(name + '/')))
    return next(specifier, context);
  throw Object.assign(new Error("Cannot find package '" + specifier + "'"), { code: 'ERR_MODULE_NOT_FOUND' });
}`;
const asUrl = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`;
const REGISTER = asUrl(`import { register } from 'node:module'; register(${JSON.stringify(asUrl(HOOKS))});`);

const folder = scratch({
  'focal.loss': 'loss mine(target: real, prediction: real) = (target - prediction)^2\n',
});
const without = (...args: readonly string[]) =>
  lossc(args, {
    cwd: folder,
    env: { NODE_OPTIONS: `--import ${REGISTER}` },
  });

for (const args of [
  ['check', 'focal.loss'],
  ['explain', 'focal.loss'],
  ['compile', 'focal.loss', '--target', 'pytorch'],
  ['eval', 'std/mse', '--input', 'target=[1]', '--input', 'prediction=[2]'],
  ['evolve', '--help'],
  ['doctor'],
])
  packages(`lossc ${args.join(' ')} does without them`, async () => {
    const { code, stderr } = await without(...args);
    assert.is(code, 0, stderr);
  });

const INSTALL =
  'npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-cpu @tensorflow/tfjs-backend-wasm';

for (const [what, args] of [
  ['training', ['train', 'focal.loss', '--dataset', 'friedman', '--steps', '1']],
  ['training', ['compare', 'std/mse', 'focal.loss', '--dataset', 'friedman', '--steps', '1', '--out', 'out']],
  ['training', ['evolve', 'std/gce', '--dataset', 'digits', '--generations', '1', '--out', 'out']],
  ['an audit', ['audit', 'focal.loss']],
] as const)
  packages(`lossc ${args.join(' ')} says what to install, and writes nothing`, async () => {
    const { code, stderr } = await without(...args);
    assert.is(code, 1, stderr);
    assert.is(stderr, `error: ${what} needs TensorFlow.js, which is not installed\n  = hint: ${INSTALL}\n`);
    assert.not.ok(existsSync(join(folder, 'out')));
  });

packages.run();
