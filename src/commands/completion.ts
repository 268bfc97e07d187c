import { Command } from 'commander';
import { didYouMean } from '../did-you-mean.js';
import { UsageError } from '../errors.js';
import { stdlibNames } from '../stdlib.js';
import type { CommandRow, Define } from './command.js';
import { type CompletedCommand, completionScript, SHELLS } from './completion-scripts.js';

/** `lossc completion bash`: a script for the shell, about these commands. */
export const completionOf =
  (rows: readonly CommandRow[]): Define =>
  (command) => {
    command.argument('<shell>', SHELLS.join(', ')).action(async (asked: string) => {
      const shell = SHELLS.find((one) => one === asked);
      if (shell === undefined)
        throw new UsageError(
          `no completion for the shell "${asked}"`,
          didYouMean(asked, SHELLS, `the shells are ${SHELLS.join(', ')}`),
        );
      const standard = stdlibNames().map((name) => `std/${name}`);
      process.stdout.write(completionScript(shell, { commands: await completedCommands(rows), standard }));
    });
  };

async function completedCommands(rows: readonly CommandRow[]): Promise<readonly CompletedCommand[]> {
  return Promise.all(
    rows.map(async ({ name, summary, load }) => {
      const command = new Command(name);
      (await load()).define(command);
      const options = [command, ...command.commands]
        .flatMap((one) => one.options)
        .filter(({ hidden, long }) => !hidden && long !== undefined)
        .map((option) => ({
          flag: option.long!,
          says: option.description,
          takesValue: option.required || option.optional,
          choices: option.argChoices ?? [],
        }));
      return { name, summary, options };
    }),
  );
}
