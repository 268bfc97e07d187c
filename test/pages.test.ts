/** What the pages say can be done is done: every command of `lossc`, with fewer steps, and the programs between them. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../compiler/check/check.js';
import { loadProgram } from '../compiler/resolve/program.js';
import { runTests } from '../compiler/test-blocks/run-tests.js';
import { importResolver } from '../src/stdlib.js';
import { ROOT, scratch } from './helpers/command-line.js';
import { call } from './helpers/in-process.js';
import { onnxRuntime } from './helpers/onnx.js';
import { blocksOf, commandsOf, EXAMPLE_PAGES, readPage } from './helpers/pages.js';
import { pythonWith } from './helpers/programs.js';

const pages = suite('pages');
const python = pythonWith('torch');
if (python === undefined)
  console.log('SKIPPED PyTorch on the pages: no Python on the PATH has torch (Debian: python3-torch)');

/** Tested elsewhere: by a test of their own, and by `task-examples.test.ts`. */
const ELSEWHERE = ['pytorch', 'cluster', 'editors', 'images', 'regression'].map(
  (folder) => `examples/${folder}/README.md`,
);
/** Commands that do not end, or that only people can see. */
const ENDLESS: readonly string[] = ['playground', 'lsp', 'worker'];

/** Given once more, an option has its last value. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  train: ['--steps', '3'],
  compare: ['--steps', '3', '--seeds', '2'],
  study: ['--steps', '3', '--seeds', '2', '--grid', '0.1,0.3', '--tune-runs', '1'],
  distil: ['--evaluations', '30'],
  tune: ['--steps', '3', '--evaluations', '3', '--workers', '1'],
  evolve: [
    ...['--steps', '5', '--generations', '1', '--population', '4', '--tune-evaluations', '0'],
    ...['--workers', '1', '--final-seeds', '2', '--final-steps', '5'],
  ],
};
/** A batch of the network of the GLO paper takes long. */
const SMALL_BATCH = ['--batch', '10'];
const FEW_RATES = ['--grid', '0.1,0.3', '--tune-runs', '1'];

/** The words of a command as a test can afford it: fewer steps, and drawn digits in the place of MNIST and of a folder of letters. */
function affordable([name, ...args]: readonly string[]): readonly string[] {
  const words = args.flatMap((arg, i) => {
    if (args[i - 1] === '--data' || arg === '--data') return [];
    if (args[i - 1] === '--train-examples' || args[i - 1] === '--validation-examples') return ['200'];
    if (args[i - 1] === '--sizes') return ['50,100'];
    return [arg === 'mnist' || arg === 'LETTERS' ? 'digits' : arg];
  });
  if (words.includes('--resume')) return [name!, ...words.slice(0, 2), '--generations', '2'];
  return [
    name!,
    ...words,
    ...(SHORT[name!] ?? []),
    ...(words.includes('glo-mnist') ? SMALL_BATCH : []),
    ...(words.includes('--tune-lr') ? FEW_RATES : []),
  ];
}

/** Commands whose files later ones and scripts take. */
const WRITE_FILES: readonly string[] = ['compile', 'init'];

/** A folder as the reader of a page has it: the checkout's examples, what the page says to write, and packages. */
function folderFor(page: string): string {
  const folder = scratch({ 'package.json': '{ "type": "module" }' });
  for (const name of ['examples', 'node_modules'])
    symlinkSync(join(ROOT, name), join(folder, name), 'junction');
  const [loss] = [...blocksOf(page, 'loss'), ...blocksOf('README.md', 'loss')];
  writeFileSync(join(folder, 'focal.loss'), loss!);
  const samples = Array.from({ length: 30 }, (_, i) => `${i % 7},${i % 5},${2 * ((i % 5) - (i % 7))}`);
  writeFileSync(join(folder, 'samples.csv'), `target,prediction,gradient\n${samples.join('\n')}\n`);
  for (const table of blocksOf(page, 'csv')) writeFileSync(join(folder, 'houses.csv'), table);
  for (const module of blocksOf(page, 'js')) {
    const name = /export function (loadData|createModel)/.exec(module)?.[1];
    if (name !== undefined)
      writeFileSync(join(folder, name === 'loadData' ? 'data.mjs' : 'model.mjs'), module);
  }
  return folder;
}

function runs(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  assert.is(status, 0, stderr);
  return stdout;
}

