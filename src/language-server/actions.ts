import { type CodeAction, CodeActionKind, type Range } from 'vscode-languageserver';
import type { Fix } from '../../grammar/diagnostics/diagnostic.js';
import { toldOf } from './diagnostics.js';
import type { Documents, OpenDocument } from './documents.js';
import { editOf } from './view.js';

/** What corrects the mistakes in a range of a document: the fixes that their hints name. */
export function actionsIn(documents: Documents, document: OpenDocument, range: Range): CodeAction[] {
  const { text, reading, uri } = document;
  const [start, end] = [text.offsetAt(range.start), text.offsetAt(range.end)];
  const { name } = reading.source;
  return reading.diagnostics
    .filter(({ source, span }) => (source?.name ?? name) === name && span.start <= end && start <= span.end)
    .flatMap((diagnostic) => {
      const { fixes = [] } = diagnostic;
      return fixes.map((fix) => ({
        title: fix.says,
        kind: CodeActionKind.QuickFix,
        isPreferred: fixes.length === 1,
        diagnostics: [toldOf(documents, document, diagnostic)],
        edit: { changes: { [uri]: [editOf(text, fitted(fix, text.getText()))] } },
      }));
    });
}

/** A word in the place of a sign brings its blanks: not where there are some already. */
function fitted(fix: Fix, whole: string): Fix {
  if (!/^ \w+ $/.test(fix.text)) return fix;
  const { start, end } = fix.span;
  const before = /[\s([]$/.test(whole.slice(0, start)) ? fix.text.trimStart() : fix.text;
  return { ...fix, text: /^\s/.test(whole.slice(end)) ? before.trimEnd() : before };
}
