import type { Location } from 'vscode-languageserver';
import { nodeAt } from '../../grammar/tree/nodes.js';
import { NOWHERE, spanOf } from '../../grammar/tree/span.js';
import { locationOf } from './diagnostics.js';
import type { Documents } from './documents.js';
import type { View } from './view.js';

/** Where the name at an offset of a view is defined, or the file that an import names. */
export function definitionAt(documents: Documents, view: View, offset: number): Location | undefined {
  const { bindings, file, module, source } = view.reading;
  const found = nodeAt(file, offset);
  if (found?.type === 'specifier') {
    const target = module.resolve(found.node.path, source);
    return 'problem' in target ? undefined : locationOf(documents, target, NOWHERE);
  }
  const use = bindings.nameAt(offset);
  const at = use && bindings.definitionOf(use)?.at;
  if (at === undefined) return undefined;
  const span = spanOf(at.ident);
  return at.source === source
    ? { uri: view.document.uri, range: view.range(span) }
    : locationOf(documents, at.source, span);
}
