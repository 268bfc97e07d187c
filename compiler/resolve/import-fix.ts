import type { Fix } from '../../grammar/diagnostics/diagnostic.js';
import type { LossFile } from '../../grammar/tree/ast.js';
import { spanOf } from '../../grammar/tree/span.js';

/** What imports a name into a file: with those that it imports from there already, or on a line of its own. */
export function importFix({ declarations }: LossFile, name: string, from: string): Fix {
  const imports = declarations.filter((decl) => decl.kind === 'import');
  const same = imports.find((decl) => decl.from.path === from)?.names.at(-1);
  const line = `import { ${name} } from "${from}"`;
  const at = (offset: number, text: string): Fix => ({
    span: { start: offset, end: offset },
    text,
    says: line,
  });
  if (same !== undefined) return at(spanOf(same).end, `, ${name}`);
  const last = imports.at(-1);
  return last === undefined ? at(0, `${line}\n\n`) : at(spanOf(last).end, `\n${line}`);
}
