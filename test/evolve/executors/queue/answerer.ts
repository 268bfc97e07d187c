/** A worker of a queue that answers without training, to be killed at any moment: its arguments are the queue and the seconds of its lease. */
import { openQueue } from '../../../../src/evolve/executors/queue/open-queue.js';
import { hash32 } from '../../../../src/random.js';

const [queue = '', leaseSeconds = '2'] = process.argv.slice(2);
const worker = `answerer-${process.pid}`;
const end = await openQueue(queue, () => {}).work(worker);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
await end.serve({
  slots: 4,
  leaseSeconds: Number(leaseSeconds),
  signal: stop.signal,
  handle: async ({ id }) => {
    const report = { end: 'finished', score: hash32(id) / 2 ** 32, steps: 1, curve: [], milliseconds: 0 };
    return { answer: JSON.stringify({ worker, kind: 'report', report }), giveBack: false };
  },
});
await end.close();
