/** What a command that failed says, once, and how it counts: 1 for the user's files, 2 for wrong usage and our own failures. */
import { type Command, CommanderError } from 'commander';
import { formatDiagnostic, LossError } from '../grammar/diagnostics/diagnostic.js';
import { plainDiagnostic } from './diagnostic-json.js';
import { Exit, messageOf, RunError, systemProblem, UsageError } from './errors.js';
import { painted, printError, printJson, wantsColor } from './terminal.js';
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
  const told = error instanceof LossError ? mistakes(error) : knownFailure(error, call);
  if (told !== undefined) {
    for (const text of told.shown ?? [`${painted('red', 'error')}: ${told.message}`]) printError(text);
    if (told.hint !== undefined) printError(`  = hint: ${told.hint}`);
    if (call?.json === true) {
      const { message, hint, diagnostics } = told;
      printJson({
        error: { message, ...(hint !== undefined && { hint }), ...(diagnostics && { diagnostics }) },
      });
    }
    return told.code;
  }
  printError(
    `${painted('red', 'error')}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  printError('This is a mistake in lossc, not in your files. Please report it.');
  if (call?.json === true) printJson({ error: { message: `a mistake in lossc: ${messageOf(error)}` } });
  return 2;
}

const isPrinted = ({ code, exitCode: exit }: CommanderError): boolean =>
  exit === 0 || code === 'commander.help';

/** Mistakes of a file, with their frames. */
function mistakes({ diagnostics, source }: LossError): Failure {
  const color = wantsColor(process.stderr);
  const count = diagnostics.length;
  return {
    message: `${source.name} has ${count === 1 ? 'a mistake' : `${count} mistakes`}`,
    shown: diagnostics.map((diagnostic) => `${formatDiagnostic(diagnostic, source, { color })}\n`),
    diagnostics: diagnostics.map((diagnostic) => plainDiagnostic(diagnostic, source)),
    code: 1,
  };
}

interface Failure {
  readonly message: string;
  readonly hint?: string | undefined;
  /** What is printed in place of the message. */
  readonly shown?: readonly string[];
  readonly diagnostics?: readonly unknown[];
  readonly code: number;
}

/** Failures that are not ours: of the user's files, of the call, of the machine. */
function knownFailure(error: unknown, call: Call | undefined): Failure | undefined {
  if (error instanceof CommanderError && call !== undefined)
    return { ...usageFailure(error, call.command), code: 2 };
  if (error instanceof RunError) return { message: error.message, hint: error.hint, code: 1 };
  if (error instanceof UsageError) return { message: error.message, hint: error.hint, code: 2 };
  const system = systemProblem(error);
  if (system !== undefined)
    return { message: `${system.path === undefined ? '' : `${system.path}: `}${system.problem}`, code: 1 };
  if (isOutOfMemory(error))
    return {
      message: 'there is not enough memory',
      hint: 'free some, or raise the limit that "ulimit -v" shows',
      code: 1,
    };
  return undefined;
}

/** As V8 and WebAssembly say it. */
const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error &&
  /out of memory|could not allocate|allocation failed|cannot allocate|\bOOM\b/i.test(error.message);

/** Nobody reads what is printed any more: the pipe or the terminal is gone. */
export const isBrokenPipe = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'EPIPE' || (error.code === 'EIO' && 'syscall' in error && error.syscall === 'write'));
