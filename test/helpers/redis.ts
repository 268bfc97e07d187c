/** A Redis of one's own on a free port of this machine, which keeps nothing on disk. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { onPath } from './programs.js';

/** The server, or undefined: `redis-server`, or `valkey-server`, which is its sibling. */
export const redisProgram = (): string | undefined => onPath('redis-server', 'valkey-server')[0];

export interface RedisServer {
  readonly port: number;
  /** Ends it at once; all that it held is lost. */
  stop(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  start(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** `settings` are lines of its configuration, such as `requirepass secret`; with TLS it has no other port. */
export async function startRedis(
  program: string,
  settings: readonly string[] = [],
  tls?: { readonly ca: string },
): Promise<RedisServer> {
  const port = await freePort();
  const ports = tls === undefined ? [`port ${port}`] : ['port 0', `tls-port ${port}`];
  let child: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const start = async (): Promise<void> => {
    child = spawn(program, ['-'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const lines = [...ports, 'bind 127.0.0.1', 'save ""', 'appendonly no', ...settings];
    child.stdin!.end(`${lines.join('\n')}\n`);
    const client = new Redis({
      host: '127.0.0.1',
      port,
      retryStrategy: () => 50,
      maxRetriesPerRequest: null,
      ...(tls !== undefined && { tls: { ca: tls.ca, servername: 'localhost' } }),
    });
    client.on('error', () => {});
    // A server that asks for a password answers too.
    await client.ping().catch(() => {});
    client.disconnect();
  };
  process.once('exit', () => child?.kill('SIGKILL'));
  await start();
  return { port, stop, start };
}
