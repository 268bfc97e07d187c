/** One process of a training script: greeted, given one evaluation at a time, watched, and ended. */
import { RunError } from '../../../errors.js';
import { packageVersion } from '../../../version.js';
import {
  type Evaluate,
  type FromScript,
  fromScript,
  MOST_LINE,
  PROTOCOL,
  type ScriptHello,
  type ToScript,
} from '../../model/evaluator-messages.js';
import { type LineProcess, startLineProcess } from '../lines/line-process.js';
import type { ProcessLog } from '../lines/log.js';
import { readMessage } from '../lines/read-message.js';
import { folderSize } from './folder-size.js';

type Answer = Extract<FromScript, { readonly type: 'result' | 'error' }>;
type Report = Extract<FromScript, { readonly type: 'report' }>;

/** How an evaluation ended. */
export type ScriptEnd =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** The script broke the protocol or a limit, which is the end of its process too. */
  | { readonly kind: 'broke'; readonly fate: 'failed' | 'timed-out'; readonly detail: string }
  /** The process ended, or spoke of an evaluation that is over, so that it cannot be trusted with this one. */
  | { readonly kind: 'lost'; readonly fate: 'crashed' | 'killed'; readonly detail: string };

/** The script could not be greeted. */
export class StartFailed extends RunError {}

export interface Script {
  /** What it says of itself. Rejects with StartFailed. */
  readonly hello: Promise<ScriptHello>;
  /** `onReport` says whether the training goes on. */
  evaluate(message: Evaluate, onReport: (report: Report) => boolean): Promise<ScriptEnd>;
  isAlive(): boolean;
  /** Tells it that nobody waits, and ends it. */
  end(): Promise<void>;
}

export interface ScriptLimits {
  readonly startSeconds: number;
  readonly evaluationSeconds: number;
  /** MiB that an evaluation may leave in its folder. */
  readonly folderMiB: number;
}

/** Characters on standard output during one evaluation. */
const MOST_SAID = 16 * 2 ** 20;
/** Milliseconds between two looks at the folder of an evaluation. */
const FOLDER_POLL = 1000;
/** Errors after which a process is not asked again: its memory may be full, and one that died says so first. */
const SHAKEN: ReadonlySet<string> = new Set(['crashed', 'out-of-memory']);

interface Current {
  readonly id: string;
  readonly onReport: (report: Report) => boolean;
  readonly settle: (end: ScriptEnd) => void;
}

export function startScript(command: string, worker: number, limits: ScriptLimits, log: ProcessLog): Script {
  let current: Current | undefined;
  let greeted = false;
  let said = 0;
  let doomed = false;
  const past = new Set<string>();
  let greeting: { readonly resolve: (hello: ScriptHello) => void; readonly reject: (reason: Error) => void };
  const hello = new Promise<ScriptHello>((resolve, reject) => {
    greeting = { resolve, reject };
  });
  // Whoever waits sees it; a pool that is being closed does not wait.
  hello.catch(() => {});
  const startTimer = setTimeout(
    () => fail('failed', `it did not say hello within ${limits.startSeconds} s`),
    limits.startSeconds * 1000,
  );

  const lines: LineProcess = startLineProcess(command, { LOSSC_WORKER: String(worker) }, MOST_LINE, {
    onLine: hear,
    onTooLong: () => fail('failed', `a line of more than ${MOST_LINE} characters`),
    onLog: (text) => log.append(text),
    onEnd: (how, killed) => {
      const words = log.lastWords();
      const detail = words === '' ? how : `${how}: ${words}`;
      refuse(detail);
      settle({ kind: 'lost', fate: killed ? 'killed' : 'crashed', detail: `the script ${detail}` });
    },
  });
  send({ type: 'hello', protocol: PROTOCOL, lossc: packageVersion(), worker });

  function send(message: ToScript): void {
    lines.send(message);
  }
  function settle(end: ScriptEnd): void {
    const { id } = current ?? {};
    if (id !== undefined) past.add(id);
    const { settle: tell } = current ?? {};
    current = undefined;
    tell?.(end);
  }
  function refuse(why: string): void {
    clearTimeout(startTimer);
    greeting.reject(
      new StartFailed(
        `the evaluator "${command}" does not start: ${why}`,
        'it has to answer hello, see the evaluator protocol; "lossc init evaluator pytorch" writes a template',
      ),
    );
  }
  /** The process is ended, and with it the evaluation. */
  function fail(fate: 'failed' | 'timed-out', detail: string): void {
    refuse(detail);
    settle({ kind: 'broke', fate, detail });
    doom();
  }
  function doom(): void {
    doomed = true;
    lines.kill();
  }
  function hear(line: string): void {
    if (doomed) return;
    const message = readMessage(line, fromScript, 'the script');
    said += line.length;
    if (message === undefined) log.append(`${line}\n`);
    if (said > MOST_SAID) fail('failed', 'the script keeps printing to standard output');
    else if (message === undefined) return;
    else if (typeof message === 'string') fail('failed', message);
    else obey(message);
  }
  function obey(message: FromScript): void {
    if (message.type === 'hello') {
      if (greeted) fail('failed', 'the script said hello twice');
      greeted = true;
      clearTimeout(startTimer);
      greeting.resolve(message);
    } else if (!greeted) fail('failed', `the script sent ${message.type} before hello`);
    else if (current === undefined || message.id !== current.id) strayed(message);
    else if (message.type === 'report') {
      const { id } = message;
      send({ type: current.onReport(message) ? 'continue' : 'stop', id });
    } else {
      settle({ kind: 'answered', answer: message });
      if (message.type !== 'error' || !SHAKEN.has(message.kind)) return;
      // It may be ending by itself, and has more to say to the log.
      doomed = true;
      void lines.end();
    }
  }
  /** Of an evaluation that is not under way. One that is cannot be told from it by whoever mixes them up. */
  function strayed({ id, type }: Exclude<FromScript, { readonly type: 'hello' }>): void {
    const detail = `the script sent a ${type} for evaluation ${id}, which ${past.has(id) ? 'is over' : 'does not exist'}`;
    if (past.has(id)) {
      settle({ kind: 'lost', fate: 'killed', detail });
      doom();
    } else fail('failed', detail);
  }

  return {
    hello,
    isAlive: () => !doomed && lines.isAlive(),
    evaluate(message, onReport) {
      if (doomed || !lines.isAlive())
        return Promise.resolve({ kind: 'lost', fate: 'killed', detail: 'the script had ended' });
      said = 0;
      const timer = setTimeout(
        () => fail('timed-out', `it took more than ${limits.evaluationSeconds} s`),
        limits.evaluationSeconds * 1000,
      );
      const poll = setInterval(() => {
        const size = folderSize(message.folder) / 2 ** 20;
        if (size > limits.folderMiB)
          fail('failed', `it wrote more than ${limits.folderMiB} MiB into its folder`);
      }, FOLDER_POLL);
      return new Promise((resolve) => {
        current = {
          id: message.id,
          onReport,
          settle(end) {
            clearTimeout(timer);
            clearInterval(poll);
            resolve(end);
          },
        };
        send(message);
      });
    },
    async end() {
      clearTimeout(startTimer);
      if (current !== undefined) send({ type: 'cancel', id: current.id });
      await lines.end();
    },
  };
}
