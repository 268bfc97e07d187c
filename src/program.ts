import { Command } from 'commander';
import { COMMANDS } from './commands/all.js';
import { optionDescription } from './help.js';
import { packageVersion } from './version.js';

/** Also `help`, which commander adds. */
export const isCommand = (name: string): boolean =>
  name === 'help' || COMMANDS.some((command) => command.name === name);

/** The program with all its commands, of which those that are named have their options. */
export async function createProgram(...named: readonly (string | undefined)[]): Promise<Command> {
  const program = new Command('lossc')
    .description('A compiler and search engine for neural-network loss functions.')
    .version(packageVersion())
    .exitOverride()
    // What commander says of a wrong call, and its hints by spelling alone, are said by `exitCode`.
    .configureOutput({ outputError: () => {} })
    .showSuggestionAfterError(false)
    .configureHelp({ optionDescription })
    .enablePositionalOptions();
  for (const { name, summary, load } of COMMANDS) {
    const command = program.command(name).description(summary);
    if (named.includes(name)) (await load()).define(command);
  }
  return program;
}
