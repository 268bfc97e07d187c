import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TARGETS } from '../../compiler/emit/targets.js';
import { COMMANDS } from '../../src/commands/all.js';
import { scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';

/** The scripts, in the shells that are there. */
const completion = suite('lossc completion');

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

/** What a shell prints. */
const printed = (shell: string, args: readonly string[]): string =>
  execFileSync(shell, args, { cwd: folder, encoding: 'utf8' });

const folder = scratch({ 'mine.loss': '', 'notes.txt': '' });
async function script(shell: string): Promise<string> {
  const path = join(folder, `lossc.${shell}`);
  writeFileSync(path, (await call('completion', [shell])).stdout);
  return path;
}

/** What bash offers for the last word. */
async function bashOffers(...line: readonly string[]): Promise<readonly string[]> {
  const program = `compopt() { :; }
source ${await script('bash')}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lossc; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const text = printed('bash', ['--norc', '-c', program, 'bash', ...line]);
  return text.split('\n').filter((word) => word !== '');
}

if (has('bash')) {
  completion('bash offers commands, options, values, files and standard losses', async () => {
    const names = COMMANDS.map(({ name }) => name);
    assert.equal([...(await bashOffers('lossc', ''))].sort(), names.toSorted());
    assert.equal(await bashOffers('lossc', 'chec'), ['check']);
    assert.equal(await bashOffers('lossc', 'check', '--fo'), ['--format']);
    assert.equal(await bashOffers('lossc', 'compile', '--target', ''), [...TARGETS]);
    assert.equal(await bashOffers('lossc', 'explain', 'std/focal_'), ['std/focal_tversky']);
    assert.equal(await bashOffers('lossc', 'check', 'm'), ['mine.loss']);
  });
} else console.log('SKIPPED completion in bash: it is not installed');

if (has('fish')) {
  completion('fish offers commands, options and values', async () => {
    const path = await script('fish');
    const offers = (line: string): readonly string[] =>
      printed('fish', ['--no-config', '-c', `source ${path}; complete -C '${line}'`])
        .split('\n')
        .map((text) => text.split('\t')[0]!)
        .filter((word) => word !== '');
    assert.equal(offers('lossc chec'), ['check']);
    assert.equal(offers('lossc check --form'), ['--format']);
    assert.equal(offers('lossc check --format s'), ['sarif']);
  });
} else console.log('SKIPPED completion in fish: it is not installed');

if (has('zsh')) {
  completion('zsh reads its script', async () => {
    const path = await script('zsh');
    const program = `autoload -U compinit; compinit -D -u; source ${path}; print $+functions[_lossc] $_comps[lossc]`;
    assert.is(printed('zsh', ['-f', '-c', program]).trim(), '1 _lossc');
  });
} else console.log('SKIPPED completion in zsh: it is not installed');

completion('another shell is refused', async () => {
  const { code, stderr } = await call('completion', ['tcsh']);
  assert.is(code, 2);
  assert.match(stderr, 'no completion for the shell "tcsh"');
});

completion.run();
