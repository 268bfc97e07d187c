/** What a browser of this machine gets of the page. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { RunError } from '../errors.js';
import { type LocalServer, serveLocally } from '../local-server.js';
import { packageRoot } from '../stdlib.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

const policy = (scripts: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${scripts}`,
    "worker-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Nothing that is not of the page is loaded or run; kernels of WebAssembly are made in it. */
const POLICY = policy("'wasm-unsafe-eval'");
/** Losses that have no kernel are trained by JavaScript that the compiler writes, in a worker of their own. */
const TRAINING = '/training.js';
const TRAINING_POLICY = policy("'unsafe-eval'");

/** Starts it; on any free port where that is 0. Throws a RunError for a port that cannot be had, and for a page that was not built. */
export async function servePlayground(
  port: number,
  folder = join(packageRoot(), 'dist/playground'),
): Promise<LocalServer> {
  const files = pageFiles(folder);
  return serveLocally(({ path }, response) => answer(files, path, response), port);
}

/** Every file of the page by its address: nothing else is ever read, whatever is asked for. */
function pageFiles(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(join(folder, 'index.html')))
    throw new RunError('the playground is not built', 'run npm run build:playground');
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const all = names.map((name) => [name.slice(folder.length).replaceAll('\\', '/'), name] as const);
  return new Map([...all, ['/', join(folder, 'index.html')]]);
}

function answer(files: ReadonlyMap<string, string>, path: string, response: ServerResponse): void {
  const file = files.get(path);
  if (file === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such file.\n');
    return;
  }
  const body = readFileSync(file);
  response.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-length': body.length,
    'content-security-policy': path === TRAINING ? TRAINING_POLICY : POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  });
  // Node leaves the body out where only the head was asked for.
  response.end(body);
}
