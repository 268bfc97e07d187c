#!/usr/bin/env node
import module from 'node:module';
import { RunError, readProblem } from './errors.js';
import { type Call, exitCode, isBrokenPipe } from './exit-code.js';
import { createProgram, isCommand } from './program.js';

// From version 22.8 on, Node keeps compiled code between runs. What is imported below this line profits.
(module as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();

let failed: number | undefined;

async function main(argv: readonly string[]): Promise<number> {
  const [, , asked, topic] = argv;
  try {
    const program = await createProgram(asked, asked === 'help' ? topic : undefined);
    // Help about a command that there is not would be the help about all, without a word.
    const isUnknown = asked === 'help' && topic !== undefined && !isCommand(topic);
    try {
      await program.parseAsync(isUnknown ? [topic] : argv.slice(2), { from: 'user' });
      return 0;
    } catch (error) {
      const command = program.commands.find((one) => one.name() === asked) ?? program;
      return failure(error, { command, json: argv.includes('--json') });
    }
  } catch (error) {
    return failure(error);
  }
}

/** Says what went wrong, once: a library that fails while it loads fails a second time outside of any promise. */
function failure(error: unknown, call?: Call): number {
  failed ??= exitCode(error, call);
  return failed;
}

process.stdout.on('error', (error) => {
  if (isBrokenPipe(error)) process.exit(0);
  throw new RunError(`cannot write to standard output: ${readProblem(error)}`);
});
// Progress that nobody sees any more is no reason to stop a long run.
process.stderr.on('error', (error) => {
  if (!isBrokenPipe(error)) throw error;
});
// What a library throws outside of any promise would otherwise be shown with the library's source.
process.on('uncaughtException', (error) => process.exit(failure(error)));
process.exitCode = await main(process.argv);
