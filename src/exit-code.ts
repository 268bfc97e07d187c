/** What a command that failed says, once, and how it counts: 1 for the user's files, 2 for wrong usage and our own failures. */
import { type Command, CommanderError } from 'commander';
import { Exit, messageOf } from './errors.js';
import { type Failure, failureOf, tellFailure } from './failure.js';
import { painted, printError, printJson } from './terminal.js';
import { usageFailure } from './usage-failure.js';

/** What was called, where that is known. */
export interface Call {
  readonly command: Command;
  /** Was JSON asked for? Then failures are JSON on standard output too. */
  readonly json: boolean;
}

export function exitCode(error: unknown, call?: Call): number {
  if (error instanceof Exit) return error.code;
  // Help or the version was printed, asked for or in place of a command.
  if (error instanceof CommanderError && isPrinted(error)) return error.exitCode === 0 ? 0 : 2;
  if (isBrokenPipe(error)) return 0;
  const told: Failure | undefined =
    error instanceof CommanderError && call !== undefined
      ? { ...usageFailure(error, call.command), code: 2 }
      : failureOf(error);
  if (told !== undefined) {
    tellFailure(told);
    if (call?.json === true) {
      const { message, hint, diagnostics } = told;
      printJson({
        error: { message, ...(hint !== undefined && { hint }), ...(diagnostics && { diagnostics }) },
      });
    }
    return call !== undefined && ANSWERING.has(call.command.name()) ? 2 : told.code;
  }
  printError(
    `${painted('red', 'error')}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  printError('This is a bug in lossc, not in your files. Please report it.');
  if (call?.json === true) printJson({ error: { message: `a bug in lossc: ${messageOf(error)}` } });
  return 2;
}

/** Commands of which 1 is an answer, as it is of diff: what stands in the way of one is 2. */
const ANSWERING: ReadonlySet<string> = new Set(['diff']);

const isPrinted = ({ code, exitCode: exit }: CommanderError): boolean =>
  exit === 0 || code === 'commander.help';

/** Nobody reads what is printed any more: the pipe or the terminal is gone. */
export const isBrokenPipe = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'EPIPE' || (error.code === 'EIO' && 'syscall' in error && error.syscall === 'write'));
