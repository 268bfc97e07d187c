import { lossesOf, type Program } from '../../compiler/lower/program.js';
import type { LossDecl } from '../../grammar/ast.js';
import { UsageError } from './command.js';
import { openChecked } from './load.js';

export interface LossOfProgram {
  readonly program: Program;
  readonly decl: LossDecl;
}

/** `FILE:NAME`, or every loss of a file that has one. */
export function readLosses(files: readonly string[]): LossOfProgram[] {
  return files.flatMap((entry) => {
    const [, path, name] = /^(.*?)(?::([A-Za-z_]\w*))?$/.exec(entry)!;
    const program = openChecked(path!);
    const all = lossesOf(program);
    const chosen = name === undefined ? all : all.filter((decl) => decl.name.name === name);
    if (chosen.length === 0)
      throw new UsageError(`${path} has no loss${name === undefined ? '' : ` "${name}"`}`);
    return chosen.map((decl) => ({ program, decl }));
  });
}
