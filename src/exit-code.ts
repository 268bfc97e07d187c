/** What a command that failed says, once, and how it counts: 1 for the user's files, 2 for wrong usage and our own failures. */
import { CommanderError } from 'commander';
import { LossError } from '../grammar/diagnostic.js';
import { Exit, UsageError } from './commands/command.js';
import { RunError, systemProblem } from './runtime/run-error.js';
import { painted, printError } from './terminal.js';

export function exitCode(error: unknown): number {
  if (error instanceof Exit) return error.code;
  // Commander has printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (isBrokenPipe(error)) return 0;
  if (error instanceof LossError) {
    printError(error.message);
    return 1;
  }
  const told = knownFailure(error);
  if (told !== undefined) {
    printError(`${painted('red', 'error')}: ${told.message}`);
    if (told.hint !== undefined) printError(`  = hint: ${told.hint}`);
    return told.code;
  }
  printError(
    `${painted('red', 'error')}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  printError('This is a mistake in lossc, not in your files. Please report it.');
  return 2;
}

interface Failure {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly code: number;
}

/** Failures that are not ours: of the user's files, of the call, of the machine. */
function knownFailure(error: unknown): Failure | undefined {
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
