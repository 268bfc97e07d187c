import type { Diagnostic, Source } from '../../grammar/diagnostics/diagnostic.js';
import { type Parsed, parse } from '../../grammar/read/parse.js';
import type {
  Decl,
  FnDecl,
  Ident,
  ImportDecl,
  LossDecl,
  LossFile,
  SketchDecl,
  TestDecl,
} from '../../grammar/tree/ast.js';
import * as importMessages from '../messages/imports.js';
import { placeIn } from '../messages/message.js';
import * as nameMessages from '../messages/names.js';
import { suggestions } from '../words/suggest.js';
import { findFunction } from './functions.js';

/** What a call can name. */
export type Callable = FnDecl | LossDecl | SketchDecl;

/** One file with the names that its calls can reach. */
export interface Module {
  readonly source: Source;
  readonly file: LossFile;
  readonly callables: ReadonlyMap<string, { readonly decl: Callable; readonly module: Module }>;
  /**
   * Names that are not there because of another mistake (an import that failed, a declaration that cannot be read): that has been
   * reported, and calls of them are not.
   */
  readonly missing: ReadonlySet<string>;
  /** Finds what this file could import, for hints. */
  readonly resolve: ImportResolver;
}

/** A file and what it imports, ready to be checked. */
export interface Program {
  readonly module: Module;
  /** Mistakes of reading, parsing and importing, of all files. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Why there is nothing to import, in plain words, and specifiers that may have been meant. */
interface ImportProblem {
  readonly problem: string;
  readonly similar?: readonly string[];
}
/** Finds the text that `import … from "specifier"` in `from` means, or says why it cannot. */
export type ImportResolver = (specifier: string, from: Source) => Source | ImportProblem;

const NO_IMPORTS: ImportResolver = () => ({ problem: 'imports are not available here' });
const MAX_FILES = 1000;
const MAX_IMPORT_DEPTH = 100;

const isCallable = (decl: Decl): decl is Callable =>
  decl.kind === 'fn' || decl.kind === 'loss' || decl.kind === 'sketch';

/**
 * Parses a file and, through the resolver, everything it imports. Never throws for what the text says. Who reads the same files again
 * and again gives a `read` that remembers them.
 */
export function loadProgram(
  source: Source,
  resolve: ImportResolver = NO_IMPORTS,
  read: (source: Source) => Parsed = parse,
): Program {
  const diagnostics: Diagnostic[] = [];
  const loaded = new Map<string, Module>();
  const module = loadModule(source, [], { resolve, read, diagnostics, loaded });
  return { module, diagnostics };
}

/** A program made of trees, as evolution makes them: `library` holds what the declarations may call. */
export function programOf(declarations: readonly Decl[], library: readonly Decl[] = []): Program {
  const source: Source = { name: '(generated)', text: '' };
  const callables = new Map<string, { decl: Callable; module: Module }>();
  const module: Module = {
    source,
    file: { declarations },
    callables,
    missing: new Set(),
    resolve: NO_IMPORTS,
  };
  for (const decl of [...library, ...declarations]) {
    if (isCallable(decl)) callables.set(decl.name.name, { decl, module });
  }
  return { module, diagnostics: [] };
}

interface Loading {
  readonly resolve: ImportResolver;
  readonly read: (source: Source) => Parsed;
  readonly diagnostics: Diagnostic[];
  readonly loaded: Map<string, Module>;
}

/** A module while it is read. */
interface OpenModule extends Module {
  readonly callables: Map<string, { decl: Callable; module: Module }>;
  readonly missing: Set<string>;
}

function loadModule(source: Source, chain: readonly string[], state: Loading): Module {
  const parsed = state.read(source);
  state.diagnostics.push(...parsed.diagnostics.map((d) => ({ ...d, source: d.source ?? source })));
  const module: OpenModule = {
    source,
    file: parsed.file,
    callables: new Map(),
    missing: new Set(parsed.leftOut),
    resolve: state.resolve,
  };
  const { callables } = module;
  state.loaded.set(source.name, module);
  for (const decl of parsed.file.declarations) {
    if (decl.kind === 'import') importNames(decl, module, [...chain, source.name], state);
  }
  for (const decl of parsed.file.declarations) {
    if (!isCallable(decl)) continue;
    const { name } = decl.name;
    const taken = takenBy(decl.name, module);
    if (taken !== undefined) state.diagnostics.push(taken);
    else callables.set(name, { decl, module });
  }
  return module;
}

/** Where a file imports a name. */
function importOf(name: string, { file }: Module): Ident | undefined {
  for (const decl of file.declarations) {
    const found = decl.kind === 'import' ? decl.names.find((entry) => entry.name === name) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What to say of a name that something else has already: a function of the language, a declaration, an import. */
function takenBy(name: Ident, module: Module): Diagnostic | undefined {
  const place = { span: name.span!, source: module.source };
  if (findFunction(name.name) !== undefined)
    return nameMessages.declaredTwice(place, name.name, 'a function of the language');
  const known = module.callables.get(name.name);
  if (known === undefined) return undefined;
  const imported = known.module === module ? undefined : importOf(name.name, module);
  const span = (imported ?? known.decl.name).span!;
  const note = {
    message: imported === undefined ? 'declared here' : 'imported here',
    span,
    source: module.source,
  };
  const what = `a ${known.decl.kind === 'fn' ? 'function' : known.decl.kind}`;
  return nameMessages.declaredTwice({ ...place, notes: [note] }, name.name, what);
}

function importNames(
  decl: ImportDecl,
  module: OpenModule,
  chain: readonly string[],
  state: Loading,
): undefined {
  const place = placeIn(module.source, decl.from, decl);
  const found = state.resolve(decl.from.path, module.source);
  const refuse = (diagnostic: Diagnostic): undefined => {
    state.diagnostics.push(diagnostic);
    for (const { name } of decl.names) module.missing.add(name);
  };
  if ('problem' in found)
    return refuse(importMessages.importNotFound(place, decl.from.path, found.problem, found.similar ?? []));
  const start = chain.indexOf(found.name);
  if (start >= 0) return refuse(importMessages.importCycle(place, [...chain.slice(start), found.name]));
  if (state.loaded.size >= MAX_FILES) return refuse(importMessages.tooManyFiles(place));
  if (chain.length > MAX_IMPORT_DEPTH) return refuse(importMessages.importDepth(place));
  const imported = state.loaded.get(found.name) ?? loadModule(found, chain, state);
  for (const ident of decl.names) importName(ident, decl.from.path, imported, module, state);
}

function importName(ident: Ident, from: string, imported: Module, module: OpenModule, state: Loading): void {
  const { name } = ident;
  const place = { span: ident.span!, source: module.source };
  const target = imported.callables.get(name);
  const taken = takenBy(ident, module);
  if (target !== undefined && target.decl.kind !== 'sketch' && taken === undefined) {
    module.callables.set(name, target);
    return;
  }
  module.missing.add(name);
  if (target?.decl.kind === 'sketch') state.diagnostics.push(importMessages.importSketch(place, name, from));
  else if (target !== undefined) state.diagnostics.push(taken!);
  else if (!imported.missing.has(name)) {
    const known = [...imported.callables]
      .filter(([, { decl }]) => decl.kind !== 'sketch')
      .map(([key]) => key);
    const close = suggestions(name, known);
    state.diagnostics.push(importMessages.importMissing(place, name, from, close));
  }
}

/** Losses, sketches or tests of the program's own file. */
export const lossesOf = (program: Program): LossDecl[] =>
  program.module.file.declarations.filter((decl): decl is LossDecl => decl.kind === 'loss');
export const sketchesOf = (program: Program): SketchDecl[] =>
  program.module.file.declarations.filter((decl): decl is SketchDecl => decl.kind === 'sketch');
export const testsOf = (program: Program): TestDecl[] =>
  program.module.file.declarations.filter((decl): decl is TestDecl => decl.kind === 'test');
