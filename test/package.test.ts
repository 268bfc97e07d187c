/** The package as somebody installs it: packed, installed in an empty project, imported, required, called, type-checked. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOT, scratch } from './helpers/command-line.js';

const npm = (args: readonly string[], cwd: string) =>
  spawnSync('npm', args, { cwd, encoding: 'utf8', env: { ...process.env, npm_config_loglevel: 'error' } });

const built = existsSync(join(ROOT, 'dist/src/index.js'));
const project = scratch({
  'package.json': '{ "name": "stranger", "private": true }',
  'focal.loss': 'loss mine(target: real, prediction: real) = (target - prediction)^2\n',
});

/** Why the package cannot be installed here, or undefined where it was. Nothing is built: other tests use what is. */
function install(): string | undefined {
  if (!built) return 'it is not built; run "npm run build" first';
  const packed = npm(['pack', '--ignore-scripts', '--pack-destination', project], ROOT);
  assert.is(packed.status, 0, packed.stderr);
  const file = readdirSync(project).find((name) => name.endsWith('.tgz'))!;
  const options = ['--prefer-offline', '--omit=optional', '--no-audit', '--no-fund'];
  const installed = npm(['install', ...options, `./${file}`], project);
  if (installed.status === 0) return undefined;
  const unreachable = /\b(?:ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH)\b/;
  assert.match(installed.stderr, unreachable);
  return 'the registry cannot be reached';
}

const missing = install();
if (missing !== undefined) console.log(`SKIPPED the installed package: ${missing}`);

const packages = suite('package');
const installed = missing === undefined ? packages : packages.skip;

/** Runs a file of the project. */
function run(name: string, text: string): string {
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

installed('import', () => {
  assert.is(run('imports.mjs', `import * as lossc from 'lossc';${USE}`), 'focal.js,focal.d.ts\n');
});

installed('require', () => {
  assert.is(run('requires.cjs', `const lossc = require('lossc');${USE}`), 'focal.js,focal.d.ts\n');
});

installed('the kernels of training', () => {
  const text = `import * as kernels from 'lossc/wasm-training';\nconsole.log(Object.keys(kernels).length > 0);`;
  assert.is(run('kernels.mjs', text), 'true\n');
});

installed('the command', () => {
  const { status, stdout, stderr } = npm(['exec', '--', 'lossc', 'check', 'focal.loss'], project);
  assert.is(status, 0, stderr);
  assert.match(stdout, '1 file checked: no mistakes');
});

installed('the types, in the strictest settings', () => {
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
    `import { arrayOf, type CompiledLoss, compileLoss, evaluateLoss, loadProgram, lossesOf, type Target } from 'lossc';
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

packages('nothing is packed that nobody needs, and nothing is missing', () => {
  const { stdout } = npm(['pack', '--ignore-scripts', '--dry-run', '--json'], ROOT);
  const files = (JSON.parse(stdout)[0] as { files: { path: string }[] }).files.map(({ path }) => path);
  assert.equal(
    files.filter((path) => /^(?:test|examples|node_modules|\.ci)\//.test(path)),
    [],
  );
  for (const path of ['README.md', 'LICENSE', 'package.json', 'stdlib/focal.loss', 'grammar/REFERENCE.md']) {
    assert.ok(files.includes(path), path);
  }
});

packages.run();
