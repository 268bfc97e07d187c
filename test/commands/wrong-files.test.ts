import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Run } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';

/** Files, folders and places that are not what a command needs: one error with the name and, where there is one, the cure. */
const wrong = suite('wrong files');

const MSE = 'loss mse(target: real, prediction: real) = (prediction - target)^2\n';
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'good.loss': MSE,
  'secret.loss': MSE,
  'empty.loss': '',
  'comment.loss': '// nothing yet\n',
  'functions.loss': 'fn double(x) = 2 * x\n',
  'sketch.loss':
    'sketch mine(target: real, prediction: real) = ? with operators + - leaves target, prediction\n',
  'binary.loss': Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0x1b, 0x5b, 0x32, 0x4a),
  'utf16.loss': Buffer.from(`\ufeff${MSE}`, 'utf16le'),
  'latin1.loss': Buffer.from(`// R\u00e9gression\n${MSE}`, 'latin1'),
  'second-line.loss': Buffer.from(`// \u00e9\n// \u00e9`, 'latin1').fill('e', 3, 4),
  'not.json': '{ cases',
  'a-file': '',
};
const FOLDERS = ['folder', 'nothing-in-it', 'damaged', 'secret-folder'];

const root = mkdtempSync(join(tmpdir(), 'lossc-wrong-'));
const home = process.cwd();
wrong.before(() => {
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(root, name), content);
  for (const name of FOLDERS) mkdirSync(join(root, name));
  writeFileSync(join(root, 'folder/inner.loss'), MSE);
  writeFileSync(join(root, 'damaged/settings.json'), '{');
  chmodSync(root, 0o755);
  chmodSync(join(root, 'secret.loss'), 0);
  chmodSync(join(root, 'secret-folder'), 0o500);
  process.chdir(root);
});
wrong.after(() => {
  process.chdir(home);
  rmSync(root, { recursive: true });
});

/** Everything below the folder, with what is in it. */
const contents = (): readonly string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== 'secret.loss')
    .map((name) => {
      const path = join(root, name);
      return `${name} ${statSync(path).isFile() ? readFileSync(path).toString('base64') : ''}`;
    })
    .sort();

