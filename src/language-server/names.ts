import type { Definition } from '../../compiler/resolve/bindings.js';
import type { Callable, Module } from '../../compiler/resolve/program.js';
import type { Source } from '../../grammar/diagnostics/diagnostic.js';
import type { Ident } from '../../grammar/tree/ast.js';
import { spanOf } from '../../grammar/tree/span.js';
import type { Reading } from './reading.js';

/** A declaration with the file it stands in. */
export interface Declared<D extends Callable = Callable> {
  readonly decl: D;
  readonly module: Module;
}

/** What a call of a name in a file reaches, or, from a definition, what declares it. */
export function declaredBy(reading: Reading, { at, name }: Definition): Declared | undefined {
  const found = reading.module.callables.get(name);
  return found?.decl.name === at?.ident ? found : undefined;
}

/** The text of a node as it is written. */
export const written = (source: Source, node: { readonly span?: Ident['span'] }): string => {
  const { start, end } = spanOf(node);
  return source.text.slice(start, end);
};

/** A declaration up to its body, as it is written, without comments. */
export function headOf(decl: Callable, source: Source): string {
  const text = source.text.slice(spanOf(decl).start, spanOf(decl.body).start);
  return text
    .replaceAll(/\/\/[^\n]*/g, '')
    .trimEnd()
    .replace(/=$/, '')
    .trimEnd();
}

/** The declaration that a name is defined in, of the file or of one that it imports from. */
export function ownerOf(reading: Reading, { at }: Definition): Declared | undefined {
  if (at === undefined) return undefined;
  const { start, end } = spanOf(at.ident);
  return [...reading.module.callables.values()].find(
    ({ decl, module }) =>
      module.source === at.source && spanOf(decl).start <= start && end <= spanOf(decl).end,
  );
}
