import {
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
} from 'vscode-languageserver';
import { isMessage } from '../../grammar/diagnostics/codes.js';
import type * as found from '../../grammar/diagnostics/diagnostic.js';
import { spanOf } from '../../grammar/tree/span.js';
import { type Documents, linesOf, type OpenDocument } from './documents.js';
import { rangeIn } from './view.js';

const SEVERITIES = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning } as const;
/** What an editor shows grey. */
const UNNECESSARY = 1;

/** All that is wrong with a document; mistakes of what it imports stand at the import. */
export function diagnosticsOf(documents: Documents, document: OpenDocument): Diagnostic[] {
  const { source, diagnostics: all } = document.reading;
  const isOwn = (one: found.Diagnostic): boolean => (one.source?.name ?? source.name) === source.name;
  const told = all.filter(isOwn).map((one) => toldOf(documents, document, one));
  const elsewhere = all.filter((one) => !isOwn(one) && one.severity === 'error');
  return elsewhere.length === 0 ? told : [...told, ofImports(documents, document, elsewhere)];
}

/** A diagnostic as the protocol has it. */
export function toldOf(documents: Documents, document: OpenDocument, one: found.Diagnostic): Diagnostic {
  const { code, severity, message, span, hint, notes = [], source = document.reading.source } = one;
  const related = notes.flatMap((note): DiagnosticRelatedInformation[] => {
    if (note.span === undefined) return [];
    return [{ message: note.message, location: locationOf(documents, note.source ?? source, note.span) }];
  });
  return {
    range: rangeIn(document.text, span),
    severity: SEVERITIES[severity],
    code,
    source: 'lossc',
    message: hint === undefined ? message : `${message}\nhint: ${hint}`,
    ...(related.length > 0 && { relatedInformation: related }),
    ...(isMessage(one, 'unused') && { tags: [UNNECESSARY] }),
  };
}

/** One for all mistakes of other files, at the first import: there is where to look for them. */
function ofImports(
  documents: Documents,
  document: OpenDocument,
  elsewhere: readonly found.Diagnostic[],
): Diagnostic {
  const { file, module, source } = document.reading;
  const wrong = new Set(elsewhere.map((one) => one.source!.name));
  const imports = file.declarations.filter((decl) => decl.kind === 'import');
  const direct = imports.find(({ from }) => {
    const target = module.resolve(from.path, source);
    return !('problem' in target) && wrong.has(target.name);
  });
  const [first] = elsewhere;
  const name = first!.source!.name;
  const count = elsewhere.length === 1 ? 'a mistake' : `${elsewhere.length} mistakes`;
  return {
    range: rangeIn(document.text, spanOf((direct ?? imports[0])?.from)),
    severity: DiagnosticSeverity.Error,
    code: first!.code,
    source: 'lossc',
    message: `the imported file has ${count}: ${first!.message} (${name})`,
    relatedInformation: elsewhere.map((one) => ({
      message: one.message,
      location: locationOf(documents, one.source!, one.span),
    })),
  };
}

/** A place in any text that was read. */
export function locationOf(
  documents: Documents,
  source: found.Source,
  span: found.Diagnostic['span'],
): { readonly uri: string; readonly range: ReturnType<typeof rangeIn> } {
  return { uri: documents.uriOf(source), range: rangeIn(linesOf(source.text), span) };
}
