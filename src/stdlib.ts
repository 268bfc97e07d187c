import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImportResolver } from '../compiler/lower/program.js';
import { suggestions } from '../compiler/lower/suggest.js';
import type { Source } from '../grammar/diagnostic.js';
import { RunError, readProblem } from './runtime/run-error.js';

/** The folder of the package: where package.json, stdlib/ and examples/ are, from the sources and from dist/ alike. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'stdlib'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('internal error: the package has no stdlib folder');
    folder = parent;
  }
  return folder;
}

let names: readonly string[] | undefined;

/** Names of the standard losses and function files, without `.loss`; read once, for hints ask for each unknown word. */
export function stdlibNames(): readonly string[] {
  names ??= readdirSync(join(packageRoot(), 'stdlib'))
    .filter((name) => name.endsWith('.loss'))
    .map((name) => basename(name, '.loss'))
    .sort();
  return names;
}

/** Larger files are refused before they are read; the parser's own limit is one million characters. */
const MAX_BYTES = 4_000_000;

/** Reads a `.loss` file; `-` is standard input. Throws a RunError for what cannot be read. */
export function readSource(path: string): Source {
  if (path === '-') return { name: '(stdin)', text: readText(0, 'standard input') };
  const problem = unreadable(path);
  if (problem !== undefined) throw new RunError(`cannot read ${path}: ${problem}`, missingHint(path));
  return { name: path, text: readText(path, path) };
}

function readText(file: string | number, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new RunError(`cannot read ${name}: ${readProblem(thrown)}`);
  }
}

function unreadable(path: string): string | undefined {
  try {
    const found = statSync(path);
    if (!found.isFile()) return 'it is not a file';
    if (found.size > MAX_BYTES)
      return `it has ${Math.round(found.size / 1e6)} MB, and a file of losses at most 1`;
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (thrown) {
    return readProblem(thrown);
  }
}

/** `lossc eval focal …`: the name of a standard loss where a file was meant. */
function missingHint(path: string): string | undefined {
  const name = basename(path, '.loss');
  return stdlibNames().includes(name) ? `the standard loss of that name is std/${name}` : undefined;
}

const similarTo = (name: string): readonly string[] =>
  suggestions(name, stdlibNames()).map((known) => `std/${known}`);

function similarHint(name: string): string {
  const similar = similarTo(name);
  return similar.length > 0 ? `did you mean ${similar.join(' or ')}?` : 'see the table in stdlib/README.md';
}

/** Reads `std/focal` from the standard library and everything else as a path. */
export function readLossFile(path: string): Source {
  const name = /^std\/([A-Za-z0-9_]+)$/.exec(path)?.[1];
  if (name === undefined) return readSource(path);
  const file = join(packageRoot(), 'stdlib', `${name}.loss`);
  if (!existsSync(file)) throw new RunError(`there is no standard loss "${name}"`, similarHint(name));
  return { name: `std/${name}.loss`, text: readFileSync(file, 'utf8') };
}

/**
 * Resolves imports for the file at `entry`: `std/…` from the standard library, `./…` and `../…` beside the importing
 * file. A file may be imported only from below the working directory or below the entry file's folder, links followed.
 */
export function importResolver(entry: string): ImportResolver {
  const folder = entry === '-' || entry.startsWith('std/') ? process.cwd() : dirname(resolve(entry));
  const roots = [folder, process.cwd()].map((root) => realpathSync(root));
  const stdlib = realpathSync(join(packageRoot(), 'stdlib'));
  return (specifier, from) => {
    const standard = /^std\/([A-Za-z0-9_]+)(?:\.loss)?$/.exec(specifier)?.[1];
    if (standard !== undefined) {
      const file = join(stdlib, `${standard}.loss`);
      if (!stdlibNames().includes(standard))
        return { problem: `the standard library has no "${standard}"`, similar: similarTo(standard) };
      return { name: `std/${standard}.loss`, text: readFileSync(file, 'utf8') };
    }
    if (!specifier.startsWith('./') && !specifier.startsWith('../')) {
      const problem = 'write "./file.loss" for a file of yours or "std/name" for a standard one';
      return stdlibNames().includes(specifier) ? { problem, similar: [`std/${specifier}`] } : { problem };
    }
    const base = from.name.startsWith('std/')
      ? stdlib
      : from.name === '(stdin)'
        ? process.cwd()
        : dirname(resolve(from.name));
    const path = resolve(base, specifier);
    const problem = unreadable(path);
    if (problem !== undefined) return { problem };
    const real = realpathSync(path);
    if (![...roots, stdlib].some((root) => isInside(real, root))) {
      return { problem: 'it lies outside the folder of the file and of the working directory' };
    }
    return { name: displayName(path), text: readFileSync(real, 'utf8') };
  };
}

const isInside = (path: string, root: string): boolean =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

function displayName(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}
