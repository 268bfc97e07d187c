/** The playground as a folder of static files. */
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { CHART_STYLE } from '../../src/playground/chart-style.js';
import type { LibraryData, LibraryEntry } from '../../src/playground/messages.js';
import { importResolver, packageRoot, readLossFile, stdlibNames } from '../../src/stdlib.js';
import { type CatalogueEntry, catalogue } from '../../src/stdlib-catalogue.js';
import { packageVersion } from '../../src/version.js';

const ROOT = packageRoot();
const SOURCE = join(ROOT, 'src/playground');
const WASM = join(ROOT, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');
/** Every browser that has module workers has these. */
const KERNELS = 'tfjs-backend-wasm-simd.wasm';
const KATEX = join(ROOT, 'node_modules/katex/dist');

/** Writes the page into a folder, in the place of what is in it. */
export async function buildPlayground(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await bundle(folder);
  copyFileSync(join(SOURCE, 'page/index.html'), join(folder, 'index.html'));
  const style = readFileSync(join(SOURCE, 'page/style.css'), 'utf8') + CHART_STYLE;
  writeFileSync(join(folder, 'style.css'), style);
  copyKatex(join(folder, 'katex'));
  mkdirSync(join(folder, 'tfjs'));
  copyFileSync(join(WASM, KERNELS), join(folder, 'tfjs', KERNELS));
  writeFileSync(join(folder, 'library.json'), JSON.stringify(libraryData()));
}

/** What stands in the place of what a browser has not. */
const INSTEAD: Readonly<Record<string, string>> = {
  'src/stdlib.ts': 'src/playground/instead/stdlib.ts',
  'src/runtime/backend.ts': 'src/playground/instead/backend.ts',
  'src/runtime/data/load-dataset.ts': 'src/playground/instead/load-dataset.ts',
  'src/runtime/models/create-model.ts': 'src/playground/instead/create-model.ts',
  'compiler/emit/tfjs/typescript.ts': 'src/playground/instead/typescript.ts',
};

const instead: Plugin = {
  name: 'instead',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, () => ({ path: join(SOURCE, 'instead/node.ts') }));
    // The types of the protocol alone, without a connection to an editor.
    onResolve({ filter: /^vscode-languageserver$/ }, () => ({
      path: join(ROOT, 'node_modules/vscode-languageserver-types/lib/esm/main.js'),
    }));
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const other = INSTEAD[relative(ROOT, path)];
      return other === undefined
        ? undefined
        : { contents: `export * from ${JSON.stringify(join(ROOT, other))};`, resolveDir: ROOT, loader: 'ts' };
    });
  },
};

async function bundle(folder: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: {
      main: 'src/playground/page/main.ts',
      worker: 'src/playground/worker/worker.ts',
      training: 'src/playground/training/worker.ts',
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    chunkNames: 'parts/[name]-[hash]',
    plugins: [instead],
    legalComments: 'none',
    logLevel: 'warning',
  });
}

/** Fonts in the one form that every browser of today reads. */
function copyKatex(folder: string): void {
  mkdirSync(join(folder, 'fonts'), { recursive: true });
  const fonts = readdirSync(join(KATEX, 'fonts')).filter((name) => name.endsWith('.woff2'));
  for (const name of fonts) cpSync(join(KATEX, 'fonts', name), join(folder, 'fonts', name));
  const style = readFileSync(join(KATEX, 'katex.min.css'), 'utf8');
  const others = /,url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)/g;
  writeFileSync(join(folder, 'katex.css'), style.replaceAll(others, ''));
}

const libraryData = (): LibraryData => ({
  version: packageVersion(),
  files: Object.fromEntries(stdlibNames().map((name) => [name, readLossFile(`std/${name}`).text])),
  catalogue: catalogue().map(entryOf),
});

function entryOf({ name, section, use, elsewhere }: CatalogueEntry): LibraryEntry {
  const program = loadProgram(readLossFile(`std/${name}`), importResolver('-'));
  const losses = lossesOf(program);
  return { name, section, use, elsewhere, losses: losses.map((decl) => decl.name.name) };
}
