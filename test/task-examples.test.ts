/** `examples/regression/` and `examples/images/`: every command in them runs, here with fewer steps, and the modules are what their types say. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOT } from './helpers/command-line.js';
import { call } from './helpers/in-process.js';

const examples = suite('examples of tasks');
const root = mkdtempSync(join(tmpdir(), 'lossc-tasks-'));
examples.after(() => rmSync(root, { recursive: true }));

/** Given once more, an option has its last value. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  train: ['--steps', '5'],
  compare: ['--steps', '5', '--seeds', '2'],
  evolve: [
    ...[
      '--steps',
      '5',
      '--generations',
      '1',
      '--population',
      '4',
      '--tune-evaluations',
      '0',
      '--workers',
      '1',
    ],
    ...['--final-seeds', '2', '--final-steps', '5', '--seed', '3'],
  ],
  report: [],
};

for (const folder of ['regression', 'images']) {
  const text = readFileSync(join(ROOT, 'examples', folder, 'README.md'), 'utf8');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map((found) => found[1]!);
  const lines = blocks.flatMap((block) => block.trim().split('\n'));
  for (const line of lines)
    examples(`${folder}: ${line}`, async () => {
      const [program, name, ...args] = line.split(' ');
      assert.is(program, 'lossc');
      const own = args.map((arg) => (arg.startsWith('examples/') ? join(ROOT, arg) : arg));
      const grid = own.includes('--tune-lr') ? ['--grid', '0.1,0.3', '--tune-runs', '1'] : [];
      const { code, stdout, stderr } = await call(name!, [...own, ...SHORT[name!]!, ...grid], { cwd: root });
      assert.is(code, 0, stderr);
      if (name === 'evolve') {
        const metric = own[own.indexOf('--metric') + 1];
        const label = metric === 'f1' ? 'macro F1' : metric === 'mae' ? 'MAE' : 'RMSE';
        assert.match(stdout, new RegExp(`test ${label}`));
        assert.match(stdout, / is (?:no )?(?:better|worse) (?:than|by)|with too few trainings/);
      }
    });
}

examples('what init writes is checked by TypeScript against the types of the package', async () => {
  const folder = join(root, 'started');
  const { code, stderr } = await call('init', ['task', '--out', folder]);
  assert.is(code, 0, stderr);
  assert.ok(existsSync(join(folder, 'data.mjs')));
  const config = {
    compilerOptions: {
      ...{ allowJs: true, checkJs: true, noEmit: true, strict: true, skipLibCheck: true },
      ...{
        module: 'nodenext',
        target: 'es2023',
        types: ['node'],
        typeRoots: [join(ROOT, 'node_modules/@types')],
      },
      paths: { 'lossc/training': [join(ROOT, 'src/training.ts')] },
    },
    files: ['data.mjs', 'model.mjs'].flatMap((file) => [
      join(folder, file),
      join(ROOT, 'examples/images', file),
    ]),
  };
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.json')],
    { encoding: 'utf8' },
  );
  // Of the sources themselves another configuration is the judge.
  assert.equal(
    stdout.split('\n').filter((line) => /(?:data|model)\.mjs/.test(line)),
    [],
  );
});

examples.run();
