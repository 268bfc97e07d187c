import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImportResolver } from '../compiler/resolve/program.js';
import { suggestions } from '../compiler/words/suggest.js';
import type { Source } from '../grammar/diagnostics/diagnostic.js';
import { RunError } from './errors.js';
import { readText } from './read-text.js';

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

/** Reads a `.loss` file; `-` is standard input. Throws a RunError for what cannot be read. */
export function readSource(path: string): Source {
  const text = readText(path === '-' ? 0 : path);
  if (typeof text === 'string') return { name: path === '-' ? '(stdin)' : path, text };
  throw new RunError(
    `cannot read ${path === '-' ? 'standard input' : path}: ${text.problem}`,
    text.hint ?? missingHint(path),
  );
}

/** `lossc eval focal …`: the name of a standard loss where a file was meant; or a file whose name is much the same. */
function missingHint(path: string): string | undefined {
  if (existsSync(path)) return undefined;
  const name = basename(path, '.loss');
  if (path.startsWith('std/')) return similarHint(name);
  if (stdlibNames().includes(name)) return `the standard loss of that name is std/${name}`;
  const close = suggestions(name, lossFilesIn(dirname(path)));
  return close.length > 0
    ? `did you mean ${close.map((one) => join(dirname(path), `${one}.loss`)).join(' or ')}?`
    : undefined;
}

function lossFilesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.loss'))
      .map((name) => basename(name, '.loss'));
  } catch {
    return [];
  }
}

const similarTo = (name: string): readonly string[] =>
  suggestions(name, stdlibNames()).map((known) => `std/${known}`);

function similarHint(name: string): string {
  const similar = similarTo(name);
  return similar.length > 0 ? `did you mean ${similar.join(' or ')}?` : 'lossc list shows them';
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
 * file. A file may be imported only from below the workspace (the working directory) or below the entry file's folder, links followed.
 */
export function importResolver(entry: string, workspace = process.cwd()): ImportResolver {
  const folder = entry === '-' || entry.startsWith('std/') ? workspace : dirname(resolve(entry));
  const roots = [folder, workspace].map((root) => realpathSync(root));
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
      const problem =
        specifier === 'std'
          ? 'each standard loss has its own file, "std/name"'
          : 'write "./file.loss" for your own file or "std/name" for a standard one';
      return stdlibNames().includes(specifier) ? { problem, similar: [`std/${specifier}`] } : { problem };
    }
    const base = from.name.startsWith('std/')
      ? stdlib
      : from.name === '(stdin)'
        ? process.cwd()
        : dirname(resolve(from.name));
    const path = resolve(base, specifier);
    const real = realPath(path);
    if (real !== undefined && ![...roots, stdlib].some((root) => isInside(real, root))) {
      return { problem: 'it is outside the folder of the file and the working directory' };
    }
    const text = readText(path);
    if (typeof text !== 'string') return { problem: text.problem };
    return { name: displayName(path), text };
  };
}

/** The path without links; undefined where there is nothing. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

const isInside = (path: string, root: string): boolean =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

/** What a file is called in diagnostics, from its path. */
function displayName(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}

/** What the text of a file is called as a source: as an import of it would call it. */
export function sourceName(path: string): string {
  const name = basename(path);
  return name.endsWith('.loss') && path === join(packageRoot(), 'stdlib', name)
    ? `std/${name}`
    : displayName(path);
}

/** Where the file of a source stands. */
export const sourcePath = (name: string): string =>
  resolve(name.startsWith('std/') ? join(packageRoot(), 'stdlib', name.slice('std/'.length)) : name);
