/** From what `--queue` says to what carries the jobs. */
import { hostname } from 'node:os';
import { UsageError } from '../../../errors.js';
import { folderTransport } from './folder-transport.js';
import { isRedisUrl, redisAddress } from './redis-connection.js';
import { redisTransport } from './redis-transport.js';
import type { Notice, Transport } from './transport.js';

/** A URL of Redis, or else a folder. Throws a UsageError for what is neither. */
export function openQueue(text: string, notice: Notice): Transport {
  if (isRedisUrl(text)) return redisTransport(redisAddress(text), notice);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text === '')
    throw new UsageError(
      `--queue takes redis://HOST:PORT/NAME, rediss://HOST:PORT/NAME, or a folder, not ${text.split(':')[0]}://`,
    );
  return folderTransport(text, notice);
}

/** The machine, and the process: what people are told, and the name of files. */
export const workerName = (): string => `${hostname()}-${process.pid}`.replace(/[^\w.-]/g, '_');
