import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { COMMANDS } from '../../src/commands/all.js';
import { call, commandOf } from '../helpers/in-process.js';
import { CASES, FILES } from './option-cases.js';

/** Every public option of every command, once where it applies and once where it does not. */
const options = suite('options');
const root = mkdtempSync(join(tmpdir(), 'lossc-options-'));
const home = process.cwd();

options.before(() => {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(root, name), text);
  mkdirSync(join(root, 'idx'));
  process.chdir(root);
});
options.after(() => {
  process.chdir(home);
  rmSync(root, { recursive: true });
});

const words = (line: string): string[] => line.split(/\s+/).filter((word) => word !== '');
const flagsIn = (line: string): string[] => words(line).filter((word) => word.startsWith('--'));

/** Long names of the options of a command, those that are only there to be refused included. */
async function optionsOf(name: string): Promise<{ readonly shown: string[]; readonly all: string[] }> {
  const command = await commandOf(name);
  const known = [command, ...command.commands].flatMap((one) => one.options);
  const long = (all: typeof known): string[] => all.map((option) => option.long!).sort();
  return { shown: long(known.filter(({ hidden }) => !hidden)), all: long(known) };
}

options('every command has its cases', () => {
  assert.equal(
    Object.keys(CASES),
    COMMANDS.map(({ name }) => name),
  );
});

for (const [name, { works, looksIn = [], endless = [], refused }] of Object.entries(CASES)) {
  options(`lossc ${name}: the cases name every option`, async () => {
    const { shown, all } = await optionsOf(name);
    assert.equal([...new Set([...[...works, ...looksIn].flatMap(flagsIn), ...endless])].sort(), shown);
    assert.equal(Object.keys(refused).sort(), all);
  });

  for (const line of works) {
    options(`lossc ${name} ${line}: works`, async () => {
      const { code, stdout, stderr } = await call(name, words(line));
      assert.is(code, 0, stderr);
      if (words(line).includes('--json')) JSON.parse(stdout);
    });
  }

  for (const line of looksIn) {
    options(`lossc ${name} ${line}: looks where it is told to`, async () => {
      const { code, stderr } = await call(name, words(line));
      assert.is(code, 1);
      assert.match(stderr, /^error: .*\bidx\b/);
    });
  }

  for (const [flag, line] of Object.entries(refused)) {
    options(`lossc ${name} ${line}: refused because of ${flag}`, async () => {
      const before = readdirSync(root, { recursive: true }).sort();
      const isJson = flag !== '--json' && Object.hasOwn(refused, '--json');
      const { code, stdout, stderr } = await call(name, [...(isJson ? ['--json'] : []), ...words(line)]);
      assert.ok(code === 1 || code === 2, `exit ${code}: ${stdout}`);
      // Who asks for JSON gets JSON, of a failure too, and what people read beside it.
      if (isJson) assert.type(JSON.parse(stdout), 'object');
      // What is about a value names the value.
      const value = words(line).at(-1)!.replace(/=.*/, '');
      assert.ok(stderr.includes(flag) || stderr.includes(value), stderr);
      assert.is(stderr.match(/^error/gm)?.length, 1, stderr);
      assert.not.match(stderr, /bug in lossc| {4}at /);
      assert.equal(readdirSync(root, { recursive: true }).sort(), before);
    });
  }
}

options('no command takes an option of another one that it does not have', async () => {
  const known = new Map<string, string[]>();
  for (const { name } of COMMANDS) known.set(name, (await optionsOf(name)).all);
  const every = new Set([...known.values()].flat());
  for (const [name, own] of known) {
    for (const flag of every) {
      if (own.includes(flag)) continue;
      const { code, stderr } = await call(name, name === 'data' ? ['fetch', flag] : [flag]);
      assert.is(code, 2, `lossc ${name} ${flag}`);
      assert.match(stderr, `unknown option '${flag}'`);
    }
  }
});

options.run();
