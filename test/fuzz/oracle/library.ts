import type { FnDecl, LossDecl, LossFile, TestDecl } from '../../../grammar/tree/ast.js';

type Callable = FnDecl | LossDecl;

/** What the calls of a file can reach. */
export interface Library {
  readonly callables: ReadonlyMap<string, { readonly decl: Callable; readonly module: Library }>;
  readonly tests: readonly TestDecl[];
}

/** The names of a file; `open` gives the libraries that it imports from. */
export function libraryOf(
  file: LossFile,
  open: (path: string) => Library = (path) => {
    throw new Error(`no file "${path}"`);
  },
): Library {
  const callables = new Map<string, { decl: Callable; module: Library }>();
  const tests: TestDecl[] = [];
  const library: Library = { callables, tests };
  for (const decl of file.declarations) {
    if (decl.kind === 'test') tests.push(decl);
    else if (decl.kind === 'import') {
      const from = open(decl.from.path);
      for (const { name } of decl.names) callables.set(name, from.callables.get(name)!);
    } else if (decl.kind !== 'sketch') callables.set(decl.name.name, { decl, module: library });
  }
  return library;
}