/** Calls a command that has to fail with one error, and to leave everything as it was. Answers what it said. */
async function said(line: string): Promise<string> {
  const [name, ...args] = line.split(' ');
  const before = contents();
  const { code, stderr }: Run = await call(name!, args);
  assert.ok(code === 1 || code === 2, `exit ${code}: ${stderr}`);
  assert.is(stderr.match(/^error/gm)?.length, 1, stderr);
  assert.not.match(stderr, /bug in lossc|^ +at |undefined|\[object/m);
  assert.equal(contents(), before);
  return stderr;
}

const NOTHING_IN_IT = /^error\[L220\]: there is nothing in this file\n --> (?:empty|comment)\.loss:1:1\n/;
/** What every command that reads a loss says of a file. */
const READ: Readonly<Record<string, RegExp>> = {
  'none.loss': /^error: cannot read none\.loss: there is no such file\n$/,
  'goood.loss':
    /^error: cannot read goood\.loss: there is no such file\n {2}= hint: did you mean good\.loss\?\n$/,
  'none/x.loss': /^error: cannot read none\/x\.loss: there is no such file\n$/,
  'good.loss/x': /^error: cannot read good\.loss\/x: a part of the path is a file, not a folder\n$/,
  '/dev/zero':
    /^error: cannot read \/dev\/zero: it has more than 4 MB, and a .loss file may have at most 1 MB\n$/,
  'empty.loss': NOTHING_IN_IT,
  'comment.loss': NOTHING_IN_IT,
  'binary.loss': /^error: cannot read binary\.loss: it is not text\n$/,
  'utf16.loss': /^error: cannot read utf16\.loss: it is UTF-16\n {2}= hint: save it as UTF-8\n$/,
  'latin1.loss': /^error: cannot read latin1\.loss: line 1 is not UTF-8\n {2}= hint: save it as UTF-8\n$/,
  'second-line.loss': /line 2 is not UTF-8/,
  'std/focall': /"focall"|cannot read std\/focall.*\n.* did you mean std\/focal\?\n$/,
};

/** What those say that look into no folder. */
const FOLDER =
  /^error: cannot read folder: it is a folder\n {2}= hint: give files, such as folder\/\*\.loss\n$/;
const LOOKING_IN_FOLDERS = ['check', 'test', 'fmt'];

const READERS = [
  'check',
  'test',
  'eval',
  'grad',
  'explain',
  'plot',
  'compile',
  'train',
  'compare',
  'data-curve',
  'evolve',
  'tune',
];
for (const reader of READERS)
  for (const [file, message] of Object.entries(READ))
    wrong(`lossc ${reader} ${file}`, async () => assert.match(await said(`${reader} ${file}`), message));

for (const reader of READERS.filter((name) => !LOOKING_IN_FOLDERS.includes(name)))
  wrong(`lossc ${reader} folder`, async () => assert.match(await said(`${reader} folder`), FOLDER));
for (const reader of LOOKING_IN_FOLDERS)
  wrong(`lossc ${reader} nothing-in-it`, async () =>
    assert.match(await said(`${reader} nothing-in-it`), /^error: there is no \.loss file in nothing-in-it\n/),
  );

// It lays out a file of comments, and knows nothing of the standard library.
for (const [file, message] of Object.entries(READ))
  if (message !== NOTHING_IN_IT)
    wrong(`lossc fmt ${file}`, async () => assert.match(await said(`fmt ${file}`), message));

for (const reader of READERS.filter((name) => !['check', 'test', 'evolve'].includes(name))) {
  wrong(`lossc ${reader}: a file without a loss`, async () => {
    assert.match(
      await said(`${reader} functions.loss`),
      /^error: functions\.loss has no loss\n {2}= hint: it has only functions/,
    );
    assert.match(
      await said(`${reader} sketch.loss`),
      /^error: sketch\.loss has no loss\n {2}= hint: it has only the sketch mine, and sketches are for lossc evolve\n$/,
    );
  });
}

/** Folders of runs. */
for (const reader of [
  'report',
  'show',
  'pareto',
  'lineage',
  'evolve --resume',
  'tune --resume',
  'evolve --known',
]) {
  wrong(`lossc ${reader}: no folder of a run`, async () => {
    for (const [folder, problem] of [
      ['none', 'cannot read none/settings.json: there is no such file'],
      ['a-file', 'cannot read a-file/settings.json: a part of the path is a file, not a folder'],
      ['nothing-in-it', 'cannot read nothing-in-it/settings.json: there is no such file'],
      ['damaged', 'damaged/settings.json is damaged: it is not JSON'],
    ])
      assert.is(
        await said(`${reader} ${folder}`),
        `error: ${problem}\n  = hint: is this the folder of a run?\n`,
      );
  });
}

const SHORT = '--dataset digits --train-examples 50 --steps 1 --hidden 4';
const OTHERS: readonly (readonly [line: string, message: RegExp])[] = [
  [
    'evolve good.loss --sketch mine',
    /^error: good\.loss has no sketch\n {2}= hint: a sketch is a loss with a `\?`/,
  ],
  ['evolve --task none.json', /^error: cannot read the task none\.json: there is no such file\n$/],
  ['evolve --task folder', /^error: cannot read the task folder: it is a folder\n$/],
  ['evolve --task not.json', /^error: cannot read the task not\.json: it is not JSON: /],
  [
    'train good.loss --dataset digitz',
    /^error: there is no data set "digitz"\n {2}= hint: did you mean digits\? choose one of digits, /,
  ],
  ['train good.loss --dataset ./none.mjs', /^error: there is no data set "\.\/none\.mjs"\n {2}= hint: /],
  [
    'train good.loss --model resnt',
    /^error: there is no model "resnt"\n {2}= hint: did you mean resnet\? choose one of mlp, /,
  ],
  [
    'train good.loss --optimizer adm',
    /^error: --optimizer: there is no optimizer "adm"\n {2}= hint: did you mean adam\? choose one of sgd, /,
  ],
  ['train good.loss --backend wsam', /^error: unknown backend "wsam"\n {2}= hint: did you mean wasm\? /],
  ['train good.loss --model ./none.mjs', /^error: there is no model "\.\/none\.mjs"\n {2}= hint: /],
  [
    'train good.loss --dataset ./folder',
    /^error: folder\/train-images\S* .* does not exist\n {2}= hint: \.\/folder is no/,
  ],
  [
    'train good.loss --dataset mnist --data none',
    /^error: the data folder none does not exist\n {2}= hint: .*lossc data fetch mnist/,
  ],
  ['train good.loss --dataset mnist --data a-file', /^error: the data folder a-file is a file\n {2}= hint: /],
  ['data fetch nothing', /^error: "nothing" cannot be fetched\n {2}= hint: these can: mnist, /],
  [
    'plot good.loss --out picture.gif',
    /^error: --out: "picture\.gif" does not end in \.svg or \.png\n {2}= hint: /,
  ],
  // Places that cannot be written are told of before anything is trained.
  ...['train good.loss', 'compare good.loss good.loss', 'tune std/gce', 'evolve good.loss'].flatMap(
    (line): readonly (readonly [string, RegExp])[] => [
      [`${line} ${SHORT} --tensorboard a-file`, /^error: a-file is a file, not a folder\n/],
      [`${line} ${SHORT} --tensorboard a-file/in-it`, /^error: a-file is a file, not a folder\n/],
    ],
  ),
  [
    `compare good.loss ${SHORT} --out a-file`,
    /^error: cannot write into a-file: a-file is a file, not a folder\n/,
  ],
  [`study speed good.loss --steps 1 --out a-file/x`, /^error: .*a-file is a file, not a folder\n/],
  [`data-curve good.loss --sizes 50 --steps 1 --out a-file/x`, /^error: .*a-file is a file, not a folder\n/],
  [
    'compile good.loss --out a-file',
    /^error: cannot write a-file\/mse\.ts: a-file is a file, not a folder\n$/,
  ],
  ['compile good.loss --out a-file/x', /^error: cannot write a-file\/x\/mse\.ts: a-file is a file/],
  ['plot good.loss --out a-file/x.svg', /^error: cannot write a-file\/x\.svg: a-file is a file/],
  [`evolve ${SHORT} --out a-file`, /^error: .*\ba-file\b/],
  [`evolve ${SHORT} --out folder`, /^error: folder is not empty\n {2}= hint: /],
  [`tune std/gce ${SHORT} --out a-file/x`, /^error: .*a-file is a file, not a folder\n/],
];
for (const [line, message] of OTHERS)
  wrong(`lossc ${line}`, async () => assert.match(await said(line), message));

/** Nobody's rights, where these are the rights of the administrator, who may read and write everything. */
async function withoutRights<T>(work: () => Promise<T>): Promise<T> {
  const { geteuid, seteuid } = process;
  const mine = geteuid?.();
  if (mine !== 0) return work();
  seteuid!(65534);
  try {
    return await work();
  } finally {
    seteuid!(mine);
  }
}

wrong('a file and a folder without permission', async () => {
  const denied = async (line: string, message: string): Promise<void> => {
    const [name, ...args] = line.split(' ');
    const before = contents();
    // What a command loads when it is first called may lie where nobody can read.
    await call(
      name!,
      args.map((word) => word.replace(/^secret.*/, 'a-file')),
    );
    const { code, stderr } = await withoutRights(() => call(name!, args));
    assert.is(code, 1, stderr);
    assert.is(stderr, message);
    assert.equal(contents(), before);
  };
  for (const reader of [...READERS, 'fmt'])
    await denied(`${reader} secret.loss`, 'error: cannot read secret.loss: permission denied\n');
  await denied(
    `compare good.loss ${SHORT} --out secret-folder/x`,
    'error: cannot write into secret-folder/x: permission denied\n  = hint: choose another folder\n',
  );
});

wrong.run();
