/** A web server for the page, on this machine alone. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { RunError } from '../errors.js';
import { packageRoot } from '../stdlib.js';

const HOST = '127.0.0.1';

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

/** Starts it; on any free port where that is 0. Throws a RunError for a port that is in use, and for a page that was not built. */
export async function servePlayground(
  port: number,
  folder = join(packageRoot(), 'dist/playground'),
): Promise<{ readonly server: Server; readonly url: string }> {
  const files = pageFiles(folder);
  const server = createServer((request, response) => answer(files, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  }).catch((thrown: NodeJS.ErrnoException) => {
    const why: Readonly<Record<string, string>> = {
      EADDRINUSE: 'is in use',
      EACCES: 'may not be used by this user',
    };
    throw new RunError(
      `port ${port} ${why[thrown.code ?? ''] ?? `cannot be used: ${thrown.message}`}`,
      'give another one with --port; 0 takes any that is free',
    );
  });
  return { server, url: `http://${HOST}:${(server.address() as AddressInfo).port}/` };
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

function answer(
  files: ReadonlyMap<string, string>,
  { method, url }: IncomingMessage,
  response: ServerResponse,
): void {
  const path = (url ?? '').replace(/[?#].*$/s, '');
  const file = files.get(path);
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
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
  response.end(method === 'HEAD' ? undefined : body);
}
