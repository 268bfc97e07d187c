import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every TypeScript file of a folder, by its path from the root. */
export function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

export const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

const IMPORT =
  /^\s*(?:import|export(?=\s+(?:type\s+)?[{*]))\b[^;'"`]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|import\('([^']+)'\)/gm;

/** Every module that a file imports, for types or values, at the top or when called. A file inside a package is that package. */
export function importsOf(file: string): string[] {
  const targets = [...textOf(file).matchAll(IMPORT)].map((match) => (match[1] ?? match[2] ?? match[3])!);
  return targets.map((target) => /\/node_modules\/([^/]+)\//.exec(target)?.[1] ?? target);
}

/** Those of ours that a file imports, as paths from the root. */
export function oursOf(file: string): string[] {
  return importsOf(file)
    .filter((target) => target.startsWith('.'))
    .map((target) => relative(root, resolve(root, dirname(file), target)).replace(/\.js$/, '.ts'));
}
