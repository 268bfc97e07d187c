/** A command that proposes expressions: greeted, asked once a generation, watched, started again where it broke, and ended. */
import { RunError } from '../../../errors.js';
import { packageVersion } from '../../../version.js';
import { MOST_LINE, PROTOCOL } from '../../model/evaluator-messages.js';
import { type FromProposer, fromProposer, type ProposeMessage } from '../../model/proposer-messages.js';
import { type LineProcess, startLineProcess } from '../lines/line-process.js';
import { createLog } from '../lines/log.js';
import { readMessage } from '../lines/read-message.js';

/** Bodies as they were proposed, or why there are none. */
export type ProposerAnswer =
  | { readonly bodies: readonly (readonly string[])[] }
  | { readonly problem: string };

export interface ProposerScript {
  /** Whether it answers hello; throws a RunError that says what it does instead. */
  greet(): Promise<void>;
  /** Never rejects: whatever the command does costs this answer alone. */
  ask(question: Omit<ProposeMessage, 'type' | 'id'>): Promise<ProposerAnswer>;
  /** What it logs, from now on in this file. */
  logInto(file: string): void;
  /** At once where it is being asked; that question never settles. */
  close(): Promise<void>;
}

export interface ProposerLimits {
  readonly startSeconds: number;
  /** A language model may take its time, and nothing waits for it but the search. */
  readonly answerSeconds: number;
}

export const PROPOSER_LIMITS: ProposerLimits = { startSeconds: 300, answerSeconds: 600 };

/** Characters on standard output for one answer. */
const MOST_SAID = 16 * 2 ** 20;

export function createProposerScript(command: string, limits: ProposerLimits): ProposerScript {
  const log = createLog();
  let lines: LineProcess | undefined;
  let heard: ((message: FromProposer | { readonly problem: string }) => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let said = 0;
  let asked = 0;

  /** The next message, or why there will be none; the process has ended then. */
  function next(seconds: number): Promise<FromProposer | { readonly problem: string }> {
    return new Promise((resolve) => {
      timer = setTimeout(() => fail(`the proposer took more than ${seconds} s`), seconds * 1000);
      heard = (message) => {
        heard = undefined;
        clearTimeout(timer);
        resolve(message);
      };
    });
  }
  function fail(problem: string): void {
    lines?.kill();
    lines = undefined;
    heard?.({ problem });
  }
  function hear(line: string): void {
    said += line.length;
    if (said > MOST_SAID) {
      fail('the proposer keeps printing to standard output');
      return;
    }
    const message = readMessage(line, fromProposer, 'the proposer');
    if (message === undefined) log.append(`${line}\n`);
    else if (typeof message === 'string') fail(message);
    else if (heard === undefined) fail(`the proposer sent ${message.type} without being asked`);
    else heard(message);
  }
  function start(): LineProcess {
    said = 0;
    const process: LineProcess = startLineProcess(command, {}, MOST_LINE, {
      onLine: (line) => {
        if (process === lines) hear(line);
      },
      onTooLong: () => fail(`the proposer sent a line of more than ${MOST_LINE} characters`),
      onLog: (text) => log.append(text),
      onEnd: (how) => {
        if (process !== lines) return;
        const words = log.lastWords();
        fail(`the proposer ${words === '' ? how : `${how}: ${words}`}`);
      },
    });
    return process;
  }
  /** Undefined where it is greeted, else what is wrong. */
  async function greeted(): Promise<string | undefined> {
    if (lines?.isAlive()) return undefined;
    lines = start();
    const hello = next(limits.startSeconds);
    lines.send({ type: 'hello', protocol: PROTOCOL, lossc: packageVersion() });
    const answer = await hello;
    if ('problem' in answer) return answer.problem;
    if (answer.type === 'hello') return undefined;
    const problem = `the proposer sent ${answer.type} before hello`;
    fail(problem);
    return problem;
  }

  return {
    async greet() {
      const problem = await greeted();
      if (problem !== undefined)
        throw new RunError(
          `the proposer "${command}" does not start: ${problem}`,
          'it has to answer hello, see the evaluator protocol',
        );
    },
    async ask(question) {
      const problem = await greeted();
      if (problem !== undefined) return { problem };
      said = 0;
      const id = String(asked++);
      const answered = next(limits.answerSeconds);
      lines!.send({ type: 'propose', id, ...question });
      const answer = await answered;
      if ('problem' in answer) return answer;
      if (answer.type === 'proposals' && answer.id === id)
        return { bodies: answer.bodies.map((body) => (typeof body === 'string' ? [body] : body)) };
      const wrong =
        answer.type === 'hello'
          ? 'the proposer said hello twice'
          : `the proposer answered question ${answer.id} instead of ${id}`;
      fail(wrong);
      return { problem: wrong };
    },
    logInto: (file) => log.into(file),
    async close() {
      const process = lines;
      lines = undefined;
      clearTimeout(timer);
      if (heard !== undefined) process?.kill();
      await process?.end();
    },
  };
}
