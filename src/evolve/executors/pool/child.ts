/** One worker process: started, given one task at a time, watched, and ended. */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RunError } from '../../../errors.js';
import type { FromWorker, ToWorker } from './protocol.js';

export interface ChildLimits {
  /** MiB of JavaScript heap, and of the whole process, that a worker may take. */
  readonly heapMiB: number;
  readonly residentMiB: number;
}

/** How a task ended. `lost` is the fate of the process, not an answer. */
export type TaskEnd =
  | { readonly kind: 'answered'; readonly result: unknown }
  | { readonly kind: 'threw'; readonly message: string }
  | {
      readonly kind: 'lost';
      /** `killed`: by somebody outside, which says nothing about the task. */
      readonly fate: 'crashed' | 'killed' | 'timed-out' | 'out-of-memory';
      readonly detail: string;
    };

/** The process ended before it was ready: by somebody's hand, or for want of memory. */
export class StartLost extends RunError {}

export interface Child {
  readonly pid: number;
  /** Answers when the setup is loaded. Rejects with a RunError if it cannot be, with StartLost if the process ended. */
  readonly ready: Promise<void>;
  run(task: unknown, milliseconds: number): Promise<TaskEnd>;
  /** MiB of memory now; 0 where it cannot be read. */
  resident(): number;
  isAlive(): boolean;
  /** Asks it to end and kills it if it does not within a moment. */
  end(): Promise<void>;
}

/** Milliseconds between two looks at a worker's memory. */
const MEMORY_POLL = 250;
/** Milliseconds that a worker has to end by itself. */
const GRACE = 300;
/** Signals that a process does not raise by its own mistake. */
const KILLS: ReadonlySet<NodeJS.Signals> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']);
/** Characters of the standard error of a worker that are kept for the record. */
const KEPT_OUTPUT = 2000;

const WORKER = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** Starts a worker process. What is TypeScript source, itself or the module it loads, needs tsx; the compiled files do not. */
export function startChild(module: string, setup: unknown, limits: ChildLimits): Child {
  const source = WORKER.pathname.endsWith('.ts') || module.endsWith('.ts');
  const child = fork(fileURLToPath(WORKER), [], {
    execArgv: [
      `--max-old-space-size=${limits.heapMiB}`,
      // Found from here: the process may have been started in any folder.
      ...(source ? ['--import', import.meta.resolve('tsx')] : []),
    ],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  return superviseChild(child, module, setup, limits);
}

/** What a process said of its end: the line that names an error, before the stack and the version that Node adds. */
function lastWords(output: string): string {
  const lines = output.trim().split('\n');
  return (lines.findLast((line) => /^\w*(Error|error)\b.*:/.test(line)) ?? lines.at(-1) ?? '').trim();
}

function superviseChild(child: ChildProcess, module: string, setup: unknown, limits: ChildLimits): Child {
  let output = '';
  let heapFull = false;
  let alive = true;
  let nextTask = 0;
  let killedFor: 'timed-out' | 'out-of-memory' | undefined;
  let current: { readonly id: number; readonly settle: (end: TaskEnd) => void } | undefined;
  let readiness: { readonly resolve: () => void; readonly reject: (reason: Error) => void };
  const ready = new Promise<void>((resolve, reject) => {
    readiness = { resolve, reject };
  });
  // Whoever waits for `ready` sees the failure; a pool that is being closed does not wait.
  ready.catch(() => {});
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));

  child.stderr?.on('data', (chunk: Buffer) => {
    const text = chunk.toString('utf8');
    // Said before a stack trace that is longer than what is kept.
    heapFull ||= /heap out of memory|Reached heap limit/i.test(text);
    output = (output + text).slice(-KEPT_OUTPUT);
  });
  child.on('message', (message: FromWorker) => {
    if (message.kind === 'ready') readiness.resolve();
    else if (message.kind === 'unfit') readiness.reject(new RunError(message.message, message.hint));
    else if (message.id === current?.id) {
      settle(
        message.kind === 'done'
          ? { kind: 'answered', result: message.result }
          : { kind: 'threw', message: message.message },
      );
    }
  });
  child.on('error', () => child.kill('SIGKILL'));
  // Not `exit`: what the process said last may still be on its way then.
  child.on('close', (code, signal) => {
    alive = false;
    const killed = signal !== null && KILLS.has(signal);
    const fate = killedFor ?? (heapFull ? 'out-of-memory' : killed ? 'killed' : 'crashed');
    const last = lastWords(output);
    const detail =
      killedFor ??
      (heapFull ? 'the JavaScript heap was full' : `ended by ${signal ?? `code ${code}`} ${last}`.trim());
    readiness.reject(new StartLost(`a worker process ended while it was starting: ${detail}`));
    settle({ kind: 'lost', fate, detail });
  });
  send({ kind: 'start', module, setup });

  function settle(end: TaskEnd): void {
    const task = current;
    current = undefined;
    task?.settle(end);
  }
  function send(message: ToWorker): void {
    if (child.connected) child.send(message, () => {});
  }
  function kill(reason: 'timed-out' | 'out-of-memory'): void {
    killedFor = reason;
    child.kill('SIGKILL');
  }

  return {
    pid: child.pid ?? -1,
    ready,
    resident: () => residentMiB(child.pid),
    isAlive: () => alive,
    run(task, milliseconds) {
      if (!alive) return Promise.resolve({ kind: 'lost', fate: 'killed', detail: 'the worker had ended' });
      const id = nextTask++;
      const poll = setInterval(() => {
        if (residentMiB(child.pid) > limits.residentMiB) kill('out-of-memory');
      }, MEMORY_POLL);
      const timer = setTimeout(() => kill('timed-out'), milliseconds);
      return new Promise<TaskEnd>((resolve) => {
        current = {
          id,
          settle(end) {
            clearInterval(poll);
            clearTimeout(timer);
            resolve(end);
          },
        };
        send({ kind: 'task', id, task });
      });
    },
    async end() {
      if (!alive) return;
      send({ kind: 'stop' });
      const timer = setTimeout(() => child.kill('SIGKILL'), GRACE);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** From /proc, so that a worker that is stuck in a loop is measured too; 0 on systems without it. */
function residentMiB(pid: number | undefined): number {
  try {
    const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(found?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
