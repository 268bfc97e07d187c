import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { isBuilt } from './built.js';

/**
 * A module in a bundle still has its own address, by which it finds what lies beside it. Where the build is as new as the
 * sources, a module of `src/` has that of its compiled form: a worker process loads that in a quarter of the time.
 */
const ownAddress = (root: string, compiled: boolean): Plugin => ({
  name: 'own-address',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const own = relative(root, path);
      const address =
        compiled && own.startsWith(`src${sep}`) ? join(root, 'dist', own.replace(/\.ts$/, '.js')) : path;
      return {
        loader: 'ts',
        contents: readFileSync(path, 'utf8')
          .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(address).href))
          .replaceAll('import.meta.dirname', JSON.stringify(dirname(address))),
      };
    });
  },
});

/** Suites that can leave out what has passed before, in the place of uvu's own. */
const ownSuites = (root: string): Plugin => {
  const suites = join(root, 'test/runner/uvu.ts');
  return {
    name: 'own-suites',
    setup({ onResolve }) {
      onResolve({ filter: /^uvu$/ }, ({ importer }) =>
        importer === suites ? { path: 'uvu', external: true } : { path: suites },
      );
    },
  };
};

/** A folder for bundles in which packages are found, gone when the process ends. */
export function bundleFolder(root: string): string {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache/test-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Makes one file of a program and all of ours that it imports, which Node loads in a third of the time that tsx needs for
 * the modules one by one. Packages stay outside. Answers where it lies.
 */
export async function bundle(root: string, file: string, folder: string): Promise<string> {
  const outfile = join(folder, file.replace(/\.ts$/, '.mjs'));
  await build({
    absWorkingDir: root,
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    keepNames: true,
    sourcemap: true,
    logLevel: 'error',
    plugins: [ownSuites(root), ownAddress(root, isBuilt(root))],
  });
  return outfile;
}
