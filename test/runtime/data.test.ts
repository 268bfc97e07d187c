import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RunError } from '../../src/errors.js';
import { createRandom } from '../../src/random.js';
import { parseAugmentation } from '../../src/runtime/data/augment.js';
import { batchTensors, createSampler } from '../../src/runtime/data/batches.js';
import { readCifar10 } from '../../src/runtime/data/cifar10.js';
import { type Dataset, splitDataset } from '../../src/runtime/data/dataset.js';
import { drawDigits } from '../../src/runtime/data/digits.js';
import type { ExampleSet } from '../../src/runtime/data/examples.js';
import { fetchDataset } from '../../src/runtime/data/fetch.js';
import { headerOf, parseIdx } from '../../src/runtime/data/idx.js';
import { findDatasets, loadDataset } from '../../src/runtime/data/load-dataset.js';
import { type NormalisationKind, withNormalisation } from '../../src/runtime/data/normalise.js';
import { untar } from '../../src/runtime/data/tar.js';
import { classification } from '../../src/runtime/tasks/learning.js';
import { assertClose } from '../helpers/close.js';

tf.enableProdMode();
await tf.setBackend('cpu');
const folder = mkdtempSync(join(tmpdir(), 'lossc-data-'));

async function rejects(promise: Promise<unknown>, pattern: RegExp): Promise<void> {
  try {
    await promise;
  } catch (thrown) {
    assert.instance(thrown, RunError, String(thrown));
    assert.match((thrown as Error).message, pattern);
    return;
  }
  assert.unreachable(`no error like ${pattern}`);
}

const digits = suite('drawn digits');

digits('are the same for the same seed, with all classes, light on dark', () => {
  const [one, same, other] = [1, 1, 2].map((seed) => drawDigits({ train: 300, test: 50, seed }));
  assert.equal(one!.train.pixels, same!.train.pixels);
  assert.not.equal(one!.train.pixels, other!.train.pixels);
  assert.not.equal(one!.train.pixels.slice(0, 784 * 50), one!.test.pixels);
  assert.is(new Set(one!.train.labels).size, 10);
  const mean =
    Array.from(one!.train.pixels).reduce((sum, value) => sum + value, 0) / one!.train.pixels.length;
  assert.ok(mean > 15 && mean < 60, `mean grey ${mean}`);
});

digits('keep their drawing: a checksum of the first hundred', () => {
  const { train } = drawDigits({ train: 100, test: 1 });
  const labels = createHash('sha256').update(train.labels).digest('hex').slice(0, 16);
  // Only the labels: pixels depend on the last bit of the platform's trigonometric functions.
  assert.is(labels, '70ea0e2c8b287278');
});
digits.run();

const idx = suite('IDX files');

function idxFile(shape: readonly number[], values: Uint8Array): Buffer {
  return Buffer.concat([headerOf({ shape }), values]);
}

function writeIdxFolder(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(path, file), bytes);
  return path;
}

const SMALL = {
  'train-images-idx3-ubyte': idxFile(
    [24, 4, 3],
    Uint8Array.from({ length: 288 }, (_, i) => i % 251),
  ),
  'train-labels-idx1-ubyte': idxFile(
    [24],
    Uint8Array.from({ length: 24 }, (_, i) => i % 3),
  ),
  't10k-images-idx3-ubyte.gz': gzipSync(idxFile([6, 4, 3], new Uint8Array(72).fill(7))),
  't10k-labels-idx1-ubyte.gz': gzipSync(idxFile([6], Uint8Array.from([0, 1, 2, 0, 1, 2]))),
};

idx('a folder is read, gzipped or not', async () => {
  const path = writeIdxFolder('small', SMALL);
  const dataset = await loadDataset(path);
  assert.equal(dataset.inputShape, [4, 3, 1]);
  assert.is(dataset.outputs, 3);
  assert.is(dataset.train.count, 24);
  assert.is(dataset.train.pixels[253], 2);
  assert.equal([...dataset.test.labels], [0, 1, 2, 0, 1, 2]);
});

