/**
 * A few processes of one training script. Questions are answered as soon as a process is free, in the order of asking; a process
 * that ended or cannot be trusted is replaced, and its question costs at most itself.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, RunError } from '../../../errors.js';
import { failedReport } from '../../model/evaluator.js';
import { identityOf, type ScriptHello } from '../../model/evaluator-messages.js';
import { createLog, type ProcessLog } from '../lines/log.js';
import { type Answered, evaluateMessage, follow, type Question } from './evaluation.js';
import { createLossFiles, type LossOnDisk } from './loss-files.js';
import { type Script, type ScriptEnd, type ScriptLimits, StartFailed, startScript } from './script.js';

export interface ScriptPoolOptions {
  /** Run by the shell, in the folder of this process. */
  readonly command: string;
  readonly workers: number;
  readonly limits: ScriptLimits;
  /** A classifier's losses are given with the factor that makes their first gradients as large as cross-entropy's. */
  readonly matched: boolean;
  /** What the script has said before: it is then started by the first question, and must say the same again. */
  readonly known?: ScriptHello;
}

export interface ScriptPool {
  /** What the script says of itself; starts the first process unless that is known. Throws a RunError where it does not start. */
  hello(): Promise<ScriptHello>;
  /** `record` sees the answer before the process gets another question. */
  ask(question: Question, record?: (answered: Answered) => void): Promise<Answered>;
  /** Keeps what the processes print in this folder, a file for each of them. */
  logInto(folder: string): void;
  /** Ends all processes; questions under way never settle. */
  close(): Promise<void>;
}

export const SCRIPT_LIMITS: ScriptLimits = { startSeconds: 300, evaluationSeconds: 600, folderMiB: 4096 };

/** Starts in a row that may fail, once one has succeeded. */
const MOST_FAILED_STARTS = 3;
/** Processes that one question may lose: who is killed from outside has done nothing wrong. */
const MOST_TRIES: Readonly<Record<Extract<ScriptEnd, { readonly kind: 'lost' }>['fate'], number>> = {
  killed: 3,
  crashed: 1,
};

interface Waiting {
  readonly question: Question;
  /** Of the evaluation, and of its folder. */
  readonly id: string;
  readonly record: ((answered: Answered) => void) | undefined;
  readonly resolve: (answered: Answered) => void;
  readonly reject: (reason: unknown) => void;
  readonly tries: number;
}

