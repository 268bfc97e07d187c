import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../compiler/check/check.js';
import { loadProgram } from '../compiler/resolve/program.js';
import { runTests } from '../compiler/test-blocks/run-tests.js';
import { importResolver, stdlibNames } from '../src/stdlib.js';
import { lossc, ROOT, scratch } from './helpers/command-line.js';

const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'stdlib/README.md',
  'grammar/REFERENCE.md',
  'src/evaluator/PROTOCOL.md',
  'examples/pytorch/README.md',
  'examples/editors/README.md',
];
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1]!);

const documents = suite('documents');

documents('every loss in the README checks, and its tests pass', () => {
  const examples = blocks(read('README.md'), 'loss');
  assert.ok(examples.length >= 2);
  for (const text of examples) {
    const program = loadProgram({ name: 'README.md', text }, importResolver('-'));
    assert.equal(checkProgram(program), [], text);
    for (const outcome of runTests(program)) assert.equal(outcome.failures, []);
  }
});

documents('the commands of the README work on its first loss', async () => {
  const [loss] = blocks(read('README.md'), 'loss');
  const folder = scratch({ 'focal.loss': loss! });
  const lines = blocks(read('README.md'), 'sh')
    .flatMap((block) => block.split('\n'))
    .filter((line) => line.startsWith('lossc ') && line.includes('focal.loss'));
  assert.ok(lines.length >= 6, lines.join('\n'));
  for (const line of lines) {
    const args = line.replace(/#.*/, '').trim().split(/\s+/).slice(1);
    const short = args[0] === 'train' ? args.map((arg, i) => (args[i - 1] === '--steps' ? '20' : arg)) : args;
    const { code, stderr } = await lossc(short, { cwd: folder });
    assert.is(code, 0, `${line}\n${stderr}`);
  }
  assert.ok(existsSync(join(folder, 'focal.ts')));
  assert.is(
    readFileSync(join(folder, 'focal.svg'), 'utf8'),
    read('examples/focal.svg'),
    'the picture of the README',
  );
});

documents('numbers that documents state about the repository are true', () => {
  assert.match(
    read('README.md'),
    `\`stdlib/\` holds ${stdlibNames().filter((name) => name !== 'math' && name !== 'boxes').length} losses`,
  );
});

documents('paths and links of the documents exist', () => {
  for (const name of DOCUMENTS) {
    for (const [, target] of read(name).matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      assert.ok(existsSync(join(ROOT, name, '..', target!)), `${name} links to ${target}`);
    }
    for (const [, path] of read(name).matchAll(
      /`((?:grammar|compiler|src|stdlib|examples|test)\/[\w./-]+)`/g,
    )) {
      if (path!.includes('NAME')) continue;
      assert.ok(existsSync(join(ROOT, path!)), `${name} names ${path}`);
    }
  }
});

documents('the README names the patents', () => {
  assert.match(read('README.md'), '12,026,624');
  assert.match(read('README.md'), '12,292,944');
});

documents.run();
