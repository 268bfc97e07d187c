import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOT, scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';

/** `npm run build` makes one file of the check command; it has to end as the sources do. */
const check = suite('the built check command');
const cli = join(ROOT, 'dist/src/cli.js');
const built = existsSync(cli);
if (!built) console.log('SKIPPED the built check command: run "npm run build" first');

const folder = scratch({
  'good.loss': 'loss l2(target: real, prediction: real) = (prediction - target)^2\n',
  'bad.loss': 'loss l2(target: real, prediction: real) = (prd - target)^2 + nothing(prediction)\n',
  'import.loss':
    'import { focal } from "std/focal"\nloss f(target: onehot[class], prediction: probability[class]) = focal(target, prediction)\n',
});

const CALLS: readonly (readonly string[])[] = [
  ['good.loss'],
  ['import.loss', 'std/dice'],
  ['bad.loss'],
  ['--json', 'bad.loss'],
  ['nowhere.loss'],
  ['--nothing'],
];

const codesOf = ({ stdout, stderr }: { stdout: string; stderr: string }): readonly string[] =>
  (stdout + stderr).match(/L\d{3}|internal error|This is a bug in lossc|^error:/gm) ?? [];

for (const args of CALLS)
  (built ? check : check.skip)(`check ${args.join(' ')}`, async () => {
    const options = { cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } } as const;
    const found = spawnSync(process.execPath, [cli, 'check', ...args], options);
    const expected = await call('check', args, { cwd: folder });
    // The words may have changed since the build; how it ends and what it finds may not.
    assert.is(found.status, expected.code);
    assert.equal(codesOf(found), codesOf(expected));
  });

(built ? check : check.skip)('calls no mistake of a user one of its own', () => {
  for (const args of CALLS) {
    const { stderr } = spawnSync(process.execPath, [cli, 'check', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.not.match(stderr, /bug in lossc|internal error/, args.join(' '));
  }
});

(built ? check : check.skip)(
  'is one file: it loads nothing of ours that the program has not loaded before',
  () => {
    const dist = join(ROOT, 'dist');
    const importsOf = (file: string): string[] =>
      [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?from ["'](\.[^"']*)["'];$/gm)].map(
        ([, path]) => join(dirname(file), path!),
      );
    const loaded = new Set([join(dist, 'src/cli.js')]);
    for (const file of loaded) for (const next of importsOf(file)) loaded.add(next);
    const added = importsOf(join(dist, 'src/commands/check.js')).filter((file) => !loaded.has(file));
    assert.equal(added, []);
  },
);

check.run();
