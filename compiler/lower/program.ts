import type {
  Decl,
  FnDecl,
  ImportDecl,
  LossDecl,
  LossFile,
  SketchDecl,
  TestDecl,
} from '../../grammar/ast.js';
import type { Diagnostic, Source } from '../../grammar/diagnostic.js';
import { parse } from '../../grammar/parse.js';
import * as importMessages from '../messages/imports.js';
import * as nameMessages from '../messages/names.js';
import { findFunction } from './functions.js';
import { suggestions } from './suggest.js';

/** What a call can name. */
export type Callable = FnDecl | LossDecl | SketchDecl;

/** One file with the names that its calls can reach. */
export interface Module {
  readonly source: Source;
  readonly file: LossFile;
  readonly callables: ReadonlyMap<string, { readonly decl: Callable; readonly module: Module }>;
}

/** A file and what it imports, ready to be checked. */
export interface Program {
  readonly module: Module;
  /** Mistakes of reading, parsing and importing, of all files. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds the text that `import … from "specifier"` in `from` means, or says in plain words why it cannot. */
export type ImportResolver = (specifier: string, from: Source) => Source | { readonly problem: string };

const NO_IMPORTS: ImportResolver = () => ({ problem: 'imports are not available here' });
const MAX_FILES = 1000;

const isCallable = (decl: Decl): decl is Callable =>
  decl.kind === 'fn' || decl.kind === 'loss' || decl.kind === 'sketch';

/** Parses a file and, through the resolver, everything it imports. Never throws for what the text says. */
export function loadProgram(source: Source, resolve: ImportResolver = NO_IMPORTS): Program {
  const diagnostics: Diagnostic[] = [];
  const loaded = new Map<string, Module>();
  const module = loadModule(source, [], { resolve, diagnostics, loaded });
  return { module, diagnostics };
}

/** A program made of trees, as evolution makes them: `library` holds what the declarations may call. */
export function programOf(declarations: readonly Decl[], library: readonly Decl[] = []): Program {
  const source: Source = { name: '(generated)', text: '' };
  const callables = new Map<string, { decl: Callable; module: Module }>();
  const module: Module = { source, file: { declarations }, callables };
  for (const decl of [...library, ...declarations]) {
    if (isCallable(decl)) callables.set(decl.name.name, { decl, module });
  }
  return { module, diagnostics: [] };
}

interface Loading {
  readonly resolve: ImportResolver;
  readonly diagnostics: Diagnostic[];
  readonly loaded: Map<string, Module>;
}

function loadModule(source: Source, chain: readonly string[], state: Loading): Module {
  const parsed = parse(source);
  state.diagnostics.push(...parsed.diagnostics.map((d) => ({ ...d, source: d.source ?? source })));
  const callables = new Map<string, { decl: Callable; module: Module }>();
  const module: Module = { source, file: parsed.file, callables };
  state.loaded.set(source.name, module);
  for (const decl of parsed.file.declarations) {
    if (decl.kind === 'import') importNames(decl, module, callables, [...chain, source.name], state);
  }
  for (const decl of parsed.file.declarations) {
    if (!isCallable(decl)) continue;
    const { name } = decl.name;
    if (callables.has(name) || findFunction(name) !== undefined) {
      state.diagnostics.push(nameMessages.declaredTwice({ span: decl.name.span!, source }, name));
    } else callables.set(name, { decl, module });
  }
  return module;
}

function importNames(
  decl: ImportDecl,
  module: Module,
  callables: Map<string, { decl: Callable; module: Module }>,
  chain: readonly string[],
  state: Loading,
): void {
  const place = { span: decl.fromSpan ?? decl.span!, source: module.source };
  const found = state.resolve(decl.from, module.source);
  if ('problem' in found) {
    state.diagnostics.push(importMessages.importNotFound(place, decl.from, found.problem));
    return;
  }
  const start = chain.indexOf(found.name);
  if (start >= 0) {
    state.diagnostics.push(importMessages.importCycle(place, [...chain.slice(start), found.name]));
    return;
  }
  if (state.loaded.size >= MAX_FILES || chain.length > 100) {
    state.diagnostics.push(importMessages.importDepth(place));
    return;
  }
  const imported = state.loaded.get(found.name) ?? loadModule(found, chain, state);
  for (const ident of decl.names) {
    const here = { span: ident.span!, source: module.source };
    const target = imported.callables.get(ident.name);
    if (target === undefined || target.decl.kind === 'sketch') {
      const close = suggestions(ident.name, imported.callables.keys());
      state.diagnostics.push(importMessages.importMissing(here, ident.name, decl.from, close));
    } else if (callables.has(ident.name)) {
      state.diagnostics.push(nameMessages.declaredTwice(here, ident.name));
    } else callables.set(ident.name, target);
  }
}

/** Losses, sketches or tests of the program's own file. */
export const lossesOf = (program: Program): LossDecl[] =>
  program.module.file.declarations.filter((decl): decl is LossDecl => decl.kind === 'loss');
export const sketchesOf = (program: Program): SketchDecl[] =>
  program.module.file.declarations.filter((decl): decl is SketchDecl => decl.kind === 'sketch');
export const testsOf = (program: Program): TestDecl[] =>
  program.module.file.declarations.filter((decl): decl is TestDecl => decl.kind === 'test');
