/** `lossc playground`: what is served, and to whom. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { servePlayground } from '../../src/playground/server.js';
import { CLI, lossc, ROOT } from '../helpers/command-line.js';
import { buildPlayground } from '../scripts/playground.js';

const served = suite('playground: server');
const folder = mkdtempSync(join(tmpdir(), 'lossc-served-'));
const page = join(folder, 'page');
served.before(() => buildPlayground(page));
served.after(() => rmSync(folder, { recursive: true }));

served('everything that is loaded before training is asked for is at most 1 MB, compressed', () => {
  const loaded = new Set(['main.js', 'worker.js']);
  // What any of them imports, at once or later, but for the worker that trains.
  for (const file of loaded)
    for (const [, name] of readFileSync(join(page, file), 'utf8').matchAll(
      /"\.{1,2}\/((?:parts\/)?[\w-]+\.js)"/g,
    ))
      if (name !== 'training.js')
        loaded.add(
          file.startsWith('parts/') || name!.startsWith('parts/')
            ? `parts/${name!.replace('parts/', '')}`
            : name!,
        );
  assert.ok([...loaded].some((file) => file.includes('latex-')));
  const others = readdirSync(page, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !/\.(?:js|wasm)$/.test(file));
  const sizes = [...others, ...[...loaded].map((file) => join(page, file))].map((file) =>
    file.endsWith('.woff2') ? readFileSync(file).length : gzipSync(readFileSync(file)).length,
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(total <= 1_000_000, `${total} bytes`);
  assert.ok(total > 500_000, `${total} bytes`);
});

served('only files of the page are served, with a strict policy', async () => {
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  const { address: url, close } = await servePlayground(0, page);
  try {
    const index = await fetch(url);
    assert.is(index.status, 200);
    assert.match(index.headers.get('content-type')!, 'text/html');
    const policy = index.headers.get('content-security-policy')!;
    assert.match(policy, "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'");
    assert.not.match(policy, /unsafe-inline|'unsafe-eval'|\*/);
    assert.is((await fetch(url, { method: 'POST' })).status, 405);
    const { port } = new URL(url);
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '//etc/passwd',
      '/parts',
      '/\\..\\secret.txt',
    ])
      assert.match(await raw(Number(port), path), /^HTTP\/1\.1 404/, path);
    assert.match(await raw(Number(port), '/?x=1#y'), /^HTTP\/1\.1 200/);
  } finally {
    await close();
  }
});

/** An answer to a path as it is written: `fetch` would tidy it up. */
const raw = (port: number, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.on('end', () => resolve(text)).on('error', reject);
  });

served('the command prints the address, refuses a port in use, and ends with Ctrl-C', async () => {
  if (!existsSync(join(ROOT, 'dist/playground/index.html')))
    await buildPlayground(join(ROOT, 'dist/playground'));
  const child = spawn(process.execPath, [...CLI, 'playground', '--port', '0'], { cwd: ROOT });
  const address = await new Promise<string>((resolve) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(text);
      if (found !== null) resolve(found[0]);
    });
  });
  assert.match(await (await fetch(address)).text(), '<title>lossc playground</title>');
  const { port } = new URL(address);
  const second = await lossc(['playground', '--port', port]);
  assert.is(second.code, 1);
  assert.match(second.stderr, `port ${port} is in use`);
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  child.kill('SIGINT');
  assert.is(await ended, 0);
});

served('what is no port is refused', async () => {
  assert.match((await lossc(['playground', '--port', '65536'])).stderr, '"65536" is not a port');
});

served.run();