export function createScriptPool({
  command,
  workers,
  limits,
  matched,
  known,
}: ScriptPoolOptions): ScriptPool {
  const folder = mkdtempSync(join(tmpdir(), `lossc-evaluator-${process.pid}-`));
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  process.on('exit', removeFolder);
  const queue: Waiting[] = [];
  const scripts = new Map<number, Script>();
  const logs = new Map<number, ProcessLog>();
  const busy = new Set<number>();
  let first: ScriptHello | undefined;
  let lossFiles: ReturnType<typeof createLossFiles> | undefined;
  let logFolder: string | undefined;
  const prepared = new Map<string, Promise<LossOnDisk>>();
  let asked = 0;
  const nextId = (): string => String(++asked);
  let closed = false;
  if (known !== undefined) remember(known);

  function logOf(slot: number): ProcessLog {
    const known = logs.get(slot);
    if (known !== undefined) return known;
    const log = createLog();
    if (logFolder !== undefined) log.into(join(logFolder, `worker-${slot}.log`));
    logs.set(slot, log);
    return log;
  }

  async function scriptAt(slot: number): Promise<Script> {
    const current = scripts.get(slot);
    if (current?.isAlive()) return current;
    for (let failed = 1; ; failed++) {
      const fresh = startScript(command, slot, limits, logOf(slot));
      scripts.set(slot, fresh);
      try {
        const hello = await fresh.hello;
        requireAlike(hello);
        return fresh;
      } catch (thrown) {
        const again = thrown instanceof StartFailed && first !== undefined && failed < MOST_FAILED_STARTS;
        if (closed || !again) throw thrown;
      }
    }
  }

  function remember(hello: ScriptHello): void {
    first = hello;
    lossFiles = createLossFiles(join(folder, 'losses'), hello, matched);
  }

  /** Results of another script, or on another device, do not belong into this run. */
  function requireAlike(hello: ScriptHello): void {
    if (first === undefined) {
      remember(hello);
      return;
    }
    const [before, now] = [identityOf(first), identityOf(hello)];
    if (before === now) return;
    throw new RunError(
      `the evaluator is not the same as when the run started: ${differences(first, hello)}`,
      'results so far are saved; restore the evaluator and resume the run, or start a new one',
    );
  }

  async function serve(slot: number): Promise<void> {
    busy.add(slot);
    for (let waiting = queue.shift(); waiting !== undefined && !closed; waiting = queue.shift()) {
      try {
        const script = await scriptAt(slot);
        const answered = await answer(script, waiting);
        if (closed) return;
        if (answered === undefined) queue.unshift({ ...waiting, id: nextId(), tries: waiting.tries + 1 });
        else {
          waiting.record?.(answered);
          waiting.resolve(answered);
        }
      } catch (thrown) {
        if (!closed) waiting.reject(thrown);
      }
    }
    busy.delete(slot);
  }

  /** Undefined where the question is to be asked again. */
  async function answer(script: Script, waiting: Waiting): Promise<Answered | undefined> {
    const start = performance.now();
    const { question, id, tries } = waiting;
    const own = join(folder, id);
    try {
      const loss = await prepare(waiting);
      const follower = follow(question, first!);
      const message = evaluateMessage(question, loss, identityOf(first!), id, own);
      const ended = script.evaluate(message, follower.hear);
      prepareNext();
      const end = await ended;
      if (end.kind === 'lost' && tries + 1 < MOST_TRIES[end.fate]) return undefined;
      return follower.end(end, performance.now() - start);
    } catch (thrown) {
      return { report: failedReport('failed', messageOf(thrown), performance.now() - start), values: [] };
    } finally {
      prepared.delete(id);
      // The next evaluation does not wait for it; what is left goes with the folder of all.
      rm(own, { recursive: true, force: true }).catch(() => {});
    }
  }

  /** The files and the folder of an evaluation. */
  function prepare({ id, question }: Waiting): Promise<LossOnDisk> {
    const known = prepared.get(id);
    if (known !== undefined) return known;
    const made = Promise.resolve().then(() => {
      mkdirSync(join(folder, id));
      return lossFiles!(question.candidate);
    });
    prepared.set(id, made);
    return made;
  }

  /** Compiles the next loss while a script is at work. */
  function prepareNext(): void {
    const next = queue[0];
    if (next !== undefined) setImmediate(() => void prepare(next).catch(() => {}));
  }

  return {
    async hello() {
      if (first === undefined) await scriptAt(0);
      return first!;
    },
    ask(question, record) {
      return new Promise((resolve, reject) => {
        queue.push({ question, id: nextId(), record, resolve, reject, tries: 0 });
        const free = Array.from({ length: workers }, (_, slot) => slot).find((slot) => !busy.has(slot));
        if (free !== undefined) void serve(free);
      });
    },
    logInto(path) {
      logFolder = path;
      mkdirSync(path, { recursive: true });
      for (const [slot, log] of logs) log.into(join(path, `worker-${slot}.log`));
    },
    async close() {
      closed = true;
      queue.length = 0;
      await Promise.all([...scripts.values()].map((script) => script.end()));
      process.off('exit', removeFolder);
      removeFolder();
    },
  };
}

function differences(before: ScriptHello, now: ScriptHello): string {
  const names = new Set([...Object.keys(before.environment), ...Object.keys(now.environment)]);
  const different = [...names].filter((name) => before.environment[name] !== now.environment[name]);
  if (different.length === 0) return 'its metric or its inputs changed';
  return different
    .map(
      (name) =>
        `${name} was ${before.environment[name] ?? 'nothing'} and is ${now.environment[name] ?? 'nothing'}`,
    )
    .join('; ');
}