const whole = SMALL['train-images-idx3-ubyte'];
const BROKEN: readonly (readonly [string, string, Uint8Array | undefined, RegExp])[] = [
  ['missing', 'train-images-idx3-ubyte', undefined, /train-images-idx3-ubyte \(or .*\.gz\) does not exist/],
  ['truncated', 'train-images-idx3-ubyte', whole.subarray(0, 200), /is truncated: .*24 x 4 x 3.*184/],
  ['too long', 'train-images-idx3-ubyte', Buffer.concat([whole, whole]), /is too long/],
  ['cut in the header', 'train-images-idx3-ubyte', whole.subarray(0, 7), /ends within its header/],
  ['empty', 'train-images-idx3-ubyte', new Uint8Array(0), /does not begin with two zero bytes/],
  ['text', 'train-images-idx3-ubyte', Buffer.from('hello there'), /does not begin with two zero bytes/],
  ['floats', 'train-images-idx3-ubyte', Buffer.from([0, 0, 0x0d, 1, 0, 0, 0, 0]), /type 0xd/],
  [
    'cut gzip',
    't10k-images-idx3-ubyte.gz',
    SMALL['t10k-images-idx3-ubyte.gz'].subarray(0, 30),
    /decompressed/,
  ],
  [
    'gzip that unpacks to a thousand times what its header promises',
    't10k-images-idx3-ubyte.gz',
    gzipSync(idxFile([6, 4, 3], new Uint8Array(20_000_000))),
    /t10k-images-idx3-ubyte\.gz is too long: it unpacks to more than the 88 bytes that are expected/,
  ],
  [
    'gzip of which the header promises more than is ever read',
    't10k-images-idx3-ubyte.gz',
    gzipSync(idxFile([60000, 60000, 3], new Uint8Array(72))),
    /its header announces 60000 x 60000 x 3 bytes, and at most 2147483647 are allowed/,
  ],
  [
    'gzip cut in the header',
    't10k-images-idx3-ubyte.gz',
    gzipSync(idxFile([6, 4, 3], new Uint8Array(72)).subarray(0, 9)),
    /ends within its header/,
  ],
  ['wrong count', 'train-labels-idx1-ubyte', idxFile([23], new Uint8Array(23)), /23 labels for 24 images/],
];

for (const [name, file, bytes, pattern] of BROKEN) {
  idx(`${name}: one clear error`, async () => {
    const { [file]: _, ...rest } = SMALL as Readonly<Record<string, Uint8Array>>;
    const path = writeIdxFolder(`broken ${name}`, bytes === undefined ? rest : { ...rest, [file]: bytes });
    await rejects(loadDataset(path), pattern);
  });
}

idx('labels of one class are refused', async () => {
  const path = writeIdxFolder('one class', {
    ...SMALL,
    'train-labels-idx1-ubyte': idxFile([24], new Uint8Array(24)),
    't10k-labels-idx1-ubyte.gz': gzipSync(idxFile([6], new Uint8Array(6))),
  });
  await rejects(loadDataset(path), /all labels are 0, and a classifier needs two classes/);
});

idx('a folder in the place of a file is told in words', async () => {
  const { 'train-images-idx3-ubyte': _, ...rest } = SMALL;
  const path = writeIdxFolder('folder for file', rest);
  mkdirSync(join(path, 'train-images-idx3-ubyte'));
  await rejects(loadDataset(path), /cannot read .*train-images-idx3-ubyte/);
});

idx('a published data set of the wrong size or with one bit changed is refused', async () => {
  await rejects(
    loadDataset('mnist', { folder: writeIdxFolder('small', SMALL) }),
    /60000 x 28 x 28 are expected/,
  );
  const changed = {
    ...SMALL,
    'train-images-idx3-ubyte': idxFile([60000, 28, 28], new Uint8Array(60000 * 784).fill(1)),
  };
  await rejects(loadDataset('mnist', { folder: writeIdxFolder('changed', changed) }), /wrong checksum/);
});

