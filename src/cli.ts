#!/usr/bin/env node
import module from 'node:module';
import { Command } from 'commander';
import { COMMANDS } from './commands/all.js';
import { exitCode, isBrokenPipe } from './exit-code.js';
import { packageVersion } from './version.js';

// From version 22.8 on, Node keeps compiled code between runs. What is imported below this line profits.
(module as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('lossc')
    .description('A compiler and search engine for neural-network loss functions.')
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('(lossc --help shows the commands)')
    .enablePositionalOptions();
  try {
    for (const { name, summary, load } of COMMANDS) {
      const command = program
        .command(name)
        .description(summary)
        .exitOverride()
        .showHelpAfterError(`(lossc ${name} --help shows its options)`);
      if (argv[2] === name || (argv[2] === 'help' && argv[3] === name)) (await load()).define(command);
    }
    await program.parseAsync([...argv]);
    return 0;
  } catch (error) {
    return exitCode(error);
  }
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
process.on('uncaughtException', (error) => process.exit(exitCode(error)));
process.exitCode = await main(process.argv);
