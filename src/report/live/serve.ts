/** A report that a browser shows while what it is about goes on. */
import type { ServerResponse } from 'node:http';
import { messageOf } from '../../errors.js';
import { type LocalServer, serveLocally } from '../../local-server.js';
import { type Html, note, section } from '../html.js';
import { page } from '../page.js';

/** What is shown. A version is a text that changes with the page. */
export interface LiveSource {
  readonly version: () => string;
  readonly page: (version: string) => Html;
}

/** Milliseconds between two looks at whether anything has changed. */
const LOOK = 1000;
/** Milliseconds after which a browser that waits is told that nothing has, before it gives up by itself. */
const PATIENCE = 25_000;

interface Waiting {
  readonly response: ServerResponse;
  readonly since: string;
  readonly until: number;
}

/**
 * Serves the pages of a source on this machine until it is closed. `GET /next?since=VERSION` is answered as soon as there is another
 * version; whoever still waits when it closes gets the last one, and is told that it is the last.
 */
export async function serveLive(source: LiveSource, port?: number): Promise<LocalServer> {
  const pages = new Pages(source);
  let waiting: Waiting[] = [];
  const look = (): void => {
    if (waiting.length === 0) return;
    const now = pages.now();
    const isDue = ({ since, until }: Waiting): boolean => since !== now.version || Date.now() > until;
    const due = waiting.filter(isDue);
    waiting = waiting.filter((one) => !isDue(one));
    for (const { response, since } of due)
      if (since === now.version) response.writeHead(204, { etag: now.version }).end();
      else send(response, now);
  };
  const server = await serveLocally(({ path, query }, response) => {
    if (path === '/') return send(response, pages.now());
    if (path !== '/next') return void response.writeHead(404).end();
    waiting.push({ response, since: query.get('since') ?? '', until: Date.now() + PATIENCE });
    look();
  }, port);
  const timer = setInterval(look, LOOK);
  return {
    address: server.address,
    close: () => {
      clearInterval(timer);
      const last = waiting;
      waiting = [];
      for (const { response } of last)
        send(response, pages.now(), { 'x-finished': 'yes', connection: 'close' });
      return server.close();
    },
  };
}

interface Page {
  readonly version: string;
  readonly text: string;
}

/** Making a page takes longer than looking whether it would be another. */
class Pages {
  #last: Page | undefined;
  constructor(private readonly source: LiveSource) {}

  now(): Page {
    try {
      const version = this.source.version();
      if (this.#last?.version !== version)
        this.#last = { version, text: this.source.page(version).toString() };
    } catch (thrown) {
      // A run that is about to begin has no ledger yet.
      const problem = messageOf(thrown);
      const version = encodeURIComponent(problem);
      const waits = section('overview', 'Nothing to show yet', note(problem));
      this.#last = { version, text: page('lossc', [waits], { version }).toString() };
    }
    return this.#last;
  }
}

function send(
  response: ServerResponse,
  { version, text }: Page,
  more: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    etag: version,
    ...more,
  });
  response.end(text);
}
