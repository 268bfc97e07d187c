import { checkProgram } from '../../compiler/check/check.js';
import { loadProgram, lossesOf, type Program, sketchesOf } from '../../compiler/resolve/program.js';
import { suggestions } from '../../compiler/words/suggest.js';
import { type Diagnostic, formatDiagnostic, LossError } from '../../grammar/diagnostics/diagnostic.js';
import type { LossDecl, SketchDecl } from '../../grammar/tree/ast.js';
import { UsageError } from '../errors.js';
import { importResolver, readLossFile } from '../stdlib.js';
import { printError, wantsColor } from '../terminal.js';

/** Reads a file and what it imports. */
function openProgram(path: string): Program {
  return loadProgram(readLossFile(path), importResolver(path));
}

export interface CheckedProgram {
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
  readonly errors: number;
}

export function checkFile(path: string): CheckedProgram {
  const program = openProgram(path);
  const diagnostics = checkProgram(program);
  return { program, diagnostics, errors: diagnostics.filter((d) => d.severity === 'error').length };
}

/** Diagnostics with their frames on stderr. */
export function showDiagnostics(program: Program, diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) {
    const source = diagnostic.source ?? program.module.source;
    printError(`${formatDiagnostic(diagnostic, source, { color: wantsColor(process.stderr) })}\n`);
  }
}

/**
 * A file without errors. Warnings are left to `lossc check`.
 * @throws LossError with its errors.
 */
export function openChecked(path: string): Program {
  const { program, diagnostics, errors } = checkFile(path);
  if (errors === 0) return program;
  throw new LossError(
    diagnostics.filter((d) => d.severity === 'error'),
    program.module.source,
  );
}

export interface LossOfProgram {
  readonly program: Program;
  readonly decl: LossDecl;
}

/** `FILE:NAME` as its parts; the name is undefined where there is none. */
export function entryParts(entry: string): { readonly path: string; readonly name: string | undefined } {
  const [, path, name] = /^(.*?)(?::([A-Za-z_]\w*))?$/s.exec(entry)!;
  return { path: path!, name };
}

/** `FILE:NAME`, or FILE and `--loss NAME`: the file, and the loss that is named if one is. */
export function namedLoss(entry: string, loss: string | undefined): ReturnType<typeof entryParts> {
  const { path, name } = entryParts(entry);
  if (name !== undefined && loss !== undefined && name !== loss)
    throw new UsageError(`${entry} and --loss ${loss} name two losses`, 'give one of them');
  return { path, name: loss ?? name };
}

/** One loss: of `FILE:NAME`, or of a file by `--loss NAME`, or the only one that a file has. */
export function openLoss(entry: string, loss: string | undefined): LossOfProgram {
  const { path, name } = namedLoss(entry, loss);
  const program = openChecked(path);
  return { program, decl: chooseLoss(program, name) };
}

/** The loss that was named, or the only one. */
export function chooseLoss(program: Program, name: string | undefined): LossDecl {
  return choose(lossesOf(program), name, 'loss', program);
}

export function chooseSketch(program: Program, name: string | undefined): SketchDecl {
  return choose(sketchesOf(program), name, 'sketch', program);
}

/** The failure of a file that has none of what is wanted, with what to do. */
export function noneOf(kind: 'loss' | 'sketch', program: Program): UsageError {
  const message = `${program.module.source.name} has no ${kind}`;
  if (kind === 'sketch')
    return new UsageError(
      message,
      'a sketch is a loss with a `?` to fill; without --sketch the search starts from the losses in the file',
    );
  const [sketch] = sketchesOf(program);
  return new UsageError(
    message,
    sketch === undefined
      ? 'it has only functions, which other files can import'
      : `it has only the sketch ${sketch.name.name}, and sketches are for lossc evolve`,
  );
}

function choose<D extends LossDecl | SketchDecl>(
  all: readonly D[],
  name: string | undefined,
  kind: 'loss' | 'sketch',
  program: Program,
): D {
  const file = program.module.source.name;
  const names = all.map((decl) => decl.name.name);
  if (name === undefined && all.length === 1) return all[0]!;
  if (name === undefined) {
    if (all.length === 0) throw noneOf(kind, program);
    throw new UsageError(`${file} has several: ${names.join(', ')}`, `choose one with --${kind} NAME`);
  }
  const found = all.find((decl) => decl.name.name === name);
  if (found !== undefined) return found;
  const close = suggestions(name, names);
  throw new UsageError(
    `${file} has no ${kind} "${name}"`,
    `it has ${(close.length > 0 ? close : names).join(', ')}`,
  );
}
