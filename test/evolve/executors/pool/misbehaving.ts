/** A task module for the tests of the pool: tasks that answer, throw, crash, hang and eat memory. */
import { appendFileSync, existsSync, statSync } from 'node:fs';
import type { TaskRunner } from '../../../../src/evolve/executors/pool/protocol.js';

type Task =
  | { readonly do: 'echo'; readonly value: number }
  | { readonly do: 'throw' | 'crash' | 'hang' | 'pid' }
  | { readonly do: 'die'; readonly times: number; readonly marker: string }
  | { readonly do: 'eat'; readonly where: 'heap' | 'buffers' }
  | { readonly do: 'keep'; readonly mebibytes: number };

const kept: Buffer[] = [];

export async function createTaskRunner(setup: {
  readonly offset: number;
  readonly bad?: string;
  /** Ends the process while it is starting. */
  readonly dies?: string;
}): Promise<TaskRunner> {
  if (setup.bad !== undefined) throw new Error(setup.bad);
  if (setup.dies !== undefined) {
    setImmediate(() => {
      throw new TypeError(setup.dies);
    });
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
  return {
    dispose: () => {},
    async run(given) {
      const task = given as Task;
      switch (task.do) {
        case 'echo':
          await new Promise((resolve) => setTimeout(resolve, 5));
          return task.value + setup.offset;
        case 'pid':
          return process.pid;
        case 'throw':
          throw new Error('as told');
        case 'crash':
          process.abort();
          break;
        case 'die':
          if (existsSync(task.marker) && statSync(task.marker).size >= task.times) return 'survived';
          appendFileSync(task.marker, '.');
          process.kill(process.pid, 'SIGKILL');
          return new Promise(() => {});
        case 'hang':
          for (;;);
        case 'eat': {
          const heap: unknown[] = [];
          for (;;) {
            if (task.where === 'heap') heap.push(new Array(200_000).fill({}));
            else kept.push(Buffer.alloc(16 * 2 ** 20, 1));
            await new Promise((resolve) => setTimeout(resolve, 1));
          }
        }
        case 'keep':
          kept.push(Buffer.alloc(task.mebibytes * 2 ** 20, 1));
          return kept.length;
      }
      return undefined;
    },
  };
}
