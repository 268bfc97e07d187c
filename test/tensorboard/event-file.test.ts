/** Event files, read back by what the format says of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RunError } from '../../src/errors.js';
import { crc32c } from '../../src/tensorboard/crc32c.js';
import { EventFile } from '../../src/tensorboard/event-file.js';
import { lossc, scratch } from '../helpers/command-line.js';
import { events } from '../helpers/event-files.js';

const files = suite('event files');

files('checksums are those of RFC 3720, appendix B.4, and of the check value of CRC-32C', () => {
  assert.is(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.is(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assert.is(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
  assert.is(crc32c(new TextEncoder().encode('123456789')), 0xe3069283);
});

for (const [what, folder] of [
  ['a file', (scratchFolder: string) => join(scratchFolder, 'a-file')],
  ['a place below a file', (scratchFolder: string) => join(scratchFolder, 'a-file/in-it')],
  // Node's own `recursive` goes round for ever there.
  ['a place where the system lets nobody make a folder', () => '/proc/lossc'],
] as const)
  files(`${what} is refused in one sentence`, () => {
    const found = folder(scratch({ 'a-file': '' }));
    try {
      EventFile.in(found);
      assert.unreachable();
    } catch (thrown) {
      assert.instance(thrown, RunError);
    }
  });

files('a record is the length, the data and masked checksums', () => {
  const folder = scratch();
  const file = EventFile.in(folder);
  file.close();
  const bytes = readFileSync(file.path);
  // One double with its key, one text of 13 letters with key and length.
  assert.is(bytes.readBigUInt64LE(0), 24n);
  assert.is(bytes.length, 8 + 4 + 24 + 4);
  const unmasked = (at: number): number => {
    const rotated = (bytes.readUInt32LE(at) - 0xa282ead8) >>> 0;
    return ((rotated >>> 17) | (rotated << 15)) >>> 0;
  };
  assert.is(unmasked(8), crc32c(bytes.subarray(0, 8)));
  assert.is(unmasked(36), crc32c(bytes.subarray(12, 36)));
  const reader = new BinaryReader(bytes.subarray(12, 36));
  assert.equal(reader.tag(), [1, 1]);
  assert.ok(Math.abs(reader.double() - Date.now() / 1000) < 600);
  assert.equal(reader.tag(), [3, 2]);
  assert.is(reader.string(), 'brain.Event:2');
});

files('numbers come back with their tags and steps, and a run that goes on writes another file', async () => {
  const folder = scratch();
  const first = EventFile.in(join(folder, 'a/b'));
  first.scalar('fitness/best', 0.5, 1);
  first.scalar('größer', -1e30, 2 ** 40);
  // Before it is closed: TensorBoard reads while it grows.
  assert.equal(events(join(folder, 'a/b')), [
    { tag: 'fitness/best', value: 0.5, step: 1 },
    { tag: 'größer', value: Math.fround(-1e30), step: 2 ** 40 },
  ]);
  first.close();
  await new Promise((resolve) => setTimeout(resolve, 5));
  const second = EventFile.in(join(folder, 'a/b'));
  second.scalar('fitness/best', 0.75, 2);
  second.close();
  assert.is(readdirSync(join(folder, 'a/b')).length, 2);
  assert.is(events(join(folder, 'a/b')).length, 3);
});

files('a folder that cannot be written is refused in a sentence, before any training', async () => {
  const folder = scratch({ file: '' });
  const run = await lossc(['train', 'std/mse', '--steps', '1', '--tensorboard', 'file/below'], {
    cwd: folder,
  });
  assert.is(run.code, 1);
  assert.match(run.stderr, /^error: file is a file, not a folder\n/);
});

files('lossc train writes the loss and what is measured, step by step', async () => {
  const folder = scratch();
  const training = [
    'train',
    'std/cross_entropy',
    '--steps',
    '20',
    '--train-examples',
    '200',
    '--hidden',
    '8',
  ];
  const run = await lossc([...training, '--tensorboard', 'board', '--json'], { cwd: folder });
  assert.is(run.code, 0, run.stderr);
  const { curve } = JSON.parse(run.stdout) as { curve: { step: number; value: number }[] };
  const found = events(join(folder, 'board'));
  const measured = found.filter(({ tag }) => tag === 'validation/accuracy');
  assert.equal(
    measured.map(({ step, value }) => ({ step, value })),
    curve.map(({ step, value }) => ({ step, value: Math.fround(value) })),
  );
  const losses = found.filter(({ tag }) => tag === 'loss');
  assert.is(losses.at(-1)!.step, 20);
  assert.ok(losses.every(({ value }) => value > 0 && value < 10));
});

files('lossc compare writes a folder for each training', async () => {
  const folder = scratch();
  const comparing = [
    'compare',
    'std/gce',
    'std/mae',
    '--steps',
    '10',
    '--seeds',
    '2',
    '--train-examples',
    '200',
  ];
  const run = await lossc([...comparing, '--hidden', '8', '--tensorboard', 'board', '--json'], {
    cwd: folder,
  });
  assert.is(run.code, 0, run.stderr);
  const { losses } = JSON.parse(run.stdout) as {
    losses: { name: string; runs: { curve: { step: number; value: number; loss: number }[] }[] }[];
  };
  assert.equal(
    losses.map(({ name }) => name),
    ['gce', 'mae'],
  );
  for (const { name, runs } of losses)
    for (const [i, { curve }] of runs.entries()) {
      const found = events(join(folder, 'board', name, `run-${i + 1}`));
      assert.equal(
        found,
        curve.flatMap(({ step, value, loss }) => [
          { tag: 'validation/accuracy', value: Math.fround(value), step },
          { tag: 'loss', value: Math.fround(loss), step },
        ]),
      );
    }
});

files('lossc evolve writes a point for each generation', async () => {
  const folder = scratch({
    's.loss':
      'sketch s(target: onehot[class], prediction: probability[class]) = sum(?, class)\n  with operators * log exp leaves target, prediction\n',
  });
  const searching = [
    'evolve',
    's.loss',
    '--steps',
    '5',
    '--train-examples',
    '200',
    '--hidden',
    '8',
    '--generations',
    '3',
  ];
  const more = [
    '--population',
    '8',
    '--final-seeds',
    '0',
    '--tune-evaluations',
    '0',
    '--out',
    'run',
    '--workers',
    '1',
  ];
  const run = await lossc([...searching, ...more, '--tensorboard', 'board'], { cwd: folder });
  assert.is(run.code, 0, run.stderr);
  const best = events(join(folder, 'board')).filter(({ tag }) => tag === 'fitness/best');
  const told = [...run.stderr.matchAll(/^generation (\d+) {2}best ([\d.]+)/gm)];
  assert.ok(told.length >= 2, run.stderr);
  assert.equal(
    best.map(({ step, value }) => [step, value.toFixed(4)]),
    told.map(([, generation, value]) => [Number(generation), value]),
  );
});

files.run();
