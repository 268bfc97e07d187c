/** Reads the functions of compiler/emit/library/python, which emitted Python files carry along, and makes texts of them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../../compiler/emit/library/python/', import.meta.url);
const FILES = ['common', 'arrays', 'for_pytorch', 'for_jax', 'for_keras'] as const;

/** By file and name: the text, cut where the name of the loss is put in. */
export type PythonLibrary = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export function readPythonLibrary(): PythonLibrary {
  const sources = FILES.map((file) => readFileSync(fileURLToPath(new URL(`${file}.py`, FOLDER)), 'utf8'));
  const numbers = new Map(sources.flatMap(numbersOf));
  return Object.fromEntries(FILES.map((file, i) => [file, functionsOf(sources[i]!, numbers)]));
}

/** Numbers with a name, in whose place emitted code has the numbers. */
const numbersOf = (source: string): [string, string][] =>
  [...source.matchAll(/^([A-Z_]+) = (\d+)$/gm)].map(([, name, value]) => [name!, value!]);

/** What begins with `def` at the margin, up to what stands at the margin next. */
function functionsOf(
  source: string,
  numbers: ReadonlyMap<string, string>,
): Record<string, readonly string[]> {
  const functions: Record<string, readonly string[]> = {};
  for (const [text, name] of source.matchAll(/^def (\w+)\(.*\n(?:(?:[ \t].*)?\n)*/gm)) {
    const filled = text.trimEnd().replace(/\b[A-Z_]{2,}\b/g, (word) => numbers.get(word) ?? word);
    functions[name!] = filled.split('{LOSS}');
  }
  return functions;
}
