import { Command } from 'commander';
import { COMMANDS } from '../../src/commands/all.js';
import { exitCode } from '../../src/exit-code.js';
import type { Run } from './command-line.js';

/** A subcommand as `src/cli.ts` makes it. */
export async function commandOf(name: string): Promise<Command> {
  const row = COMMANDS.find((one) => one.name === name);
  if (row === undefined) throw new Error(`no command ${name}`);
  const command = new Command(name).exitOverride();
  (await row.load()).define(command);
  return command;
}

/**
 * Runs a subcommand in this process, in the folder given, and catches what it prints: much faster than a process of its own.
 * One at a time: the process has one folder and one output.
 */
export async function call(
  name: string,
  args: readonly string[],
  { cwd = process.cwd() }: { cwd?: string } = {},
): Promise<Run> {
  const command = await commandOf(name);
  const home = process.cwd();
  process.chdir(cwd);
  const printed = { stdout: '', stderr: '' };
  const streams = ['stdout', 'stderr'] as const;
  const originals = streams.map((stream) => process[stream].write);
  for (const stream of streams)
    process[stream].write = ((chunk: string) => {
      printed[stream] += chunk;
      return true;
    }) as typeof process.stdout.write;
  for (const one of [command, ...command.commands])
    one.exitOverride().configureOutput({ writeErr: () => {} });
  let code = 0;
  try {
    await command.parseAsync([...args], { from: 'user' });
  } catch (thrown) {
    code = exitCode(thrown, { command, json: args.includes('--json') });
  } finally {
    for (const [i, stream] of streams.entries()) process[stream].write = originals[i]!;
    process.chdir(home);
  }
  return { code, ...printed };
}
