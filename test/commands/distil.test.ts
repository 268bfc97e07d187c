import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRandom } from '../../src/random.js';
import { lossc, scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';

const random = createRandom('distil command');
const errors = Array.from({ length: 60 }, () => [2 * random.normal(), 2 * random.normal()] as const);
const csv = (head: string, row: (target: number, prediction: number) => readonly number[]): string =>
  `${head}\n${errors.map(([t, p]) => row(t, p).join(',')).join('\n')}\n`;
const GRADIENTS = csv('target,prediction,gradient', (t, p) => [t, p, 3 * (p - t)]);

const folder = scratch({
  'samples.csv': GRADIENTS,
  'values.json': JSON.stringify(
    errors.map(([target, prediction]) => ({ target, prediction, value: Math.abs(prediction - target) })),
  ),
  'lists.json': JSON.stringify({ target: [1, 2], prediction: [1] }),
  'word.csv': GRADIENTS.replace(/\n[^\n]*\n/, '\n0.5,much,1\n'),
  'empty-cell.csv': GRADIENTS.replace(/\n[^\n]*\n/, '\n0.5,,1\n'),
  'few.csv': GRADIENTS.split('\n').slice(0, 6).join('\n'),
  'extra.csv': csv('target,prediction,weight,gradient', (t, p) => [t, p, 1, p - t]),
  'unmeasured.csv': csv('target,prediction', (t, p) => [t, p]),
  'twice.csv': csv('target,prediction,value,gradient', (t, p) => [t, p, 1, 1]),
  'unnamed.csv': csv('x,gradient', (t) => [t, 1]),
  'broken.json': '[{"target": 1,\n "prediction": }]',
  'missing.json': '[{"target": 1, "prediction": 0.5, "value": 1}, {"target": 1, "prediction": 0.5}]',
  'empty.csv': '',
  'empty.json': ' ',
  'header.csv': 'target,prediction,gradient\n',
  'not-a-number.csv': GRADIENTS.replace(/\n[^\n]*\n/, '\n0.5,NaN,1\n'),
  'uneven.csv': GRADIENTS.replace(/\n[^\n]*\n/, '\n0.5,1\n'),
  'twins.csv': csv('target,prediction,target', (t, p) => [t, p, t]),
  'semicolons.csv': GRADIENTS.replaceAll(',', ';'),
  'many.csv': `target,prediction,value\n${'1,0.5,2\n'.repeat(10_001)}`,
  'word.json': '"samples"',
  'rows.json': '{"rows": [{"target": 1}]}',
  'lists-of-rows.json': '[[1, 0.5, 2]]',
  'none.json': '[]',
  'mine.loss': `sketch mine(label: real, guess: real) = square(?)
  with operators + - * leaves label, guess, real
`,
});
const distil = (...args: string[]) => call('distil', args, { cwd: folder });

const command = suite('lossc distil');

command('as a process: the formula, its name, and a file that other commands read', async () => {
  const args = ['distil', 'samples.csv', '--evaluations', '40', '--out', 'found.loss'];
  const { code, stdout, stderr } = await lossc(args, { cwd: folder });
  assert.is(code, 0, stderr);
  assert.match(stdout, /^size +error +formula\n/);
  assert.match(stdout, /^std\/mse, times 1\.50 fits as well\n/m);
  const text = readFileSync(join(folder, 'found.loss'), 'utf8');
  assert.match(text, /^loss distilled\(target: real, prediction: real\) =/m);
  assert.is((await call('check', ['found.loss'], { cwd: folder })).code, 0);
  const { stdout: value } = await call(
    'eval',
    ['found.loss', '--input', 'target=[1]', '--input', 'prediction=[3]'],
    { cwd: folder },
  );
  assert.match(value, /^distilled = 6\n/);
});

command('values in JSON, the answer as JSON', async () => {
  const { code, stdout, stderr } = await distil(
    ...['values.json', '--evaluations', '60', '--seed', '2', '--out', 'absolute.loss', '--json'],
  );
  assert.is(code, 0, stderr);
  const { file, pick, standard, front } = JSON.parse(stdout);
  assert.is(file, 'absolute.loss');
  assert.match(pick.formula, /abs\(/);
  assert.ok(front.length > 0);
  assert.ok(standard.some(({ name }: { name: string }) => name === 'std/mae'));
});

command('a file that is there stays', async () => {
  const { code, stderr } = await distil('samples.csv', '--out', 'mine.loss');
  assert.is(code, 2);
  assert.match(stderr, /mine\.loss exists already\n.*--force/);
});

command('a folder is no place for a formula', async () => {
  const { code, stderr } = await distil('samples.csv', '--force', '--out', '.');
  assert.is(code, 2);
  assert.match(stderr, /--out: \. is a folder\n.*hint: give the name of a \.loss file/);
});

/** Arguments, and what is said of them. */
const WRONG: readonly (readonly [args: string, said: RegExp])[] = [
  ['nothing.csv', /cannot read nothing\.csv: there is no such file/],
  ['word.csv', /word\.csv, line 2, column "prediction": "much" is no number\n.*hint: /],
  ['empty-cell.csv', /empty-cell\.csv, line 2, column "prediction": the cell is empty\n.*hint: /],
  ['few.csv', /few\.csv has 5 rows, and 20 are needed\n.*hint: /],
  [
    'extra.csv',
    /extra\.csv has a column "weight", and distilled has no such input\n.*hint: .*target, prediction/,
  ],
  ['unmeasured.csv', /unmeasured\.csv has no column "value" or "gradient"\n.*hint: /],
  ['twice.csv', /twice\.csv has "value" and "gradient"/],
  ['unnamed.csv', /unnamed\.csv has no column "target"; it has x, gradient\n.*--sketch/],
  ['broken.json', /broken\.json, line 2: it is not JSON\n.*hint: /],
  ['missing.json', /missing\.json, row 2, "value" is missing\n.*hint: /],
  ['lists.json', /"prediction" has 1 numbers, and "target" has 2\n.*hint: /],
  ['empty.csv', /empty\.csv is empty\n.*hint: /],
  ['empty.json', /empty\.json is empty\n.*hint: /],
  ['header.csv', /header\.csv has 0 rows, and 20 are needed\n.*hint: /],
  ['not-a-number.csv', /not-a-number\.csv, line 2, column "prediction": "NaN" is no number\n.*hint: /],
  ['uneven.csv', /uneven\.csv, line 2: it has 2 cells, and the first line has 3\n.*hint: /],
  ['twins.csv', /twins\.csv has two columns "target"\n.*hint: /],
  ['semicolons.csv', /semicolons\.csv has a semicolon between its columns\n.*hint: write commas/],
  ['many.csv', /many\.csv has 10001 rows, and at most 10000 are read\n.*hint: .*at random/],
  ['word.json', /word\.json holds a string\n.*hint: write a list of rows/],
  ['rows.json', /rows\.json, "rows", entry 1 is an object\n.*hint: write a list of rows/],
  ['lists-of-rows.json', /lists-of-rows\.json, row 1 has no names of columns\n.*hint: /],
  ['none.json', /none\.json has no rows\n.*hint: /],
  ['samples.csv --sketch mine.loss', /samples\.csv has no column "label", which is an input of mine/],
  ['samples.csv --sketch mine.loss:other', /mine\.loss has no sketch called other/],
];
for (const [args, said] of WRONG)
  command(`${args} is refused with a sentence and a cure`, async () => {
    const { code, stderr } = await distil(...args.split(' '), '--out', 'never.loss');
    assert.ok(code === 1 || code === 2, String(code));
    assert.match(stderr, said);
    assert.not.ok(existsSync(join(folder, 'never.loss')));
  });

command.run();
