/**
 * Makes one file of the built `lossc check`: its many modules take longer to find than to run. What `cli.js` has loaded by then
 * stays outside, so that nothing is loaded twice and the classes by which errors are told are the same ones.
 */
import { build } from 'esbuild';

const COMMAND = 'dist/src/commands/check.js';
const CLI = 'dist/src/cli.js';
const OPTIONS = { bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'warning' };

/** The modules that are loaded with one, without those that are loaded when they are called for. */
async function loadedWith(entry) {
  const { metafile } = await build({
    ...OPTIONS,
    entryPoints: [entry],
    write: false,
    metafile: true,
    outdir: 'dist',
  });
  const found = new Set([entry]);
  for (const file of found)
    for (const { path, kind, external } of metafile.inputs[file].imports)
      if (kind === 'import-statement' && external !== true) found.add(path);
  return [...found];
}

const outside = await loadedWith(CLI);
await build({
  ...OPTIONS,
  entryPoints: [COMMAND],
  external: outside.map((file) => `./${file}`),
  outfile: COMMAND,
  allowOverwrite: true,
});
