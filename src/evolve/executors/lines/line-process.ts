/**
 * A command in a process group of its own that is spoken to in lines. What it leaves behind ends with it, and all of it ends
 * with this process, however that ends.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';

export interface LineProcess {
  /** Adds a line; whoever does not read it is found out elsewhere. */
  send(message: object): void;
  isAlive(): boolean;
  /** Ends the whole group at once. */
  kill(): void;
  /** Closes its standard input, waits a moment for it to end, and ends what is left. */
  end(): Promise<void>;
}

export interface LineHandlers {
  /** Without its line break. */
  readonly onLine: (line: string) => void;
  /** A line grew longer than it may; nothing more is read. */
  readonly onTooLong: () => void;
  readonly onLog: (text: string) => void;
  /** Called once, after the last line. `how` says how it ended; `killed`: by somebody's hand, not by a mistake of its own. */
  readonly onEnd: (how: string, killed: boolean) => void;
}

/**
 * Runs the command by the shell, in a group that is ended when descriptor 3 closes: this process is gone then, even if the
 * command hangs and never looks at its standard input.
 */
const GUARDED = `(exec </dev/null >/dev/null 2>&1; cat <&3; kill -KILL 0) & exec /bin/sh -c "$1" 3<&-`;

/** Signals that a process does not raise by its own mistake. */
const KILLS: ReadonlySet<NodeJS.Signals> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']);
/** Milliseconds that a command has to end by itself when its input is closed. */
const GRACE = 1000;
/** Milliseconds for output that is still on its way when the command has ended. */
const LAST_WORDS = 200;

export function startLineProcess(
  command: string,
  env: NodeJS.ProcessEnv,
  longest: number,
  { onLine, onTooLong, onLog, onEnd }: LineHandlers,
): LineProcess {
  const child = spawn('/bin/sh', ['-c', GUARDED, 'sh', command], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  }) as unknown as ChildProcessByStdio<Writable, Readable, Readable>;
  let alive = true;
  const kill = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // All of the group is gone.
    }
  };
  process.on('exit', kill);
  const gone = new Promise<void>((resolve) => {
    const over = (how: string, killed: boolean): void => {
      if (!alive) return;
      alive = false;
      process.off('exit', kill);
      for (const stream of child.stdio) stream?.destroy();
      onEnd(how, killed);
      resolve();
    };
    child.on('error', (thrown) => over(`could not be started: ${thrown.message}`, false));
    // Not `close`: what it has left behind may hold the pipes open.
    child.on('exit', (code, ownSignal) => {
      kill();
      const signal = ownSignal ?? signalOf(code);
      const how = signal === undefined ? `exited with code ${code}` : `was killed by ${signal}`;
      const killed = signal !== undefined && KILLS.has(signal);
      const timer = setTimeout(() => over(how, killed), LAST_WORDS);
      child.once('close', () => {
        clearTimeout(timer);
        over(how, killed);
      });
    });
  });
  for (const stream of child.stdio) stream?.on('error', () => {});
  child.stderr.on('data', (chunk: Buffer) => onLog(chunk.toString('utf8')));
  readLines(child.stdout, longest, onLine, onTooLong);
  return {
    send(message) {
      if (alive && child.stdin.writable) child.stdin.write(`${JSON.stringify(message)}\n`);
    },
    isAlive: () => alive,
    kill,
    async end() {
      if (!alive) return;
      child.stdin.end();
      const timer = setTimeout(kill, GRACE);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** A shell says by its code that a signal has ended its command. */
const signalOf = (code: number | null): NodeJS.Signals | undefined =>
  (Object.keys(constants.signals) as NodeJS.Signals[]).find((name) => constants.signals[name] + 128 === code);

function readLines(
  stream: Readable,
  longest: number,
  onLine: (line: string) => void,
  onTooLong: () => void,
): void {
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer): void => {
    parts.push(part);
    length += part.length;
  };
  stream.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      add(chunk.subarray(start, end));
      start = end + 1;
      const line = Buffer.concat(parts).toString('utf8');
      [parts, length] = [[], 0];
      onLine(line);
    }
    add(chunk.subarray(start));
    if (length <= longest) return;
    stream.removeAllListeners('data');
    stream.resume();
    onTooLong();
  });
}
