import type { Source } from '../../grammar/diagnostics/diagnostic.js';
import { parse } from '../../grammar/read/parse.js';
import type { FnDecl, LossDecl } from '../../grammar/tree/ast.js';
import { readLossFile, stdlibNames } from '../stdlib.js';

/** What can be imported from a file. */
interface Exported {
  readonly decl: FnDecl | LossDecl;
  readonly source: Source;
}

export const exportedBy = (source: Source): readonly Exported[] =>
  parse(source).file.declarations.flatMap((decl) =>
    decl.kind === 'fn' || decl.kind === 'loss' ? [{ decl, source }] : [],
  );

let known: readonly (Exported & { readonly from: string })[] | undefined;

/** All losses and functions of the standard library, read when they are first asked for. */
export function standardNames(): readonly (Exported & { readonly from: string })[] {
  known ??= stdlibNames().flatMap((name) =>
    exportedBy(readLossFile(`std/${name}`)).map((one) => ({ ...one, from: `std/${name}` })),
  );
  return known;
}
