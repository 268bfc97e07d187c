#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { LossError } from '../grammar/diagnostic.js';
import { type Define, Exit, UsageError } from './commands/command.js';
import { RunError } from './runtime/run-error.js';
import { painted, printError } from './terminal.js';
import { packageVersion } from './version.js';

/** The subcommands. Each is loaded only when it is called, so `lossc check` does not wait for TensorFlow.js. */
const COMMANDS: readonly {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly define: Define }>;
}[] = [
  { name: 'check', summary: 'find mistakes in .loss files', load: () => import('./commands/check.js') },
  { name: 'fmt', summary: 'format .loss files', load: () => import('./commands/fmt.js') },
  { name: 'compile', summary: 'compile losses to code', load: () => import('./commands/compile.js') },
  {
    name: 'eval',
    summary: 'evaluate a loss and its gradient on given numbers',
    load: () => import('./commands/eval.js'),
  },
  { name: 'grad', summary: 'show the gradient as mathematics', load: () => import('./commands/grad.js') },
  { name: 'test', summary: 'run the test blocks of .loss files', load: () => import('./commands/test.js') },
  { name: 'train', summary: 'train a network with a loss', load: () => import('./commands/train.js') },
  {
    name: 'doctor',
    summary: 'show backends, data sets and versions',
    load: () => import('./commands/doctor.js'),
  },
];

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('lossc')
    .description('A compiler and search engine for neural-network loss functions.')
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('(lossc --help shows the commands)')
    .enablePositionalOptions();
  for (const { name, summary, load } of COMMANDS) {
    const command = program.command(name).description(summary).exitOverride();
    if (argv[2] === name || (argv[2] === 'help' && argv[3] === name)) (await load()).define(command);
  }
  try {
    await program.parseAsync([...argv]);
    return 0;
  } catch (error) {
    return exitCode(error);
  }
}

/** Says what went wrong, once, and how it counts: 1 for the user's files, 2 for wrong usage and for our own failures. */
function exitCode(error: unknown): number {
  if (error instanceof Exit) return error.code;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof LossError) {
    printError(error.message);
    return 1;
  }
  if (error instanceof RunError || error instanceof UsageError) {
    printError(`${painted('red', 'error')}: ${error.message}`);
    if (error.hint !== undefined) printError(`  = hint: ${error.hint}`);
    return error instanceof RunError ? 1 : 2;
  }
  if (isBrokenPipe(error)) return 0;
  printError(
    `${painted('red', 'error')}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  printError('This is a mistake in lossc, not in your files. Please report it.');
  return 2;
}

const isBrokenPipe = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EPIPE';

process.stdout.on('error', (error) => {
  if (isBrokenPipe(error)) process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv);