for (const page of ['README.md', ...EXAMPLE_PAGES].filter((name) => !ELSEWHERE.includes(name))) {
  const cwd = folderFor(page);
  const commands = commandsOf(page);
  const done = new Set<number>();

  async function command(at: number): Promise<void> {
    done.add(at);
    const [, ...words] = commands[at]!;
    const [name, ...args] = affordable(words);
    const own = args.map((arg) =>
      words.includes('--evaluator') ? arg.replace(/^python3? /, `${python} `) : arg,
    );
    const { code, stderr } = await call(name!, own, { cwd });
    assert.is(code, 0, stderr);
  }

  /** Makes the files that earlier commands write, where their tests were left out. */
  async function prepare(before: number): Promise<void> {
    for (const [at, [program, name]] of commands.slice(0, before).entries())
      if (program === 'lossc' && WRITE_FILES.includes(name!) && !done.has(at)) await command(at);
  }

  pages(`${page}: its losses have no mistakes, and their tests pass`, () => {
    for (const text of blocksOf(page, 'loss').filter((block) => !/^sketch /m.test(block))) {
      const program = loadProgram({ name: page, text }, importResolver('-'));
      assert.equal(checkProgram(program), [], text);
      for (const outcome of runTests(program)) assert.equal(outcome.failures, []);
    }
  });

  for (const [at, [program, ...words]] of commands.entries()) {
    if (program !== 'lossc' || ENDLESS.includes(words[0]!)) continue;
    // `test/evaluator/pytorch.test.ts` runs this script, with real MNIST.
    if (words.some((word) => word.includes('examples/pytorch/'))) continue;
    const test = words.includes('--evaluator') && python === undefined ? pages.skip : pages;
    test(`${page}: lossc ${words.join(' ')}`, async () => {
      await prepare(at);
      await command(at);
    });
  }

  pages(`${page}: the scripts of npm that it names exist`, () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    for (const [, name] of readPage(page).matchAll(/npm run ([\w:]+)/g)) assert.ok(name! in scripts, name);
  });

  for (const [at, script] of blocksOf(page, 'js').entries()) {
    if (script.includes('export function')) continue;
    pages(`${page}: its JavaScript runs (${at + 1})`, () => {
      writeFileSync(join(cwd, 'page.js'), script);
      runs(process.execPath, ['page.js'], cwd);
    });
  }

  const scripts = blocksOf(page, 'python').filter((script) => script.includes('import torch'));
  if (python !== undefined && scripts.length > 0)
    pages(`${page}: its Python runs`, async () => {
      await prepare(commands.length);
      writeFileSync(join(cwd, 'page.py'), scripts.join('\n'));
      runs(python, ['page.py'], cwd);
    });
}

pages('the README: what its commands write', async () => {
  const cwd = folderFor('README.md');
  const words = commandsOf('README.md').filter((command) => command.includes('focal.loss'));
  assert.ok(words.length >= 8, String(words.length));
  for (const [, name, ...args] of words.filter(([, name]) => name === 'compile' || name === 'plot'))
    assert.is((await call(name!, args, { cwd })).code, 0);
  for (const file of ['focal.py', 'focal.js', 'focal.d.ts']) assert.ok(existsSync(join(cwd, file)), file);
  assert.is(readFileSync(join(cwd, 'focal.svg'), 'utf8'), readPage('examples/focal.svg'), 'its picture');
});

const runtime = await onnxRuntime();
if (runtime !== undefined)
  pages('the page about targets: the model has the inputs and outputs that its Python names', async () => {
    const page = 'examples/targets/README.md';
    const cwd = folderFor(page);
    const script = blocksOf(page, 'python').find((block) => block.includes('onnxruntime'))!;
    const compiled = await call('compile', ['focal.loss', '--from-logits', '--target', 'onnx'], { cwd });
    assert.is(compiled.code, 0, compiled.stderr);
    const session = await runtime.InferenceSession.create(join(cwd, 'focal.required.onnx'));
    const outputs = /run\(\[([^\]]*)\]/.exec(script)![1]!.match(/\w+/g)!;
    const inputs = [...script.matchAll(/'(\w+)':/g)].map(([, name]) => name!);
    assert.equal(outputs, ['value', 'd_prediction']);
    for (const name of outputs) assert.ok(session.outputNames.includes(name), name);
    assert.equal(inputs, ['target', 'prediction', 'gamma']);
    for (const name of inputs) assert.ok(session.inputNames.includes(name), name);
  });

if (python !== undefined)
  pages('the page about scripts: its loop answers what a search asks', async () => {
    const page = 'examples/evaluators/README.md';
    const cwd = folderFor(page);
    assert.is((await call('init', ['evaluator', 'pytorch'], { cwd })).code, 0);
    const [loop] = blocksOf(page, 'python');
    const around = 'import lossc\nmodel = None\n\n\ndef evaluate(model, split):\n    return 0.5\n\n\n';
    writeFileSync(join(cwd, 'loop.py'), around + loop);
    const { code, stderr } = await call(
      'evolve',
      ['std/gce', '--evaluator', `${python} loop.py`, '--out', 'run', ...SHORT['evolve']!.slice(0, -2)],
      { cwd },
    );
    assert.is(code, 0, stderr);
  });

pages.run();
