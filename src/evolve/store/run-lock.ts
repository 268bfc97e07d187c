/** One process at a time works on a run folder. The lock of a process that is gone is taken over. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { RunError, readProblem } from '../../errors.js';

const HOLDER = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  host: v.string(),
  /** When the process started, in the kernel's ticks, so that a reused process number is not mistaken for the holder. */
  started: v.nullable(v.string()),
});
type Holder = v.InferOutput<typeof HOLDER>;

/** Takes the lock of a folder; the result gives it back. Throws a RunError when a living process has it. */
export function lockRun(directory: string): () => void {
  const file = join(directory, 'lock');
  const mine = JSON.stringify(thisProcess());
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return releaser(file, mine);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST')
        throw new RunError(`cannot write ${file}: ${readProblem(thrown)}`);
    }
    const holder = readHolder(file);
    if (holder !== undefined && isAlive(holder)) {
      throw new RunError(
        `the run in ${directory} is in use by process ${holder.pid} on ${holder.host}`,
        `wait for it, or stop it; if it no longer runs, delete ${file}`,
      );
    }
    rmSync(file, { force: true });
  }
  throw new RunError(`could not lock ${directory}`, 'another process keeps locking it');
}

/** Gives the lock back when called, or else when the process ends in any way that lets it; never that of another process. */
function releaser(file: string, mine: string): () => void {
  const release = (): void => {
    process.off('exit', release);
    try {
      if (readFileSync(file, 'utf8') === mine) rmSync(file, { force: true });
    } catch {
      // The folder is gone, and the lock with it.
    }
  };
  process.on('exit', release);
  return release;
}

function thisProcess(): Holder {
  return { pid: process.pid, host: hostname(), started: statOf(process.pid)?.started ?? null };
}

/** Undefined for a lock that was torn while being written, or holds something else: nobody holds that. */
function readHolder(file: string): Holder | undefined {
  try {
    const parsed = v.safeParse(HOLDER, JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** On another machine nobody can tell, so the holder counts as alive. */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const stat = statOf(holder.pid);
  // A zombie has ended; only its parent has not asked how.
  if (stat?.state === 'Z' || stat?.state === 'X') return false;
  return holder.started === null || stat?.started === holder.started;
}

/** Fields 3 and 22 of /proc/PID/stat; undefined where there is no such file. */
function statOf(pid: number): { readonly state: string; readonly started: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0]!, started: fields[19]! };
  } catch {
    return undefined;
  }
}
