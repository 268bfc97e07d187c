/** The two kinds of queue, for tests that hold for both. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { scratch } from '../../../helpers/command-line.js';
import { type RedisServer, redisProgram, startRedis } from '../../../helpers/redis.js';

export interface QueueUnderTest {
  readonly kind: string;
  /** A new queue. */
  address(name: string): string;
  /** Loses everything that is on it. */
  lose(address: string): Promise<void>;
  close(): Promise<void>;
}

/** Those that can be had here; says so where Redis is missing. */
export async function queuesUnderTest(): Promise<readonly QueueUnderTest[]> {
  const program = redisProgram();
  if (program === undefined) console.log('SKIPPED a queue on Redis: there is no redis-server on the PATH');
  return [onFolder(), ...(program === undefined ? [] : [onRedis(await startRedis(program))])];
}

function onFolder(): QueueUnderTest {
  const root = scratch();
  return {
    kind: 'a folder',
    address: (name) => join(root, name),
    async lose(address) {
      for (const part of ['jobs', 'claims', 'answers'])
        for (const file of readdirSync(join(address, part)))
          rmSync(join(address, part, file), { force: true });
    },
    close: async () => {},
  };
}

function onRedis({ port, stop }: RedisServer): QueueUnderTest {
  return {
    kind: 'Redis',
    address: (name) => `redis://127.0.0.1:${port}/${name}`,
    async lose() {
      const client = new Redis(port, '127.0.0.1');
      await client.flushall();
      client.disconnect();
    },
    close: stop,
  };
}
