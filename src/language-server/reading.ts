import { checkProgram } from '../../compiler/check/check.js';
import { Memory } from '../../compiler/check/memory.js';
import { Bindings } from '../../compiler/resolve/bindings.js';
import {
  type ImportResolver,
  loadProgram,
  type Module,
  type Program,
} from '../../compiler/resolve/program.js';
import { isOfGrammar } from '../../grammar/diagnostics/codes.js';
import type { Diagnostic, Source } from '../../grammar/diagnostics/diagnostic.js';
import { type Parsed, parse } from '../../grammar/read/parse.js';
import type { LossFile } from '../../grammar/tree/ast.js';
import { sourcePath } from '../stdlib.js';

/** What was said of losses in all texts so far. */
const MEMORY = new Memory();

/** Files that are imported, as they were read last: they change less often than the text that imports them. */
const PARSED = new Map<string, { readonly text: string; readonly parsed: Parsed }>();

function parseOnce(source: Source): Parsed {
  const known = PARSED.get(source.name);
  if (known?.text === source.text) return known.parsed;
  const parsed = parse(source);
  PARSED.set(source.name, { text: source.text, parsed });
  return parsed;
}

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
    this.program = loadProgram(
      source,
      (specifier, from) => {
        const found = resolve(specifier, from);
        if (!('problem' in found)) imports.add(sourcePath(found.name));
        return found;
      },
      parseOnce,
    );
    this.bindings = new Bindings(this.program.module);
    this.imports = imports;
  }

  #diagnostics: readonly Diagnostic[] | undefined;
  /** All that is wrong with the text, and with what it imports. */
  get diagnostics(): readonly Diagnostic[] {
    this.#diagnostics ??= checkProgram(this.program, MEMORY);
    return this.#diagnostics;
  }

  /** Those of them that keep it from being compiled. */
  get errors(): readonly Diagnostic[] {
    return this.diagnostics.filter(({ severity }) => severity === 'error');
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
