/**
 * Packs the WebGPU suite with Node and everything it needs into one archive, for a machine with a GPU that has neither
 * network nor Node: `node --import tsx test/gpu/pack.ts [FILE]`. There: unpack and run `gpu-suite/run.sh`. The machine
 * needs a Vulkan driver; the loader `libvulkan.so.1` is packed where this machine has it.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What some transfers to such machines allow. */
const LARGEST = 60 * 2 ** 20;

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
const out = resolve(process.argv[2] ?? join(root, 'runs/gpu-suite.tar.xz'));
const work = mkdtempSync(join(tmpdir(), 'lossc-gpu-'));
const suite = join(work, 'gpu-suite');

function copyInto(folder: string, from: string, names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(suite, folder, name)), { recursive: true });
    copyFileSync(join(from, name), join(suite, folder, name));
  }
}

try {
  await build({
    entryPoints: [join(root, 'test/gpu/main.ts')],
    outfile: join(suite, 'main.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    // The backends' packages say that importing them has no effect; registering themselves is one.
    ignoreAnnotations: true,
    external: ['webgpu', '@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'],
    // The bundled packages are CommonJS and look for these.
    banner: {
      js: [
        "import { createRequire as createRequireHere } from 'node:module';",
        "import { dirname as dirnameHere } from 'node:path';",
        "import { fileURLToPath as pathHere } from 'node:url';",
        'const require = createRequireHere(import.meta.url);',
        'const __filename = pathHere(import.meta.url);',
        'const __dirname = dirnameHere(__filename);',
      ].join('\n'),
    },
  });
  const dawn = `dist/${platform()}-${arch()}/dawn.node`;
  const webgpu = dirname(fileURLToPath(import.meta.resolve('webgpu')));
  copyInto('node_modules/webgpu', webgpu, ['package.json', 'index.js', 'LICENSE.md', dawn]);
  const wasm = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  copyInto('node_modules/@tensorflow/tfjs-backend-wasm', wasm, [
    'package.json',
    'dist/tf-backend-wasm.node.js',
    'dist/tfjs-backend-wasm-simd.wasm',
    'dist/tfjs-backend-wasm.wasm',
  ]);
  cpSync(join(root, 'stdlib'), join(suite, 'stdlib'), { recursive: true });
  copyFileSync(process.execPath, join(suite, 'node'));
  chmodSync(join(suite, 'node'), 0o755);
  const loader = vulkanLoader();
  if (loader !== undefined) copyFileSync(loader, join(suite, 'libvulkan.so.1'));
  writeFileSync(
    join(suite, 'run.sh'),
    '#!/bin/sh\ncd "$(dirname "$0")" || exit 1\nexport LD_LIBRARY_PATH="$LD_LIBRARY_PATH:$PWD"\nexec ./node main.mjs "$@"\n',
  );
  chmodSync(join(suite, 'run.sh'), 0o755);
  mkdirSync(dirname(out), { recursive: true });
  execFileSync('tar', ['-c', '-J', '-f', out, '-C', work, 'gpu-suite'], { stdio: 'inherit' });
  const { size } = statSync(out);
  console.log(
    `${out}: ${(size / 2 ** 20).toFixed(1)} MiB${loader === undefined ? ', without libvulkan.so.1' : ''}`,
  );
  if (size > LARGEST) throw new Error(`the archive is larger than ${LARGEST / 2 ** 20} MiB`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function vulkanLoader(): string | undefined {
  const folders = [
    ...(process.env['LD_LIBRARY_PATH'] ?? '').split(':'),
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib64',
    '/usr/lib',
  ];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'libvulkan.so.1'))
    .find(existsSync);
}
