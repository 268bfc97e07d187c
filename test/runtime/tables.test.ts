import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { splitDataset } from '../../src/runtime/data/dataset.js';
import { drawTable } from '../../src/runtime/data/drawn-tables.js';
import { loadDataset, taskOfDataset } from '../../src/runtime/data/load-dataset.js';
import { readTable } from '../../src/runtime/data/table.js';
import { spreadOf } from '../../src/runtime/data/target-units.js';
import { valueOfNothing } from '../../src/runtime/evaluate.js';

const drawn = suite('tables that are drawn');

drawn('friedman is Friedman #1 with noise of deviation 1, the same each time', () => {
  const { train, test, task, outputs } = drawTable('friedman', { train: 2000, test: 500 });
  assert.equal([task, outputs, train.count, test.count], ['regression', 1, 2000, 500]);
  assert.equal(drawTable('friedman', { train: 2000, test: 500 }).train, train);
  const errors = Array.from({ length: train.count }, (_, i) => {
    const x = train.pixels.subarray(10 * i, 10 * i + 10);
    const mean = 10 * Math.sin(Math.PI * x[0]! * x[1]!) + 20 * (x[2]! - 0.5) ** 2 + 10 * x[3]! + 5 * x[4]!;
    return train.labels[i]! - mean;
  });
  const mean = errors.reduce((a, b) => a + b, 0) / errors.length;
  const variance = errors.reduce((a, b) => a + b * b, 0) / errors.length;
  assert.ok(Math.abs(mean) < 4 / Math.sqrt(2000), String(mean));
  assert.ok(Math.abs(variance - 1) < 4 * Math.sqrt(2 / 2000), String(variance));
});

drawn('the hand of the arm is no farther than its arms are long', () => {
  const { train, outputs } = drawTable('arm', { train: 500, test: 10 });
  assert.is(outputs, 2);
  for (let i = 0; i < train.count; i++) {
    const reach = train.pixels[4 * i + 2]! + train.pixels[4 * i + 3]!;
    assert.ok(Math.hypot(train.labels[2 * i]!, train.labels[2 * i + 1]!) < reach + 0.3);
  }
});

drawn('documents have at least one topic, and words by the dozen', () => {
  const { train, outputs, task } = drawTable('documents', { train: 500, test: 10 });
  assert.is(task, 'multi-label');
  let words = 0;
  for (let i = 0; i < train.count; i++) {
    const labels = [...train.labels.subarray(outputs * i, outputs * (i + 1))];
    assert.ok(labels.every((label) => label === 0 || label === 1) && labels.includes(1));
    words += [...train.pixels.subarray(20 * i, 20 * (i + 1))].reduce((a, b) => a + b, 0);
  }
  assert.ok(Math.abs(words / 500 - 50) < 4 * Math.sqrt(50 / 500), String(words / 500));
});

const noise = suite('wrong labels of a regression and of labels');

noise('about so many training targets are far off, and validation and test stay as they are', () => {
  const dataset = drawTable('friedman', { train: 2000, test: 100 });
  const [clean, noisy] = [0, 0.2].map((labelNoise) => splitDataset(dataset, '1', { labelNoise }));
  assert.equal(noisy!.search.validation, clean!.search.validation);
  assert.equal(noisy!.test.test, clean!.test.test);
  const { spread } = spreadOf(clean!.search.train, 0, 1);
  const moved = [...noisy!.search.train.labels].map((value, i) => value - clean!.search.train.labels[i]!);
  const hit = moved.filter((error) => error !== 0);
  const count = moved.length;
  assert.ok(Math.abs(hit.length / count - 0.2) < 4 * Math.sqrt((0.2 * 0.8) / count), String(hit.length));
  const size = Math.sqrt(hit.reduce((sum, error) => sum + error * error, 0) / hit.length);
  assert.ok(Math.abs(size / (3 * spread) - 1) < 0.25, String(size / spread));
});

noise('outliers hardly change the units of the targets', () => {
  const dataset = drawTable('friedman', { train: 2000, test: 100 });
  const [clean, noisy] = [0, 0.2].map(
    (labelNoise) => splitDataset(dataset, '1', { labelNoise }).search.units!,
  );
  assert.ok(Math.abs(noisy!.scale[0]! / clean!.scale[0]! - 1) < 0.25);
});

noise('labels are turned round one by one', () => {
  const dataset = drawTable('documents', { train: 1000, test: 10 });
  const [clean, noisy] = [0, 0.1].map(
    (labelNoise) => splitDataset(dataset, '1', { labelNoise }).search.train.labels,
  );
  const moved = [...noisy!].filter((label, i) => label !== clean![i]).length / clean!.length;
  assert.ok(Math.abs(moved - 0.1) < 4 * Math.sqrt(0.09 / clean!.length), String(moved));
  assert.ok([...noisy!].every((label) => label === 0 || label === 1));
});

