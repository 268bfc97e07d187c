/** What the package offers: examples in its comments run and print what they say, and the compiler is for browsers too. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOT } from './helpers/command-line.js';
import { sources, textOf } from './helpers/imports.js';

/** The sources of the entries in package.json. */
const ENTRIES: Readonly<Record<string, string>> = {
  lossc: 'src/index.ts',
  'lossc/compiler': 'src/compiler.ts',
  'lossc/training': 'src/training.ts',
  'lossc/evolve': 'src/evolve.ts',
  'lossc/wasm-training': 'src/runtime/kernels/index.ts',
};
/** Where doc comments of functions have examples besides. */
const API = sources('src/api').filter((file) => textOf(file).includes('@example'));

const entries = suite('entries');
mkdirSync(join(ROOT, '.cache'), { recursive: true });
const folder = mkdtempSync(join(ROOT, '.cache/entries-'));
entries.after(() => rmSync(folder, { recursive: true, force: true }));

entries('package.json has an entry for each', () => {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    exports: Record<string, { types: string; default: string }>;
  };
  const named = Object.entries(exports).map(([path, { types, default: file }]) => {
    const source = file.replace('./dist/', '').replace(/\.js$/, '.ts');
    assert.is(types, file.replace(/\.js$/, '.d.ts'));
    return [path.replace('.', 'lossc'), source];
  });
  assert.equal(Object.fromEntries(named), ENTRIES);
});

/** The program of each comment of a file that has an example; the first comment of an entry has one. */
function examplesOf(file: string): readonly string[] {
  const comments = [...textOf(file).matchAll(/^\/\*\*\n.*?\*\/$/gms)].map(([comment]) => comment);
  return comments
    .filter((comment, i) => comment.includes('@example') || (i === 0 && !API.includes(file)))
    .map((comment) =>
      comment
        .slice(comment.indexOf('@example') + '@example'.length, -2)
        .replace(/^ \* ?/gm, '')
        .replace(/from '(lossc[\w/-]*)'/g, (_, entry: string) => {
          assert.ok(ENTRIES[entry], entry);
          return `from ${JSON.stringify(pathToFileURL(join(ROOT, ENTRIES[entry]!)).href)}`;
        }),
    );
}

for (const file of [...Object.values(ENTRIES), ...API])
  for (const [i, example] of examplesOf(file).entries())
    entries(`the example in ${file} prints what it says`, () => {
      const expected = [...example.matchAll(/; \/\/ (.*)$/gm)].map(([, printed]) => `${printed}\n`).join('');
      assert.ok(expected !== '');
      const program = join(folder, `${file.replaceAll('/', '-')}-${i}.mts`);
      writeFileSync(program, example);
      const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', program], {
        cwd: ROOT,
        encoding: 'utf8',
      });
      assert.is(stdout, expected, stderr);
    });

entries('functions of the API have examples', () => {
  assert.equal(API, [
    'src/api/create-search.ts',
    'src/api/create-tuning.ts',
    'src/api/evolve.ts',
    'src/api/loss-function.ts',
  ]);
});

entries('lossc/compiler bundles for a browser, and compiles there', async () => {
  const outfile = join(folder, 'browser.mjs');
  const { metafile } = await build({
    metafile: true,
    absWorkingDir: ROOT,
    entryPoints: [ENTRIES['lossc/compiler']!],
    outfile,
    bundle: true,
    // A module of Node would be an error.
    platform: 'browser',
    format: 'esm',
    // The printer of TypeScript modules is loaded when the target `ts` is asked for.
    external: ['ts-morph'],
    logLevel: 'silent',
  });
  const needed = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  assert.equal(needed, ['ts-morph']);
  const compiler = (await import(pathToFileURL(outfile).href)) as typeof import('../src/compiler.js');
  const source = { name: 'a.loss', text: 'loss a(target: real, prediction: real) = (target - prediction)^2' };
  const program = compiler.loadProgram(source);
  const loss = compiler.compileLoss(program, compiler.lossesOf(program)[0]!);
  const [module] = await compiler.emitTarget('js', loss, { version: '1.0.0', file: 'a.loss' });
  assert.match(module!.text, 'export function');
});

/** Bytes of what a page loads before anything is asked for, as a server sends them. */
async function firstBytes(): Promise<number> {
  const { metafile, outputFiles } = await build({
    metafile: true,
    absWorkingDir: ROOT,
    entryPoints: [ENTRIES['lossc/compiler']!],
    outdir: 'out',
    write: false,
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    external: ['ts-morph'],
    logLevel: 'silent',
  });
  const first = Object.entries(metafile.outputs).find(
    ([, { entryPoint }]) => entryPoint === ENTRIES['lossc/compiler'],
  )!;
  const chunks = new Set([first[0]]);
  for (const chunk of chunks)
    for (const { path, kind } of metafile.outputs[chunk]!.imports)
      if (kind === 'import-statement' && path in metafile.outputs) chunks.add(path);
  const files = outputFiles.filter(({ path }) => chunks.has(relative(ROOT, path)));
  assert.is(files.length, chunks.size);
  return files.reduce((sum, { contents }) => sum + brotliCompressSync(contents).length, 0);
}

entries(
  'lossc/compiler is at most 150 kB compressed; explainer and emitters are loaded when they are asked for',
  async () => {
    const bytes = await firstBytes();
    assert.ok(bytes <= 150_000, `${bytes} bytes`);
  },
);

entries.run();
