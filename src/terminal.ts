import { styleText } from 'node:util';

/** What commands print with: results on stdout, everything else on stderr, colours only where a person looks. */

export const wantsColor = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY === true && process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb';

type Style = Parameters<typeof styleText>[0];

/** Text in a style on stderr, plain where stderr is no terminal. */
export const painted = (style: Style, text: string): string =>
  wantsColor(process.stderr) ? styleText(style, text) : text;

/**
 * What a terminal obeys instead of showing: control characters but for tab and line feed, and marks that turn the direction of
 * writing. Texts come from files of strangers too. The alternative in front is what is let through: our own styles.
 */
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
  /(\u001b\[(?:[0-4]|2[2-4]|3[1-9]|9[0-7])m)|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text with a mark in the place of everything that a terminal would obey. */
export const printable = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(CONTROLS, (_, style?: string) => style ?? '\ufffd');

export function print(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}

export function printError(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

/** Machine-readable output: NaN and the infinities, which JSON lacks, become strings. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(value, jsonNumber, 2);
  // JSON escapes only some of them; escaped, they are the same text to whoever reads it.
  print(text.replace(CONTROLS, escapedInJson));
}

const escapedInJson = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

export function jsonNumber(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

export interface Progress {
  /** Shows a line in place of the one before; nothing where stderr is no terminal. */
  update(line: string): void;
  /** Leaves a line behind, on a terminal or not. */
  log(line: string): void;
  /** Clears the line. */
  end(): void;
}

const MIN_INTERVAL_MS = 80;

/** One line on stderr that is written over, quiet when stderr is not a terminal. */
export function createProgress(): Progress {
  const live = process.stderr.isTTY === true;
  let last = 0;
  let shown = false;
  const clear = (): void => {
    if (shown) process.stderr.write('\r\u001b[2K');
    shown = false;
  };
  return {
    update(line) {
      const now = performance.now();
      if (!live || now - last < MIN_INTERVAL_MS) return;
      last = now;
      clear();
      process.stderr.write(
        printable(line.replaceAll('\n', ' ')).slice(0, (process.stderr.columns || 80) - 1),
      );
      shown = true;
    },
    log(line) {
      clear();
      printError(line);
    },
    end: clear,
  };
}

/** Seconds as a person says them: 45 s, 3 min 20 s, 1 h 5 min. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}
