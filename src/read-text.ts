/** Texts of files, and in words why there is none. */
import { accessSync, closeSync, constants, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { readProblem } from './errors.js';

export interface Unreadable {
  readonly problem: string;
  readonly hint?: string;
}

/** Larger files are refused before they are read; the parser's own limit is one million characters. */
const MAX_BYTES = 4_000_000;

const tooLarge = (size: string): Unreadable => ({
  problem: `it has ${size} MB, and a .loss file may have at most 1 MB`,
});

/** The text of a file, or of standard input where `file` is 0. */
export function readText(file: string | 0): string | Unreadable {
  try {
    const refused = file === 0 ? undefined : unreadable(file);
    if (refused !== undefined) return refused;
    const bytes = file !== 0 && statSync(file).isFile() ? readFileSync(file) : readStream(file);
    return bytes === undefined ? tooLarge(`more than ${MAX_BYTES / 1e6}`) : decoded(bytes);
  } catch (thrown) {
    return { problem: readProblem(thrown) };
  }
}

/** What comes out of a pipe or a device, which may never end; undefined where it is too much. */
function readStream(file: string | 0): Uint8Array | undefined {
  const buffer = new Uint8Array(MAX_BYTES + 1);
  const descriptor = file === 0 ? file : openSync(file, 'r');
  try {
    for (let filled = 0; filled < buffer.length; ) {
      const count = readSync(descriptor, buffer, filled, buffer.length - filled, null);
      if (count === 0) return buffer.subarray(0, filled);
      filled += count;
    }
    return undefined;
  } finally {
    if (file !== 0) closeSync(descriptor);
  }
}

function unreadable(path: string): Unreadable | undefined {
  const found = statSync(path);
  if (found.isDirectory())
    return { problem: 'it is a folder', hint: `give files, such as ${path.replace(/[\\/]$/, '')}/*.loss` };
  if (found.isFile() && found.size > MAX_BYTES) return tooLarge(String(Math.round(found.size / 1e6)));
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
