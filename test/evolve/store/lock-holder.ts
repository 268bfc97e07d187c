/** Takes the lock of the folder given and keeps it until a signal, or, with `vanish`, ends at once without giving it back. */
import { writeSync } from 'node:fs';
import { interruptible } from '../../../src/commands/run-options.js';
import { lockRun } from '../../../src/evolve/store/run-lock.js';

const [directory, how] = process.argv.slice(2);
const unlock = lockRun(directory!);
const waiting = setInterval(() => {}, 1000);
const { signal, done } = interruptible();
signal.addEventListener('abort', () => {
  clearInterval(waiting);
  if (how === 'throw') throw new Error('in the middle of something');
  done();
  unlock();
});
writeSync(1, 'locked\n');
if (how === 'vanish') process.kill(process.pid, 'SIGKILL');
