import { RunError } from '../../errors.js';

const BLOCK = 512;

/** The wanted files of a tar archive (POSIX ustar), by the last part of their paths. All must be there. */
export function untar(archive: Uint8Array, wanted: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  const text = (from: number, length: number): string =>
    Buffer.from(archive.subarray(from, from + length))
      .toString('latin1')
      .split('\0')[0]!
      .trim();
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const name = text(at, 100).split('/').at(-1)!;
    const size = Number.parseInt(text(at + 124, 12), 8);
    if (!Number.isInteger(size) || size < 0 || at + BLOCK + size > archive.length) {
      throw new RunError('the archive is damaged: it ends within a file');
    }
    if (wanted.includes(name)) found.set(name, archive.subarray(at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  const missing = wanted.filter((name) => !found.has(name));
  if (missing.length > 0) throw new RunError(`the archive does not contain ${missing.join(', ')}`);
  return found;
}
