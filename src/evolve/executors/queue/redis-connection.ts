/** Connections to Redis or Valkey, with every failure of the first one in words. */
import type { Redis } from 'ioredis';
import { messageOf, RunError, UsageError } from '../../../errors.js';
import type { Notice } from './transport.js';

/** How to get in, as ioredis takes it. */
interface Access {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: { readonly servername: string };
  readonly maxRetriesPerRequest: null;
  readonly connectTimeout: number;
}

/** Where a queue is. */
export interface RedisAddress {
  readonly options: Access;
  /** Of the queue. */
  readonly name: string;
  readonly shown: string;
}

const DEFAULT_PORT = 6379;
const DEFAULT_NAME = 'lossc';
const FORM = 'write redis://HOST:PORT/NAME, or rediss:// for TLS';

export const isRedisUrl = (text: string): boolean => /^rediss?:\/\//i.test(text);

/** Reads `redis://[[USER]:PASSWORD@]HOST[:PORT][/NAME]`. The password may be in LOSSC_QUEUE_PASSWORD instead. */
export function redisAddress(text: string, password = process.env['LOSSC_QUEUE_PASSWORD']): RedisAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError('the address of the queue is not a URL', FORM);
  }
  const name = decodeURIComponent(url.pathname.slice(1)) || DEFAULT_NAME;
  if (url.hostname === '') throw new UsageError('the address of the queue has no host', FORM);
  if (!/^[\w.-]{1,64}$/.test(name))
    throw new UsageError(`"${name}" is not a valid name for a queue: use letters, digits, and _ . -`, FORM);
  if (url.search !== '' || url.hash !== '')
    throw new UsageError(`the address of the queue has "${url.search}${url.hash}" at its end`, FORM);
  const secret = decodeURIComponent(url.password) || password;
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  // As the URL has it, an IPv6 address stands in brackets.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    name,
    shown: `${url.protocol}//${url.hostname}:${port}/${name}`,
    options: {
      host,
      port,
      ...(url.username !== '' && { username: decodeURIComponent(url.username) }),
      ...(secret !== undefined && secret !== '' && { password: secret }),
      ...(url.protocol === 'rediss:' && { tls: { servername: host } }),
      // BullMQ asks for it: commands wait until the connection is back.
      maxRetriesPerRequest: null,
      connectTimeout: CONNECT_MS,
    },
  };
}

/** Milliseconds that a server has to accept a connection. */
const CONNECT_MS = 5000;
/** Milliseconds between tries to get a lost connection back. */
const RETRY_MS = 1000;

/** The packages, which are installed by those who want a queue on Redis. */
export async function redisPackages() {
  try {
    const [{ Redis }, { Queue, Worker, WaitingError }] = await Promise.all([
      import('ioredis'),
      import('bullmq'),
    ]);
    return { Redis, Queue, Worker, WaitingError };
  } catch (thrown) {
    throw new RunError(
      'a queue on Redis needs the packages bullmq and ioredis, which are not installed',
      'npm install bullmq ioredis',
      { cause: thrown },
    );
  }
}

/** What the server says of itself. */
export type ServerInfo = ReadonlyMap<string, string>;

/** Connects once, to see whether the server is there and lets us in. Throws a RunError that says why not. */
export async function tryServer({ options, shown }: RedisAddress): Promise<{
  readonly info: ServerInfo;
  /** Milliseconds of each of a few questions. */
  readonly trips: readonly number[];
}> {
  const { Redis } = await redisPackages();
  const client = new Redis({
    ...options,
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  let heard: Error | undefined;
  client.on('error', (error: Error) => {
    heard ??= error;
  });
  try {
    await client.connect();
    const info = await client.info();
    const trips: number[] = [];
    for (let i = 0; i < TRIPS; i++) {
      const start = performance.now();
      await client.ping();
      trips.push(performance.now() - start);
    }
    return { info: readInfo(info), trips };
  } catch (thrown) {
    throw unreachable(heard ?? thrown, shown);
  } finally {
    client.disconnect();
  }
}

const TRIPS = 21;

const readInfo = (text: string): ServerInfo =>
  new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const [, name, value] = /^(\w+):(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value!] as const];
    }),
  );

const REASONS: readonly (readonly [RegExp, string, string])[] = [
  [/ECONNREFUSED/, 'no server is listening there', 'start a server there: redis-server'],
  [/ENOTFOUND|EAI_AGAIN/, 'there is no such host', 'check the address'],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/, 'the host does not answer', 'check the address and the firewall'],
  [
    /WRONGPASS|invalid (?:username-)?password/i,
    'the password is wrong',
    'it is read from LOSSC_QUEUE_PASSWORD or the URL',
  ],
  [/NOAUTH|AUTH/, 'it requires a password', 'set LOSSC_QUEUE_PASSWORD, or write it into the URL'],
  [
    /certificate|SELF_SIGNED|ALTNAME|UNABLE_TO/i,
    'its certificate is not trusted',
    'set NODE_EXTRA_CA_CERTS to the file of its certificate authority',
  ],
  [
    /wrong version number|packet length|SSL|TLS|EPROTO|ECONNRESET|closed|socket hang up/i,
    'the connection was closed',
    'use rediss:// if the server uses TLS, and redis:// if it does not',
  ],
];

function unreachable(thrown: unknown, shown: string): RunError {
  const text = `${(thrown as { code?: unknown }).code ?? ''} ${messageOf(thrown)}`;
  const found = REASONS.find(([pattern]) => pattern.test(text));
  return new RunError(
    `cannot use the queue ${shown}: ${found === undefined ? messageOf(thrown) : found[1]}`,
    found?.[2],
  );
}

/** The least that streams and BullMQ need (BullMQ recommends 6.2). */
const LEAST = [6, 2] as const;

/** Name and version of the server, and what makes it unfit. */
export function judgeServer(info: ServerInfo): {
  readonly server: string;
  readonly problems: readonly string[];
} {
  const valkey = info.get('valkey_version');
  const version = info.get('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const policy = info.get('maxmemory_policy');
  return {
    server: valkey === undefined ? `Redis ${version}` : `Valkey ${valkey}`,
    problems: [
      ...(major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1])
        ? [`the version is too old: ${LEAST.join('.')} or newer is needed`]
        : []),
      ...(policy !== undefined && policy !== 'noeviction'
        ? [
            `the eviction policy is ${policy}, which drops jobs when memory is short: set maxmemory-policy noeviction`,
          ]
        : []),
    ],
  };
}

/** A connection that comes back by itself; what happens to it is said once for each time it is lost. */
export async function connected({ options, shown }: RedisAddress, notice: Notice): Promise<Redis> {
  const { Redis } = await redisPackages();
  const client = new Redis({ ...options, retryStrategy: () => RETRY_MS });
  let lost = false;
  client.on('error', (error: Error) => {
    if (!lost) notice(`the connection to ${shown} is lost: ${messageOf(error)}; trying again`);
    lost = true;
  });
  client.on('ready', () => {
    if (lost) notice(`the connection to ${shown} is back`);
    lost = false;
  });
  return client;
}
