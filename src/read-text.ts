/** Texts of files, and in words why there is none. */
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { readProblem } from './runtime/run-error.js';

export interface Unreadable {
  readonly problem: string;
  readonly hint?: string;
}

/** Larger files are refused before they are read; the parser's own limit is one million characters. */
const MAX_BYTES = 4_000_000;

/** The text of a file, or of standard input where `file` is 0. */
export function readText(file: string | 0): string | Unreadable {
  try {
    const refused = file === 0 ? undefined : unreadable(file);
    return refused ?? decoded(readFileSync(file));
  } catch (thrown) {
    return { problem: readProblem(thrown) };
  }
}

function unreadable(path: string): Unreadable | undefined {
  const found = statSync(path);
  if (found.isDirectory())
    return { problem: 'it is a folder', hint: `give files, such as ${path.replace(/[\\/]$/, '')}/*.loss` };
  if (!found.isFile()) return { problem: 'it is not a file' };
  if (found.size > MAX_BYTES)
    return { problem: `it has ${Math.round(found.size / 1e6)} MB, and a file of losses at most 1` };
  accessSync(path, constants.R_OK);
  return undefined;
}

const AS_UTF8 = 'save it as UTF-8';

/** Bytes that are no UTF-8 are never replaced: `lossc fmt` would write what stands in their place. */
function decoded(bytes: Uint8Array): string | Unreadable {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return { problem: 'it is UTF-16', hint: AS_UTF8 };
  if (bytes.includes(0)) return { problem: 'it is not text' };
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { problem: `line ${firstBadLine(bytes)} is not UTF-8`, hint: AS_UTF8 };
  }
}

/** The line on which what is decoded, and encoded again, begins to differ. */
function firstBadLine(bytes: Uint8Array): number {
  const again = Buffer.from(Buffer.from(bytes).toString('utf8'), 'utf8');
  const at = bytes.findIndex((byte, i) => byte !== again[i]);
  return 1 + bytes.subarray(0, at).filter((byte) => byte === 0x0a).length;
}
