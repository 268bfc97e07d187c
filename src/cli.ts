#!/usr/bin/env node
import module from 'node:module';
import { Command, CommanderError } from 'commander';
import { LossError } from '../grammar/diagnostic.js';
import { type Define, Exit, UsageError } from './commands/command.js';
import { RunError } from './runtime/run-error.js';
import { painted, printError } from './terminal.js';
import { packageVersion } from './version.js';

// From version 22.8 on, Node keeps compiled code between runs. What is imported below this line profits.
(module as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();

type Loader = () => Promise<{ readonly define: Define }>;

/** The subcommands. Each is loaded only when it is called, so `lossc check` does not wait for TensorFlow.js. */
const COMMANDS: readonly (readonly [name: string, summary: string, load: Loader])[] = [
  ['check', 'find mistakes in .loss files', () => import('./commands/check.js')],
  ['fmt', 'format .loss files', () => import('./commands/fmt.js')],
  ['test', 'run the test blocks of .loss files', () => import('./commands/test.js')],
  ['eval', 'evaluate a loss and its gradient on given numbers', () => import('./commands/eval.js')],
  ['grad', 'show the gradient as mathematics', () => import('./commands/grad.js')],
  ['explain', 'tell what a loss does, and why', () => import('./commands/explain.js')],
  ['plot', 'draw losses and their gradients', () => import('./commands/plot.js')],
  ['compile', 'compile losses to code', () => import('./commands/compile.js')],
  ['train', 'train a network with a loss', () => import('./commands/train.js')],
  ['compare', 'compare losses fairly over several seeds', () => import('./commands/compare.js')],
  ['data-curve', 'compare losses over training-set sizes', () => import('./commands/data-curve.js')],
  ['evolve', 'search for better losses', () => import('./commands/evolve.js')],
  ['tune', 'tune the parameters of a loss with CMA-ES', () => import('./commands/tune.js')],
  ['report', 'write an HTML page about a run', () => import('./commands/report.js')],
  ['pareto', 'list the best loss of each size of a run', () => import('./commands/pareto.js')],
  ['lineage', 'tell where a loss of a run comes from', () => import('./commands/lineage.js')],
  ['show', 'tell all about a loss of a run', () => import('./commands/show.js')],
  ['data', 'download data sets', () => import('./commands/data.js')],
  ['doctor', 'show backends, data sets and versions', () => import('./commands/doctor.js')],
];

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('lossc')
    .description('A compiler and search engine for neural-network loss functions.')
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('(lossc --help shows the commands)')
    .enablePositionalOptions();
  for (const [name, summary, load] of COMMANDS) {
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
