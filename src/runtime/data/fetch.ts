/** `lossc data fetch NAME`: downloads a data set, checks it, and only then puts it where it is looked for. */
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf, RunError } from '../../errors.js';
import { makeFolder, writeFileSafely } from '../../files.js';
import { CIFAR_10_ARCHIVE, CIFAR_10_TEST_FILE, CIFAR_10_TRAIN_FILES } from './cifar10.js';
import { headerOf } from './idx.js';
import { FASHION_MNIST_FILES, type IdxFileName, type KnownFiles, MNIST_FILES } from './idx-folder.js';
import { untar } from './tar.js';
import { LARGEST_FILE, unpack } from './unpack.js';

export interface RemoteFile {
  readonly url: string;
  /** Checks the bytes as downloaded: their MD5, or the SHA-256 of what they decompress to. */
  readonly md5?: string;
  readonly contentSha256?: string;
  /** Most bytes that it may have, packed or not. */
  readonly largest?: number;
  /** What to write, by name; the file as it is under its own name by default. */
  readonly unpack?: (bytes: Uint8Array) => ReadonlyMap<string, Uint8Array>;
}

const MNIST_URL = 'https://storage.googleapis.com/cvdf-datasets/mnist/';
const FASHION_URL = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/';

/** The canonical places. MNIST's original site asks to use mirrors; this one is TensorFlow's. */
export const SOURCES: Readonly<Record<string, readonly RemoteFile[]>> = {
  mnist: idxFiles(MNIST_URL, MNIST_FILES),
  'fashion-mnist': idxFiles(FASHION_URL, FASHION_MNIST_FILES),
  cifar10: [
    {
      url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
      md5: 'c32a1d4ab5d03f1284b67883e8d87530',
      largest: CIFAR_10_ARCHIVE,
      unpack: (bytes) =>
        untar(unpack(bytes, CIFAR_10_ARCHIVE, 'the archive'), [...CIFAR_10_TRAIN_FILES, CIFAR_10_TEST_FILE]),
    },
  ],
};

function idxFiles(base: string, known: KnownFiles): readonly RemoteFile[] {
  return (Object.keys(known) as IdxFileName[]).map((name) => {
    const { shape, sha256, gzipMd5 } = known[name];
    return {
      url: `${base}${name}.gz`,
      largest: headerOf({ shape }).length + shape.reduce((product, length) => product * length, 1),
      ...(gzipMd5 !== undefined && { md5: gzipMd5 }),
      ...(sha256 !== undefined && { contentSha256: sha256 }),
    };
  });
}

/** Where fetched data is kept: LOSSC_CACHE, or the user's cache folder. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const base = environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return environment['LOSSC_CACHE'] || join(base, 'lossc', 'data');
}

export interface FetchOptions {
  /** A folder for all data sets; each gets a sub-folder with its name. The cache folder by default. */
  readonly folder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onFile?: ((url: string) => void) | undefined;
  /** For tests and mirrors: other places to download from. */
  readonly files?: readonly RemoteFile[] | undefined;
}

/** Downloads a data set by name and answers the folder it is in. Nothing half-written stays after a failure. */
export async function fetchDataset(name: string, options: FetchOptions = {}): Promise<string> {
  const files = options.files ?? (Object.hasOwn(SOURCES, name) ? SOURCES[name] : undefined);
  if (files === undefined) {
    throw new RunError(`"${name}" cannot be fetched`, `these can: ${Object.keys(SOURCES).join(', ')}`);
  }
  const folder = join(options.folder ?? cacheFolder(), name);
  makeFolder(folder);
  for (const file of files) {
    options.onFile?.(file.url);
    const bytes = await download(file, options.signal);
    check(file, bytes);
    const contents = file.unpack?.(bytes) ?? new Map([[file.url.split('/').at(-1)!, bytes]]);
    for (const [fileName, content] of contents) writeFileSafely(join(folder, fileName), content);
  }
  return folder;
}

async function download(file: RemoteFile, signal: AbortSignal | undefined): Promise<Uint8Array> {
  try {
    const response = await fetch(file.url, { signal: signal ?? null });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return await readBody(response, file.largest ?? LARGEST_FILE);
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause !== undefined ? `: ${messageOf(thrown.cause)}` : '';
    throw new RunError(
      `cannot download ${file.url} (${messageOf(thrown)}${cause})`,
      'check the network, or download the file elsewhere and give its folder with --data DIR',
      { cause: thrown },
    );
  }
}

/** A server that sends more than the file can have is not listened to any further. */
async function readBody(response: Response, largest: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > largest) throw new Error(`the server sends more than ${largest} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
}

function check(file: RemoteFile, bytes: Uint8Array): void {
  const wrong = new RunError(
    `${file.url} has the wrong checksum: the download is damaged, or the file has changed`,
    'try again later; nothing was saved',
  );
  if (file.md5 !== undefined && createHash('md5').update(bytes).digest('hex') !== file.md5) throw wrong;
  if (file.contentSha256 === undefined) return;
  let content: Uint8Array;
  try {
    content = unpack(bytes, file.largest ?? LARGEST_FILE, file.url);
  } catch {
    throw wrong;
  }
  if (createHash('sha256').update(content).digest('hex') !== file.contentSha256) throw wrong;
}
