import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CompiledLoss, compileLoss } from '../../compiler/compile.js';
import { type ImportResolver, loadProgram, lossesOf, type Program } from '../../compiler/resolve/program.js';
import type { LossDecl } from '../../grammar/tree/ast.js';

const FOLDER = new URL('../../stdlib/', import.meta.url);
const HELPERS: ReadonlySet<string> = new Set(['math', 'boxes']);

const textOf = (name: string): string => readFileSync(new URL(`${name}.loss`, FOLDER), 'utf8');
const pathOf = (name: string): string => fileURLToPath(new URL(`${name}.loss`, FOLDER));

/** Finds `std/NAME` in the folder of the standard library, and nothing else. */
export const resolveStandard: ImportResolver = (specifier) => {
  const name = specifier.replace(/^std\//, '');
  return existsSync(pathOf(name))
    ? { name: pathOf(name), text: textOf(name) }
    : { problem: `${specifier} is not there` };
};

/** Every file of the standard library without its ending, helpers included. */
export const FILES: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.loss'))
  .map((file) => file.slice(0, -'.loss'.length))
  .sort();

/** Every loss of the standard library; each is a file of its own. */
export const LOSSES: readonly string[] = FILES.filter((file) => !HELPERS.has(file));

export const readme = (): string => readFileSync(new URL('README.md', FOLDER), 'utf8');

const programs = new Map<string, Program>();

/** The file of the standard library with that name, and what it imports. */
export function standardProgram(name: string): Program {
  const known = programs.get(name);
  if (known !== undefined) return known;
  const program = loadProgram({ name: pathOf(name), text: textOf(name) }, resolveStandard);
  programs.set(name, program);
  return program;
}

const compiled = new Map<string, CompiledLoss>();

/** A loss of the standard library, compiled for probabilities or for logits. */
export function compiledStandard(name: string, fromLogits = false): CompiledLoss {
  const key = `${name} ${fromLogits}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const made = compileLoss(standardProgram(name), declared(name), { fromLogits });
  compiled.set(key, made);
  return made;
}

/** The same for the mean of its items alone, as for training. */
export const plainStandard = (name: string, fromLogits: boolean): CompiledLoss =>
  compileLoss(standardProgram(name), declared(name), { fromLogits, plainMean: true });

const declared = (name: string): LossDecl =>
  lossesOf(standardProgram(name)).find((loss) => loss.name.name === name)!;
