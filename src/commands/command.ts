import { type Command, InvalidArgumentError } from 'commander';

/** A subcommand: adds its arguments, options and action to the command that `cli.ts` made for it. */
export type Define = (command: Command) => void;

export interface CommandRow {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly define: Define }>;
}

/** For commander: a whole number of at least `least`. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`"${text}" is not a whole number of at least ${least}`);
    return value;
  };

/** For commander: a number that passes a test. */
export const numberThat =
  (what: string, test: (value: number) => boolean) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !test(value)) throw new InvalidArgumentError(`"${text}" is not ${what}`);
    return value;
  };

export const positiveNumber = numberThat('a positive number', (value) => value > 0 && Number.isFinite(value));