idx('dimensions of any number are parsed', () => {
  assert.equal(parseIdx(idxFile([2, 2, 2, 1], new Uint8Array(8)), 'x').shape, [2, 2, 2, 1]);
});

idx('without a folder, and for unknown names, the error says what to do', async () => {
  const before = process.env['LOSSC_CACHE'];
  process.env['LOSSC_CACHE'] = join(folder, 'no cache');
  await rejects(loadDataset('mnist'), /no folder was given/);
  await rejects(loadDataset('mnist', { folder: join(folder, 'nowhere') }), /nowhere does not exist/);
  await rejects(loadDataset('minst'), /there is no data set "minst"/);
  assert.is(findDatasets().find(({ name }) => name === 'mnist')?.folder, undefined);
  if (before === undefined) delete process.env['LOSSC_CACHE'];
  else process.env['LOSSC_CACHE'] = before;
});

const mnistFolder = process.env['LOSSC_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
const hasMnist =
  existsSync(join(mnistFolder, 'mnist')) || existsSync(join(mnistFolder, 'train-images-idx3-ubyte.gz'));
if (!hasMnist) console.log(`SKIPPED real MNIST: no files in ${mnistFolder}`);
(hasMnist ? idx : idx.skip)('real MNIST is read and its checksums hold', async () => {
  const dataset = await loadDataset('mnist', { folder: mnistFolder });
  assert.is(dataset.train.count, 60000);
  assert.is(dataset.test.count, 10000);
  // The first labels of the training set are 5, 0, 4, 1, 9.
  assert.equal([...dataset.train.labels.slice(0, 5)], [5, 0, 4, 1, 9]);
});
idx.run();

const cifar = suite('CIFAR-10');

/** Two records a file: planes of one value each, so that the order of channels shows. */
function cifarFile(first: number): Buffer {
  return Buffer.concat(
    [first, first + 1].map((label) =>
      Buffer.concat([
        Buffer.from([label]),
        ...[10, 20, 30].map((value) => Buffer.alloc(1024, value + label)),
      ]),
    ),
  );
}

function writeCifar(name: string, change: Readonly<Record<string, Buffer>> = {}): string {
  const files = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`, cifarFile(n)]));
  return writeIdxFolder(name, { ...files, 'test_batch.bin': cifarFile(0), ...change });
}

cifar('planes become pixels, labels stay', () => {
  const { train, test } = readCifar10(writeCifar('cifar'), 2);
  assert.equal([...train.labels], [1, 2, 2, 3, 3, 4, 4, 5, 5, 6]);
  assert.equal([...train.pixels.slice(0, 6)], [11, 21, 31, 11, 21, 31]);
  assert.equal([...test.pixels.slice(3072, 3075)], [11, 21, 31]);
});

cifar('truncated files and wrong labels are refused', () => {
  const cut = writeCifar('cifar cut', { 'data_batch_3.bin': cifarFile(1).subarray(0, 99) });
  assert.throws(() => readCifar10(cut, 2), /data_batch_3\.bin is truncated/);
  assert.throws(
    () => readCifar10(writeCifar('cifar label', { 'test_batch.bin': cifarFile(9) }), 2),
    /label 10/,
  );
});
cifar('an archive whose files have impossible sizes is damaged', () => {
  const header = (size: string): Uint8Array => {
    const block = Buffer.alloc(1024);
    block.write('a.bin', 0);
    block.write(size, 124);
    return block;
  };
  for (const size of ['-1', '77777777777', 'x']) {
    assert.throws(() => untar(header(size), ['a.bin']), /the archive is damaged/);
  }
});
cifar.run();

const user = suite('a user’s own data');

async function fromModule(name: string, text: string): Promise<Dataset> {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, text);
  return loadDataset(path);
}

const GOOD = `{ inputShape: [2], classes: 2,
  train: { inputs: new Float32Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), labels: [0, 1, 0, 1, 0, 1] },
  test: { inputs: new Float32Array([1, 2]), labels: [1] } }`;

user('is loaded from a module', async () => {
  const dataset = await fromModule('good', `export const loadData = async () => (${GOOD});`);
  assert.is(dataset.train.count, 6);
  assert.is(dataset.validationExamples, 1);
  assert.equal(dataset.normalisation, { scale: [1], offset: [0] });
});

const BAD: readonly (readonly [string, string, RegExp])[] = [
  ['syntax', 'export const = ;', /cannot be loaded/],
  ['nothing', 'export const other = 1;', /exports no function "loadData"/],
  ['throws', 'export function loadData() { throw new Error("disk on fire"); }', /failed: disk on fire/],
  ['undefined', 'export function loadData() {}', /does not return an object/],
  ['shape', `export const loadData = () => ({ ...${GOOD}, inputShape: [0] });`, /no inputShape/],
  ['classes', `export const loadData = () => ({ ...${GOOD}, classes: 1 });`, /no "classes" of at least 2/],
  [
    'array',
    `export const loadData = () => ({ ...${GOOD}, train: { inputs: [1], labels: [0] } });`,
    /neither/,
  ],
  [
    'size',
    `export const loadData = () => ({ ...${GOOD}, inputShape: [3] });`,
    /12 train numbers for 6 labels/,
  ],
  [
    'not a number',
    `export const loadData = () => ({ ...${GOOD}, test: { inputs: Float32Array.of(0, NaN), labels: [0] } });`,
    /gives test example 0 the number NaN at 1/,
  ],
  [
    'infinite',
    `export const loadData = () => ({ ...${GOOD}, test: { inputs: Float32Array.of(0, 0, -Infinity, 0), labels: [0, 1] } });`,
    /gives test example 1 the number -Infinity at 0/,
  ],
  [
    'validation',
    `export const loadData = () => ({ ...${GOOD}, validationExamples: 1.5 });`,
    /gives 1.5 as validationExamples/,
  ],
  [
    'normalisation',
    `export const loadData = () => ({ ...${GOOD}, normalisation: { scale: [NaN], offset: [0] } });`,
    /gives a normalisation that is not/,
  ],
  [
    'label that is no whole number',
    `export const loadData = () => ({ ...${GOOD}, test: { inputs: new Float32Array(2), labels: [0.5] } });`,
    /test example 0 the label 0.5/,
  ],
  [
    'label',
    `export const loadData = () => ({ ...${GOOD}, test: { inputs: new Float32Array(2), labels: [2] } });`,
    /test example 0 the label 2/,
  ],
];

for (const [name, text, pattern] of BAD) {
  user(`${name}: one clear error that names the module`, async () => {
    await rejects(fromModule(`bad-${name}`, text), pattern);
    await rejects(fromModule(`bad-${name}`, text), new RegExp(`bad-${name}\\.mjs`));
  });
}
user.run();

const split = suite('splitting');
const whole30 = drawDigits({ train: 300, test: 20 });
const row = (set: ExampleSet, index: number): string =>
  set.pixels.subarray(index * 784, (index + 1) * 784).join();
const rows = (set: ExampleSet): readonly string[] =>
  Array.from({ length: set.count }, (_, index) => row(set, index));

split('parts are disjoint, and together are the training set', () => {
  const { search, test } = splitDataset(whole30, 5, { validationExamples: 60 });
  assert.is(search.train.count, 240);
  assert.is(search.validation.count, 60);
  const all = [...rows(search.train), ...rows(search.validation)];
  assert.equal(new Set(all), new Set(rows(whole30.train)));
  assert.is(test.test, whole30.test);
  assert.not('test' in search);
});

split('the seed decides, and validation does not depend on how many examples are trained on', () => {
  const validation = (seed: number, trainExamples?: number): readonly string[] =>
    rows(splitDataset(whole30, seed, { validationExamples: 50, trainExamples }).search.validation);
  assert.equal(validation(1), validation(1, 20));
  assert.not.equal(validation(1), validation(2));
  const few = rows(splitDataset(whole30, 1, { validationExamples: 50, trainExamples: 20 }).search.train);
  const more = rows(splitDataset(whole30, 1, { validationExamples: 50, trainExamples: 40 }).search.train);
  assert.equal(few, more.slice(0, 20));
});

split('label noise changes about its share of the training labels, to other classes, and no others', () => {
  const clean = splitDataset(whole30, 1).search;
  const noisy = splitDataset(whole30, 1, { labelNoise: 0.5 }).search;
  const changed = [...clean.train.labels].filter((label, index) => label !== noisy.train.labels[index]);
  const share = changed.length / clean.train.count;
  assert.ok(share > 0.4 && share < 0.6, `share ${share}`);
  assert.equal(noisy.validation.labels, clean.validation.labels);
  assert.equal(noisy.train.pixels, clean.train.pixels);
  const all = splitDataset(whole30, 1, { labelNoise: 1 }).search;
  assert.ok([...all.train.labels].every((label, index) => label !== clean.train.labels[index]));
});

split('impossible requests are refused', () => {
  assert.throws(() => splitDataset(whole30, 1, { trainExamples: 300 }), /cannot train on 300/);
  assert.throws(() => splitDataset(whole30, 1, { validationExamples: 300 }), /cannot keep 300/);
  assert.throws(() => splitDataset(whole30, 1, { labelNoise: 1.5 }), /between 0 and 1/);
});
split.run();

const batches = suite('batches');

batches('each epoch sees every example once, in its own order', () => {
  const sample = createSampler(7, createRandom(1));
  const drawn = [...sample(5), ...sample(5), ...sample(4)];
  const sorted = (part: readonly number[]): readonly number[] => [...part].sort((a, b) => a - b);
  assert.equal(sorted(drawn.slice(0, 7)), [0, 1, 2, 3, 4, 5, 6]);
  assert.equal(sorted(drawn.slice(7)), [0, 1, 2, 3, 4, 5, 6]);
  assert.not.equal(drawn.slice(0, 7), drawn.slice(7));
});

const IMAGE: ExampleSet = {
  count: 2,
  pixels: Uint8Array.from({ length: 18 }, (_, i) => i),
  labels: new Uint8Array([1, 0]),
};
const SHAPE = { inputShape: [3, 3, 1], ...classification(2), normalisation: { scale: [0.5], offset: [1] } };

batches('inputs are normalised, targets are one-hot', () => {
  const { input, target } = batchTensors(IMAGE, [1, 0], SHAPE);
  assert.equal([...input.dataSync().slice(0, 3)], [5.5, 6, 6.5]);
  assert.equal([...target.dataSync()], [1, 0, 0, 1]);
  tf.dispose([input, target]);
  const channels = batchTensors({ ...IMAGE, count: 6 }, [0], {
    inputShape: [1, 1, 3],
    ...classification(2),
    normalisation: { scale: [1, 2, 3], offset: [0, 0, 1] },
  });
  assert.equal([...channels.input.dataSync()], [0, 2, 7]);
  tf.dispose(channels);
});

batches('a data set can be normalised to 0 to 1, -1 to 1, or mean 0 and deviation 1', () => {
  const seen = (kind: NormalisationKind, inputShape: readonly number[]): Float32Array => {
    const dataset = { ...whole30, inputShape, train: { ...IMAGE, count: 2 } };
    const { normalisation } = withNormalisation(dataset, kind);
    const { input, target } = batchTensors(dataset.train, [0, 1], {
      inputShape,
      ...classification(2),
      normalisation,
    });
    const values = input.dataSync() as Float32Array;
    tf.dispose([input, target]);
    return values;
  };
  assertClose(seen('unit', [3, 3, 1])[9]!, 9 / 255, 1e-6);
  assertClose(seen('signed', [3, 3, 1])[0]!, -1, 1e-6);
  const values = seen('standard', [1, 3, 3]);
  for (const channel of [0, 1, 2]) {
    const own = [...values].filter((_, index) => index % 3 === channel);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    assertClose(mean, 0, 1e-6);
    assertClose(own.reduce((sum, value) => sum + value * value, 0) / own.length, 1, 1e-5);
  }
});

batches('augmentation shifts and mirrors within its limits, by the seed', () => {
  const look = (seed: number, text: string): readonly number[] => {
    const augmented = { augmentation: parseAugmentation(text), random: createRandom(seed) };
    const plain = { ...SHAPE, normalisation: { scale: [1], offset: [0] } };
    const { input, target } = batchTensors(IMAGE, new Array(20).fill(1), plain, augmented);
    const values = [...input.dataSync()];
    tf.dispose([input, target]);
    return values;
  };
  assert.equal(look(1, 'shift=1,flip'), look(1, 'crop=1,flip'));
  assert.not.equal(look(1, 'shift=1,flip'), look(2, 'shift=1,flip'));
  const mirrored = [11, 10, 9, 14, 13, 12, 17, 16, 15].join();
  const same = [9, 10, 11, 12, 13, 14, 15, 16, 17].join();
  const values = look(1, 'flip');
  const images = Array.from({ length: 20 }, (_, i) => values.slice(9 * i, 9 * i + 9).join());
  assert.equal(new Set(images), new Set([mirrored, same]));
  assert.ok(look(3, 'shift=1').includes(0));
  assert.throws(() => parseAugmentation('rotate=3'), /unknown augmentation "rotate=3"/);
});
batches.run();

const fetching = suite('fetching');
const good = gzipSync(Buffer.from('content'));
const server = createServer((request, response) => {
  if (request.url === '/good.gz') response.end(good);
  else if (request.url === '/cut.gz') {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('partial');
    setTimeout(() => response.destroy(), 20);
  } else response.writeHead(404).end();
});
fetching.before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
fetching.after(() => {
  server.closeAllConnections();
  server.close();
});
const urlOf = (name: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;
const md5 = createHash('md5').update(good).digest('hex');

fetching('a checked file is kept under its name', async () => {
  const path = await fetchDataset('set', { folder, files: [{ url: urlOf('good.gz'), md5 }] });
  assert.equal(readdirSync(path), ['good.gz']);
});

for (const [name, file, pattern] of [
  ['wrong checksum', { name: 'good.gz', md5: '0'.repeat(32) }, /wrong checksum/],
  ['wrong content', { name: 'good.gz', contentSha256: '0'.repeat(64) }, /wrong checksum/],
  ['not there', { name: 'none.gz' }, /cannot download .*answered 404/],
  ['connection lost', { name: 'cut.gz' }, /cannot download/],
] as const) {
  fetching(`${name}: one clear error, and nothing stays`, async () => {
    const { name: remote, ...checks } = file;
    const target = `set ${name}`;
    await rejects(fetchDataset(target, { folder, files: [{ url: urlOf(remote), ...checks }] }), pattern);
    assert.equal(readdirSync(join(folder, target)), []);
  });
}

fetching('a wrong checksum: what to do, and that nothing was kept', async () => {
  const files = [{ url: urlOf('good.gz'), md5: '0'.repeat(32) }];
  const problem: unknown = await fetchDataset('set again', { folder, files }).catch(
    (thrown: unknown) => thrown,
  );
  assert.ok(problem instanceof RunError);
  assert.is(problem.hint, 'try again later; nothing was saved');
});

fetching('a data set by its name is asked for where its makers keep it', async () => {
  const asked: string[] = [];
  const own = globalThis.fetch;
  globalThis.fetch = async (url) => {
    asked.push(String(url));
    return new Response('', { status: 404 });
  };
  try {
    await rejects(fetchDataset('cifar10', { folder }), /cannot download .*answered 404/);
  } finally {
    globalThis.fetch = own;
  }
  assert.equal(asked, ['https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz']);
});

fetching('no network: the error says what to do', async () => {
  await rejects(
    fetchDataset('offline', { folder, files: [{ url: 'http://127.0.0.1:1/x.gz' }] }),
    /cannot download http:\/\/127\.0\.0\.1:1\/x\.gz/,
  );
  await rejects(fetchDataset('imagenet', { folder }), /"imagenet" cannot be fetched/);
});
fetching.after(() => rmSync(folder, { recursive: true, force: true }));
fetching.run();
