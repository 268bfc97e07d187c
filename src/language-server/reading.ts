import { Bindings } from '../../compiler/resolve/bindings.js';
import {
  type ImportResolver,
  loadProgram,
  type Module,
  type Program,
} from '../../compiler/resolve/program.js';
import { isOfGrammar } from '../../grammar/diagnostics/codes.js';
import type { Source } from '../../grammar/diagnostics/diagnostic.js';
import type { LossFile } from '../../grammar/tree/ast.js';
import { sourcePath } from '../stdlib.js';

/** A text that was read, with all that it imports. */
export class Reading {
  readonly program: Program;
  /** What the names of the text stand for. */
  readonly bindings: Bindings;
  /** Paths of the files that it imports, directly or not. */
  readonly imports: ReadonlySet<string>;

  constructor(
    readonly source: Source,
    resolve: ImportResolver,
  ) {
    const imports = new Set<string>();
    this.program = loadProgram(source, (specifier, from) => {
      const found = resolve(specifier, from);
      if (!('problem' in found)) imports.add(sourcePath(found.name));
      return found;
    });
    this.bindings = new Bindings(this.program.module);
    this.imports = imports;
  }

  get module(): Module {
    return this.program.module;
  }

  get file(): LossFile {
    return this.program.module.file;
  }

  /** Could all of it be read, whatever it means? */
  get isWhole(): boolean {
    const { name } = this.source;
    return !this.program.diagnostics.some((one) => isOfGrammar(one) && (one.source?.name ?? name) === name);
  }
}
