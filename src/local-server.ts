/** Pages of this machine for its own browser: a server that only this machine reaches. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { messageOf, RunError } from './errors.js';

export interface LocalServer {
  /** `http://127.0.0.1:PORT/`. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

const HOST = '127.0.0.1';
const NAMES = new Set([HOST, 'localhost']);

/** What is asked for: the path as it was written, and what stands behind the question mark. */
export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * Serves on a port of the loopback interface, or on a free one for 0. Only GET and HEAD are answered, and only under the names of this
 * machine: a page of another site whose name leads here must not read what is served. Throws a RunError where the port cannot be had.
 */
export async function serveLocally(
  answer: (asked: Asked, response: ServerResponse) => void,
  port = 0,
): Promise<LocalServer> {
  const server = createServer((request, response) => {
    if (!isAddressedToUs(request)) return refuse(response, 403, 'this server only answers to 127.0.0.1');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(response, 405, 'this server only answers GET', { allow: 'GET, HEAD' });
    const [path, query] = (request.url ?? '').replace(/#.*$/s, '').split(/\?(.*)/s, 2);
    answer({ path: path!, query: new URLSearchParams(query) }, response);
  });
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => fail(unavailable(port, error)));
    server.listen(port, HOST, done);
  });
  const { port: own } = server.address() as { readonly port: number };
  return {
    address: `http://${HOST}:${own}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeIdleConnections();
      }),
  };
}

function isAddressedToUs({ headers }: IncomingMessage): boolean {
  const base = `http://${headers.host ?? ''}`;
  return URL.canParse(base) && NAMES.has(new URL(base).hostname);
}

function refuse(
  response: ServerResponse,
  status: number,
  reason: string,
  more: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...more }).end(`${reason}\n`);
}

function unavailable(port: number, error: NodeJS.ErrnoException): RunError {
  if (error.code === 'EADDRINUSE')
    return new RunError(`port ${port} is in use`, `choose another one, such as ${port + 1}`);
  if (error.code === 'EACCES')
    return new RunError(`port ${port} needs administrator rights`, 'choose one from 1024 on');
  return new RunError(`cannot serve on port ${port}: ${messageOf(error)}`);
}