noise('who knows nothing answers with the median', () => {
  const { search } = splitDataset(drawTable('arm', { train: 300, test: 10 }), '1');
  const { train, validation } = search;
  const medians = [0, 1].map((k) => spreadOf(train, k, 2).median);
  const expected =
    [0, 1].reduce((sum, k) => {
      const own = [...validation.labels].filter((_, i) => i % 2 === k);
      return sum + Math.sqrt(own.reduce((all, y) => all + (y - medians[k]!) ** 2, 0) / own.length);
    }, 0) / 2;
  assert.ok(Math.abs(valueOfNothing(validation, search, 'rmse') - expected) < 1e-5);
});

const tables = suite('a table of one’s own');
const root = mkdtempSync(join(tmpdir(), 'lossc-tables-'));
tables.after(() => rmSync(root, { recursive: true }));

let files = 0;
function write(text: string): string {
  const path = join(root, `${++files}.csv`);
  writeFileSync(path, text);
  return path;
}
const rows = (count: number, row: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => row(i)).join('\n');

tables('the last column is the target, of numbers', async () => {
  const path = write(`a,"b ""quoted""",y\r\n${rows(20, (i) => `${i},${-i},${2 * i}`)}\r\n\r\n`);
  const { task, outputs, inputShape, train, test } = await loadDataset(path);
  assert.equal([task, outputs, inputShape, train.count, test.count], ['regression', 1, [2], 16, 4]);
  for (const part of [train, test])
    for (let i = 0; i < part.count; i++) {
      assert.is(part.labels[i], 2 * part.pixels[2 * i]!);
      assert.is(part.pixels[2 * i + 1], -part.pixels[2 * i]!);
    }
});

tables('words are classes, in the order of the alphabet; several columns of 0 and 1 are labels', async () => {
  const words = write(`kind,x\n${rows(12, (i) => `${['pear', 'apple', '"a, b"'][i % 3]},${i}`)}`);
  const classes = readTable(words, { predict: ['kind'] });
  assert.equal([classes.task, classes.outputs], ['classification', 3]);
  for (let i = 0; i < classes.train.count; i++)
    assert.is(classes.train.labels[i], [2, 1, 0][classes.train.pixels[i]! % 3]);
  const labels = write(`x,p,q\n${rows(12, (i) => `${i},${i % 2},1`)}`);
  assert.is(await taskOfDataset(labels, { predict: ['p', 'q'] }), 'multi-label');
  assert.is(readTable(labels, { predict: ['p', 'q'], learn: 'regression' }).outputs, 2);
  assert.is(readTable(labels, { predict: ['p'], learn: 'classification' }).outputs, 2);
});

const WRONG: readonly (readonly [text: string, options: object, sentence: RegExp])[] = [
  ['', {}, /\d\.csv is empty$/],
  [`1,2\n${rows(12, (i) => `${i},1`)}`, {}, /begins with numbers/],
  [`x,y\n${rows(12, (i) => `${i},1`)}\n3`, {}, /line 14: it has 1 cells, and the first line has 2/],
  [`x,y\n1,2\n`, {}, /has 1 rows, and 10 are needed/],
  [
    `x,y\n${rows(12, (i) => `${i === 5 ? 'six' : i},1`)}`,
    {},
    /line 7: "six" in the column "x" is not a number/,
  ],
  [`x,y\n${rows(12, (i) => `${i === 5 ? '' : i},1`)}`, {}, /line 7: "" in the column "x" is not a number/],
  [`x,y\n${rows(12, (i) => `${i},1`)}`, { predict: ['z'] }, /has no column "z"/],
  [`x,y\n${rows(12, (i) => `${i},1`)}`, { predict: ['x', 'y'] }, /no column other than those to learn/],
  [`x,x\n${rows(12, (i) => `${i},1`)}`, {}, /two columns "x"/],
  [`x,y\n${rows(12, (i) => `${i},"1`)}`, {}, /a quote is not closed/],
  [`x,y\n${rows(12, (i) => `${i},only`)}`, {}, /the column "y" has only one value/],
  [
    `x,p,q\n${rows(12, (i) => `${i},${i % 3},1`)}`,
    { predict: ['p', 'q'], learn: 'multi-label' },
    /line 4: the label 2 is neither 0 nor 1/,
  ],
  [
    `x,p,q\n${rows(12, (i) => `${i},a,b`)}`,
    { predict: ['p', 'q'] },
    /a class is one column, and "p", "q" are several/,
  ],
];
for (const [text, options, sentence] of WRONG)
  tables(`refused: ${sentence.source}`, () => {
    assert.throws(() => readTable(write(text), options), sentence);
  });

drawn.run();
noise.run();
tables.run();
