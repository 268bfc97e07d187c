/** The package as somebody installs it: packed, installed in an empty project, imported, required, called, type-checked. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOT, scratch } from './helpers/command-line.js';

const npm = (args: readonly string[], cwd: string) =>
  spawnSync('npm', args, { cwd, encoding: 'utf8', env: { ...process.env, npm_config_loglevel: 'error' } });

const built = existsSync(join(ROOT, 'dist/src/index.js'));
const isClone = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT }).status === 0;

/** What somebody gives to `npm install`, made in a folder; or why it cannot be made here. */
type Source = (folder: string) => { readonly specifier: string } | { readonly missing: string };

const SOURCES: Readonly<Record<string, Source>> = {
  // Built by `prepare`, in a clone that npm makes: what is committed, and nothing else.
  'from git': (folder) => {
    if (!isClone) return { missing: 'this is no clone' };
    const bare = join(folder, 'lossc.git');
    const { status, stderr } = spawnSync('git', ['clone', '-q', '--bare', ROOT, bare], { encoding: 'utf8' });
    assert.is(status, 0, stderr);
    return { specifier: `git+file://${bare}` };
  },
  // Nothing is built: other tests use what is.
  'from a tarball': (folder) => {
    if (!built) return { missing: 'it is not built; run "npm run build" first' };
    const packed = npm(['pack', '--ignore-scripts', '--pack-destination', folder], ROOT);
    assert.is(packed.status, 0, packed.stderr);
    return { specifier: `./${readdirSync(folder).find((name) => name.endsWith('.tgz'))!}` };
  },
};

const UNREACHABLE = /\b(?:ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|ENOTCACHED)\b/;

/** Why the package cannot be installed here, or undefined where it was. */
function install(source: Source, project: string): string | undefined {
  const made = source(project);
  if ('missing' in made) return made.missing;
  const options = ['--prefer-offline', '--omit=optional', '--no-audit', '--no-fund'];
  const { status, stderr } = npm(['install', ...options, made.specifier], project);
  if (status === 0) return undefined;
  assert.match(stderr, UNREACHABLE);
  return 'the registry cannot be reached';
}

const packages = suite('package');

/** Runs a file of the project. */
function run(project: string, name: string, text: string): string {
  writeFileSync(join(project, name), text);
  const { status, stdout, stderr } = spawnSync(process.execPath, [name], { cwd: project, encoding: 'utf8' });
  assert.is(status, 0, stderr);
  assert.is(stderr, '');
  return stdout;
}

const USE = `
const program = lossc.loadProgram(lossc.readLossFile('std/focal'), lossc.importResolver('.'));
const loss = lossc.compileLoss(program, lossc.lossesOf(program)[0]);
lossc.emitTarget('js', loss, { version: '1', file: 'focal.loss' })
  .then((files) => console.log(files.map((file) => file.fileName).join()));
`;

for (const [how, source] of Object.entries(SOURCES)) {
  const project = scratch({
    'package.json': '{ "name": "stranger", "private": true }',
    'focal.loss': 'loss mine(target: real, prediction: real) = (target - prediction)^2\n',
  });
  const missing = install(source, project);
  if (missing !== undefined) console.log(`SKIPPED the package installed ${how}: ${missing}`);
  const installed = missing === undefined ? packages : packages.skip;

  installed(`${how}: import`, () => {
    assert.is(run(project, 'imports.mjs', `import * as lossc from 'lossc';${USE}`), 'focal.js,focal.d.ts\n');
  });

  installed(`${how}: require`, () => {
    assert.is(run(project, 'requires.cjs', `const lossc = require('lossc');${USE}`), 'focal.js,focal.d.ts\n');
  });

  installed(`${how}: the command`, () => {
    const { status, stdout, stderr } = spawnSync('node_modules/.bin/lossc', ['check', 'focal.loss'], {
      cwd: project,
      encoding: 'utf8',
    });
    assert.is(status, 0, stderr);
    assert.match(stdout, '1 file checked: no mistakes');
  });

  installed(`${how}: it is small, and nothing is there that only training needs`, () => {
    const modules = join(project, 'node_modules');
    for (const name of ['@tensorflow', 'webgpu', 'onnxruntime-node', 'bullmq', 'ioredis'])
      assert.not.ok(existsSync(join(modules, name)), name);
    const bytes = readdirSync(modules, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
    assert.ok(bytes < 60e6, `${bytes} bytes`);
  });

  installed(`${how}: the types, in the strictest settings`, () => {
    const compilerOptions = {
      module: 'NodeNext',
      target: 'ES2022',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      types: [],
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.mts'] }));
    writeFileSync(
      join(project, 'typed.mts'),
      `export { runSearch } from 'lossc/evolve';
     import { arrayOf, type CompiledLoss, compileLoss, evaluateLoss, loadProgram, lossesOf, type Target } from 'lossc';
     const program = loadProgram({ name: 'a.loss', text: '' });
     const [declaration] = lossesOf(program);
     export const loss: CompiledLoss | undefined = declaration && compileLoss(program, declaration, { guards: 'clamp' });
     export const value = loss && evaluateLoss(loss, new Map([['target', arrayOf([1])]])).value;
     // @ts-expect-error a target that there is not
     export const target: Target = 'torch';
    `,
    );
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc], { cwd: project, encoding: 'utf8' });
    assert.is(status, 0, stdout);
  });

  // The last: TensorFlow.js comes from the checkout, as if it had been installed.
  installed(`${how}: with TensorFlow.js it trains, and has the kernels of training`, () => {
    symlinkSync(
      join(ROOT, 'node_modules/@tensorflow'),
      join(project, 'node_modules/@tensorflow'),
      'junction',
    );
    const text = `import * as kernels from 'lossc/wasm-training';\nconsole.log(Object.keys(kernels).length > 0);`;
    assert.is(run(project, 'kernels.mjs', text), 'true\n');
    const { status, stderr } = spawnSync(
      'node_modules/.bin/lossc',
      ['train', 'focal.loss', '--dataset', 'friedman', '--steps', '2'],
      { cwd: project, encoding: 'utf8' },
    );
    assert.is(status, 0, stderr);
  });
}

packages('nothing is packed that nobody needs, and nothing is missing', () => {
  const { stdout } = npm(['pack', '--ignore-scripts', '--dry-run', '--json'], ROOT);
  const files = (JSON.parse(stdout)[0] as { files: { path: string }[] }).files.map(({ path }) => path);
  // `lossc init task` writes what is in examples/regression; the README and its pages speak of the losses.
  assert.equal(
    files.filter((path) =>
      /^(?:test|examples(?!\/regression|.*\.(?:md|loss)$)|node_modules|\.ci)\//.test(path),
    ),
    [],
  );
  assert.ok(files.includes('examples/regression/data.mjs'));
  assert.ok(files.includes('examples/noisy-labels.loss'));
  for (const path of ['README.md', 'LICENSE', 'package.json', 'stdlib/focal.loss', 'grammar/REFERENCE.md']) {
    assert.ok(files.includes(path), path);
  }
});

packages.run();
