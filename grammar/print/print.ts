import { formatSource } from '../format/format.js';
import type { Decl, LossFile } from '../tree/ast.js';
import { flatDecl } from './declaration.js';

export { printDomain } from './declaration.js';
export { printExpr } from './expression.js';

/** A file as `.loss` text in canonical layout. Reading it back gives the same tree. */
export function printFile(file: LossFile): string {
  const text = file.declarations.map((decl) => `${flatDecl(decl)}\n`).join('');
  // Text that cannot be read (over a megabyte, or from a tree that is no program) stays as it is.
  return formatSource({ name: 'printed', text }).text;
}

/** A declaration as `.loss` text in canonical layout, its doc above it, without a newline at the end. */
export function printDecl(decl: Decl): string {
  return printFile({ declarations: [decl] }).trimEnd();
}
