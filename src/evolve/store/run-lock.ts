/** One process at a time works on a run folder. The lock of a process that is gone is taken over. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RunError } from '../../runtime/run-error.js';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the kernel's ticks, so that a reused process number is not mistaken for the holder. */
  readonly started: string | null;
}

/** Takes the lock of a folder; the result gives it back. Throws a RunError when a living process has it. */
export function lockRun(directory: string): () => void {
  const file = join(directory, 'lock');
  const mine = JSON.stringify(thisProcess());
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    }
    const holder = readHolder(file);
    if (holder !== undefined && isAlive(holder)) {
      throw new RunError(
        `the run in ${directory} is being worked on by process ${holder.pid} on ${holder.host}`,
        `wait for it, or stop it; if it is certainly gone, delete ${file}`,
      );
    }
    rmSync(file, { force: true });
  }
  throw new RunError(`could not lock ${directory}`, 'another process keeps taking it');
}

function thisProcess(): Holder {
  return { pid: process.pid, host: hostname(), started: startOf(process.pid) };
}

/** Undefined for a lock that was torn while being written: nobody holds that. */
function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
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
  return holder.started === null || startOf(holder.pid) === holder.started;
}

/** Field 22 of /proc/PID/stat; null where there is no such file. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
