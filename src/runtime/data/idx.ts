/**
 * The IDX format of MNIST (two zero bytes, a type code, the number of dimensions, each dimension as a big-endian
 * 32-bit number, then the values row by row), gzipped or not. Only unsigned bytes, which is what image sets use.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RunError } from '../../errors.js';
import { isGzip, LARGEST_FILE, readWhole, unpack, unpackStart } from './unpack.js';

export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/** What a file is known to hold. `sha256` is of the decompressed bytes, `gzipMd5` of the file as published. */
export interface KnownFile {
  readonly shape: readonly number[];
  readonly sha256?: string;
  readonly gzipMd5?: string;
}

const UNSIGNED_BYTE = 0x08;

/** Reads `NAME` or `NAME.gz` in a folder, and compares it with what is known of it. */
export function readIdxFile(folder: string, name: string, known?: KnownFile): IdxArray {
  const path = [name, `${name}.gz`].map((file) => join(folder, file)).find(existsSync);
  if (path === undefined) {
    throw new RunError(
      `${join(folder, name)} (or ${name}.gz) does not exist`,
      `${folder} is not a folder of IDX files; lossc data fetch downloads those of MNIST`,
    );
  }
  const stored = readWhole(path);
  const gzipped = isGzip(stored);
  const array = parseIdx(gzipped ? unpackIdx(stored, path, known) : stored, path);
  if (known !== undefined) compare(array, stored, gzipped, known, path);
  return array;
}

/** Parses the bytes of an IDX file. `path` is for messages. */
export function parseIdx(bytes: Uint8Array, path: string): IdxArray {
  const { shape, header, size } = parseHeader(bytes, path);
  const found = bytes.length - header;
  if (found !== size) {
    const trouble = found < size ? 'is truncated' : 'is too long';
    throw new RunError(
      `${path} ${trouble}: its header announces ${shape.join(' x ')} bytes, but it has ${found}`,
    );
  }
  return { shape, values: bytes.subarray(header) };
}

/** What the header says: the shape, the length of the header itself, and of the values. */
function parseHeader(
  bytes: Uint8Array,
  path: string,
): { readonly shape: readonly number[]; readonly header: number; readonly size: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    throw new RunError(`${path} is not an IDX file: it does not begin with two zero bytes`);
  }
  if (bytes[2] !== UNSIGNED_BYTE) {
    throw new RunError(
      `${path} holds IDX values of type 0x${bytes[2]!.toString(16)}; only unsigned bytes (0x8) are read`,
    );
  }
  const dimensions = bytes[3]!;
  const header = 4 + 4 * dimensions;
  if (dimensions === 0 || bytes.length < header) {
    throw new RunError(`${path} is truncated: it ends within its header`);
  }
  const shape = Array.from({ length: dimensions }, (_, index) => view.getUint32(4 + 4 * index));
  return { shape, header, size: shape.reduce((product, length) => product * length, 1) };
}

/** As many bytes as the header promises, and not more. */
function unpackIdx(stored: Uint8Array, path: string, known: KnownFile | undefined): Uint8Array {
  const { shape, header, size } = parseHeader(unpackStart(stored, path), path);
  if (known !== undefined) requireShape(shape, known, path);
  if (header + size > LARGEST_FILE) {
    throw new RunError(
      `${path} is too long: its header announces ${shape.join(' x ')} bytes, and at most ${LARGEST_FILE} are allowed`,
    );
  }
  return unpack(stored, header + size, path);
}

function requireShape(shape: readonly number[], known: KnownFile, path: string): void {
  if (shape.join() === known.shape.join()) return;
  throw new RunError(`${path} holds ${shape.join(' x ')} values; ${known.shape.join(' x ')} are expected`);
}

function compare(
  array: IdxArray,
  stored: Uint8Array,
  gzipped: boolean,
  known: KnownFile,
  path: string,
): void {
  requireShape(array.shape, known, path);
  const wrong = new RunError(
    `${path} has the right size but the wrong checksum: it is not the published ${basename(path)}`,
    'fetch it again with "lossc data fetch", or read the folder as your own data with --dataset FOLDER',
  );
  if (known.sha256 !== undefined) {
    const whole = createHash('sha256').update(headerOf(array)).update(array.values).digest('hex');
    if (whole !== known.sha256) throw wrong;
  } else if (known.gzipMd5 !== undefined && gzipped) {
    if (createHash('md5').update(stored).digest('hex') !== known.gzipMd5) throw wrong;
  }
}

/** The header that an array of unsigned bytes has in a file. */
export function headerOf({ shape }: { readonly shape: readonly number[] }): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint8(2, UNSIGNED_BYTE);
  header.setUint8(3, shape.length);
  for (const [index, length] of shape.entries()) header.setUint32(4 + 4 * index, length);
  return new Uint8Array(header.buffer);
}
