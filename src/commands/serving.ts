/** `--serve`: the report of a command in a browser, up to date while the command works. */
import { UsageError } from '../errors.js';
import type { LiveSource } from '../report/live/serve.js';
import { wholeNumber } from './command.js';
import type { Rows } from './option-table.js';

export interface ServeOptions {
  /** A port; true for a free one. */
  readonly serve?: number | true;
}

/** A port that a program of a user may have. */
export function portNumber(text: string): number {
  const port = wholeNumber(1)(text);
  if (port > 65_535) throw new UsageError(`there is no port ${port}`, 'the largest port is 65535');
  return port;
}

export const SERVE_ROW: Rows<ServeOptions> = {
  serve: {
    flags: '--serve [port]',
    says: 'serve the live report on this machine (default: a free port)',
    read: portNumber,
    resumed: 'this sitting',
  },
};

/** Serves what is asked for and says where; what it gives ends it. */
export async function serving(
  { serve }: ServeOptions,
  source: LiveSource,
  log: (line: string) => void,
): Promise<() => Promise<void>> {
  if (serve === undefined) return async () => {};
  const { serveLive } = await import('../report/live/serve.js');
  const { address, close } = await serveLive(source, serve === true ? undefined : serve);
  log(`the report: ${address}`);
  return close;
}
