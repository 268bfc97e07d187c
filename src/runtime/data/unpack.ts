/** Reading files that may be damaged, or made to fill the memory: nothing larger than what is expected is read or unpacked. */
import { readFileSync, statSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { messageOf, RunError, readProblem } from '../../errors.js';

/** More than any data set here has in one file, and less than Node reads at once. */
export const LARGEST_FILE = 2 ** 31 - 1;

/** All of a file. Throws a RunError that names it for what cannot be read or is too large. */
export function readWhole(path: string, largest = LARGEST_FILE): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size > largest)
      throw new RunError(`${path} is too long: ${size} bytes, and at most ${largest} are read`);
    return readFileSync(path);
  } catch (thrown) {
    if (thrown instanceof RunError) throw thrown;
    throw new RunError(`cannot read ${path}: ${readProblem(thrown)}`);
  }
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Packed bytes that are looked at for a header; they become a thousand times as many at most. */
const HEADER_BYTES = 4096;

/** The first bytes of what was packed, as many as a small piece of it gives. `name` is for messages. */
export const unpackStart = (packed: Uint8Array, name: string): Uint8Array =>
  inflate(packed.subarray(0, HEADER_BYTES), name, {
    // A piece ends in the middle, and that is no mistake.
    finishFlush: constants.Z_SYNC_FLUSH,
  });

/** What was packed, if it is no longer than expected. */
export function unpack(packed: Uint8Array, largest: number, name: string): Uint8Array {
  return inflate(packed, name, { maxOutputLength: Math.max(1, Math.min(largest, LARGEST_FILE)) });
}

function inflate(packed: Uint8Array, name: string, options: Parameters<typeof gunzipSync>[1]): Uint8Array {
  try {
    return gunzipSync(packed, options);
  } catch (thrown) {
    const tooLong = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE';
    if (tooLong)
      throw new RunError(
        `${name} is too long: it unpacks to more than the ${options?.maxOutputLength} bytes that are expected`,
        'it is damaged, or not this kind of data',
      );
    throw new RunError(
      `${name} cannot be decompressed: ${messageOf(thrown)}`,
      'it may be truncated; fetch it again',
    );
  }
}
