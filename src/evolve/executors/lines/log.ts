/** What other programs say beside the protocol: kept until there is a file for it, and never more than a file may hold. */
import { appendFileSync } from 'node:fs';

export interface ProcessLog {
  append(text: string): void;
  /** The last line that says anything. */
  lastWords(): string;
  /** From now on in this file, with what has been kept so far. */
  into(file: string): void;
}

/** Characters of a log file: enough to see what is wrong, whatever a script prints. */
const MOST_LOGGED = 4 * 2 ** 20;
/** Characters kept in memory. */
const KEPT = 64 * 2 ** 10;

export function createLog(): ProcessLog {
  let kept = '';
  let file: string | undefined;
  let written = 0;
  const write = (text: string): void => {
    if (file === undefined || written >= MOST_LOGGED) return;
    const room = text.slice(0, MOST_LOGGED - written);
    written += text.length;
    try {
      appendFileSync(file, written < MOST_LOGGED ? room : `${room}\n(truncated here)\n`);
    } catch {
      // A full disk is told of by what cannot do without it.
      file = undefined;
    }
  };
  return {
    append(text) {
      kept = (kept + text).slice(-KEPT);
      write(text);
    },
    lastWords: () =>
      kept
        .trimEnd()
        .split('\n')
        .findLast((line) => line.trim() !== '')
        ?.trim()
        .slice(0, 300) ?? '',
    into(path) {
      file = path;
      write(kept);
    },
  };
}
