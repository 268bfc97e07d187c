/** Wrong calls in words: what commander found, which option it was about, and what was likely meant. */

import type { Command, CommanderError, Option } from 'commander';
import { suggestions } from '../compiler/words/suggest.js';
import { CHOICE_WORDS, COMMAND_WORDS, OPTION_WORDS } from './commands/words.js';
import { didYouMean } from './did-you-mean.js';

export interface UsageFailure {
  readonly message: string;
  readonly hint: string;
}

/** What to say of a wrong call; `command` is the one that was called, or the program where there is none. */
export function usageFailure(error: CommanderError, command: Command): UsageFailure {
  const message = error.message.replace(/^error: /, '').split('\n')[0]!;
  const help =
    command.parent === null
      ? 'lossc --help shows the commands'
      : `lossc ${command.name()} --help shows its options`;
  const [, quoted = ''] = /'(.*?)'/.exec(message) ?? [];
  switch (error.code) {
    case 'commander.unknownOption':
      return { message, hint: optionHint(quoted, command) ?? help };
    case 'commander.unknownCommand':
      return { message, hint: commandHint(quoted, command) ?? help };
    case 'commander.invalidArgument':
      return invalidArgument(message, command) ?? { message, hint: help };
    case 'commander.optionMissingArgument':
      return {
        message: `${quoted.split(/[ ,]+/).find((part) => part.startsWith('--')) ?? quoted} needs a value`,
        hint: `write ${quoted}`,
      };
    default:
      return { message, hint: help };
  }
}

/** `--learning_rate=0.1` as it is looked up. */
const plainFlag = (flag: string): string => flag.replace(/=.*$/s, '').replaceAll('_', '-').toLowerCase();

function optionHint(written: string, command: Command): string | undefined {
  const flag = plainFlag(written);
  const known = command.options.flatMap((option) => option.long ?? []);
  const meant = OPTION_WORDS.find(
    ([words, option]) => words.split(' ').includes(flag) && known.includes(option),
  );
  if (meant !== undefined) {
    const [, option, note] = meant;
    return `did you mean ${option}?${note === undefined ? '' : ` ${note}`}`;
  }
  const close = known.includes(flag) ? [flag] : suggestions(flag, known);
  if (close.length > 0) return `did you mean ${close.join(' or ')}?`;
  const isElsewhere = OPTION_WORDS.some(
    ([words, option]) => option === flag || words.split(' ').includes(flag),
  );
  if (isElsewhere || !known.includes('--param') || !/^--[a-z]/.test(flag)) return undefined;
  const name = flag.slice(2).replaceAll('-', '_');
  return `parameters of the loss are set with --param ${name}=1; lossc ${command.name()} --help shows the options`;
}

function commandHint(written: string, program: Command): string | undefined {
  const meant = COMMAND_WORDS.find(([words]) => words.split(' ').includes(written.toLowerCase()));
  if (meant !== undefined) return meant[1];
  if (/\.loss$|^std\//.test(written)) return `which command? lossc check ${written} looks for mistakes in it`;
  const close = suggestions(
    written,
    program.commands.map((one) => one.name()),
  );
  return close.length > 0 ? `did you mean ${close.join(' or ')}?` : undefined;
}

/** The value of an option or argument that does not fit: the option is named, and what fits. */
function invalidArgument(message: string, command: Command): UsageFailure | undefined {
  const found =
    /^option '(.*?)' argument '(.*?)' is invalid\. (.*)$/s.exec(message) ??
    /^command-argument value '(.*)' is invalid for argument '(.*?)'\. (.*)$/s.exec(message);
  if (found === null) return undefined;
  const help = `lossc ${command.name()} --help shows its options`;
  const [, first, second, reason] = found as unknown as readonly [string, string, string, string];
  if (message.startsWith('command-argument')) return { message: `${second}: ${reason}`, hint: help };
  const option = command.options.find(({ flags }) => flags === first);
  const name = option?.long ?? first;
  const choices = option?.argChoices;
  if (choices === undefined) return { message: `${name}: ${reason}`, hint: help };
  return { message: `${name}: there is no "${second}"`, hint: choiceHint(second, choices, option!) };
}

function choiceHint(written: string, choices: readonly string[], option: Option): string {
  const words = CHOICE_WORDS[option.long ?? ''] ?? [];
  const meant = words.find(([names]) => names.split(' ').includes(written.toLowerCase()))?.[1];
  const all = `there are ${choices.join(', ')}`;
  return meant === undefined ? didYouMean(written, choices, all) : `did you mean ${meant}? ${all}`;
}
