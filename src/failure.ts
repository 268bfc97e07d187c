/** What went wrong with files, a call or the machine, in words. Whatever is not here is a mistake of ours. */
import { formatDiagnostic, LossError } from '../grammar/diagnostics/diagnostic.js';
import { plainDiagnostic } from './diagnostic-json.js';
import { RunError, systemProblem, UsageError } from './errors.js';
import { missingPackage } from './packages.js';
import { painted, printError, wantsColor } from './terminal.js';

export interface Failure {
  readonly message: string;
  readonly hint?: string | undefined;
  /** What is printed in place of the message. */
  readonly shown?: readonly string[];
  readonly diagnostics?: readonly unknown[];
  readonly code: number;
}

/** A failure that is not ours; undefined for any other. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof LossError) return mistakes(error);
  const run = error instanceof RunError ? error : missingPackage(error);
  if (run !== undefined) return { message: run.message, hint: run.hint, code: 1 };
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

/** Says it on stderr. */
export function tellFailure({ message, hint, shown }: Failure): void {
  for (const text of shown ?? [`${painted('red', 'error')}: ${message}`]) printError(text);
  if (hint !== undefined) printError(`  = hint: ${hint}`);
}

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

/** As V8 and WebAssembly say it. */
const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error &&
  /out of memory|could not allocate|allocation failed|cannot allocate|\bOOM\b/i.test(error.message);
