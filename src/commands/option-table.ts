/**
 * The options of a command as a table. What commander reads and shows follows from it, what a run stores of its call, and
 * what is refused: options that would have no effect, and those that contradict the run that `--resume` goes on with.
 */
import { type Command, Option } from 'commander';
import { invariant } from '../../grammar/invariant.js';
import { UsageError } from '../errors.js';

export interface OptionRow {
  /** As commander writes it: `--lr <x>`. */
  readonly flags: string;
  readonly says: string;
  /** From the text that was given; the text itself by default. */
  readonly read?: (text: string) => unknown;
  readonly choices?: readonly string[];
  readonly byDefault?: unknown;
  /** How the default is shown, where its JSON is not what one would write. */
  readonly defaultText?: string;
  /** Given several times it makes a list, which is empty unless it is given. */
  readonly repeats?: true;
  /** Not in the help: a row that is there to say why it cannot be given. */
  readonly hidden?: true;
  /** Why it would have no effect, as the rest of a sentence that begins with its name; undefined where it has one. */
  readonly unusable?: (asked: Asked) => string | undefined;
  /**
   * With `--resume`: it must be `as asked first` (the rule), is of `this sitting` alone, or was read `at the beginning` and
   * cannot be given again.
   */
  readonly resumed?: 'as asked first' | 'this sitting' | 'at the beginning';
}

/** A row for every option, by the name of its value. */
export type Rows<O> = { readonly [K in keyof O]-?: OptionRow };
export type AnyRows = Readonly<Record<string, OptionRow>>;

/** What a command was asked for. */
export interface Asked {
  /** Defaults included. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Names of what stands on the command line. */
  readonly given: ReadonlySet<string>;
  readonly files: readonly string[];
}

/** Adds the options, and refuses those that cannot apply before the command does anything. */
export function addOptions(command: Command, rows: AnyRows): Command {
  for (const [name, row] of Object.entries(rows)) {
    const option = optionOf(row);
    invariant(option.attributeName() === name, `the row of ${row.flags} is called ${name}`);
    command.addOption(option);
  }
  return command.hook('preAction', () => {
    for (const [name, { repeats }] of Object.entries(rows))
      if (repeats === true && command.getOptionValue(name) === undefined) command.setOptionValue(name, []);
    refuseUnusable(rows, askedOf(command));
  });
}

function optionOf({
  flags,
  says,
  read,
  choices,
  byDefault,
  defaultText,
  repeats,
  hidden,
}: OptionRow): Option {
  const option = new Option(flags, says).hideHelp(hidden === true);
  const name = option.long ?? flags;
  if (byDefault !== undefined) option.default(byDefault, defaultText);
  // Replaces `argParser`, so it comes first.
  if (choices !== undefined) return option.choices(choices);
  const parse = (text: string): unknown => {
    try {
      return read === undefined ? text : read(text);
    } catch (thrown) {
      if (thrown instanceof UsageError) throw new UsageError(`${name}: ${thrown.message}`, thrown.hint);
      throw thrown;
    }
  };
  if (repeats === true)
    return option.argParser((text, before: readonly unknown[] | undefined) => [
      ...(before ?? []),
      parse(text),
    ]);
  return option.argParser(parse);
}

export function askedOf(command: Command): Asked {
  const values = command.opts<Record<string, unknown>>();
  const given = Object.keys(values).filter((name) => command.getOptionValueSource(name) === 'cli');
  return { values, given: new Set(given), files: command.args };
}

const isResumed = ({ given }: Asked): boolean => given.has('resume');

/** The long name of an option, as it is written. */
const nameOf = (row: OptionRow): string => /--[\w-]+/.exec(row.flags)![0];

/** What a resumed run was begun with is in its folder: only options of this sitting can be judged without it. */
function refuseUnusable(rows: AnyRows, asked: Asked): void {
  for (const [name, row] of Object.entries(rows)) {
    if (!asked.given.has(name) || (isResumed(asked) && row.resumed !== 'this sitting')) continue;
    const reason = row.unusable?.(asked);
    if (reason !== undefined) throw new UsageError(`${nameOf(row)} ${reason}`, `leave ${nameOf(row)} out`);
  }
}

/** What a run keeps of its call, option by option: all that decides its result, defaults included. */
export function storedOptions(rows: AnyRows, asked: Asked): Readonly<Record<string, unknown>> {
  const kept = Object.entries(rows).filter(
    ([name, row]) =>
      row.resumed !== 'this sitting' &&
      asked.values[name] !== undefined &&
      row.unusable?.(asked) === undefined,
  );
  return Object.fromEntries(kept.map(([name]) => [name, asked.values[name]]));
}

/** `stored` is what the run in the folder was begun with. */
export function refuseContradictions(
  rows: AnyRows,
  asked: Asked,
  directory: string,
  stored: Readonly<Record<string, unknown>>,
): void {
  const hint = 'leave it out to continue that run, or start a new one without --resume';
  if (asked.files.length > 0)
    throw new UsageError(
      `${asked.files[0]} cannot be given with --resume: ${directory} keeps the text that it started with`,
      hint,
    );
  for (const [name, row] of Object.entries(rows)) {
    if (!asked.given.has(name) || row.resumed === 'this sitting') continue;
    if (row.resumed === 'at the beginning')
      throw new UsageError(
        `${nameOf(row)} cannot be given with --resume: it was used when the run in ${directory} started`,
        hint,
      );
    const [now, then] = [asked.values[name], stored[name]];
    if (JSON.stringify(now) === JSON.stringify(then)) continue;
    const began = then === undefined ? 'without it' : `with ${nameOf(row)} ${textOf(then)}`;
    throw new UsageError(
      `${nameOf(row)} ${textOf(now)} contradicts the run in ${directory}, which started ${began}`,
      hint,
    );
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

/** A row that can never be used with a command, with the reason. */
export const never = (row: OptionRow, reason: string): OptionRow => ({
  ...row,
  hidden: true,
  unusable: () => reason,
});

/** `--json`, which every command that reports something has. */
export const JSON_ROW = { json: { flags: '--json', says: 'print JSON' } } as const;

/** `--param name=JSON`, for commands with one loss. */
export const PARAMETER_ROW = {
  param: {
    flags: '--param <name=JSON>',
    says: 'set a parameter (repeat for each)',
    repeats: true,
  },
} as const;
