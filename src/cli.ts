#!/usr/bin/env node
import module from 'node:module';
import { type Call, exitCode, isBrokenPipe } from './exit-code.js';
import { createProgram } from './program.js';

// From version 22.8 on, Node keeps compiled code between runs. What is imported below this line profits.
(module as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();

let failed: number | undefined;

async function main(argv: readonly string[]): Promise<number> {
  const [, , asked, topic] = argv;
  try {
    const program = await createProgram(asked, asked === 'help' ? topic : undefined);
    try {
      await program.parseAsync([...argv]);
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
  throw error;
});
// Progress that nobody sees any more is no reason to stop a long run.
process.stderr.on('error', (error) => {
  if (!isBrokenPipe(error)) throw error;
});
// What a library throws outside of any promise would otherwise be shown with the library's source.
process.on('uncaughtException', (error) => process.exit(failure(error)));
process.exitCode = await main(process.argv);
