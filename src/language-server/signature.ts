import type { Position, SignatureHelp, SignatureInformation } from 'vscode-languageserver';
import { usageOf } from '../../compiler/resolve/functions.js';
import { callAround, calleeIn, namedArgument } from './calls.js';
import type { OpenDocument } from './documents.js';
import { type Declared, written } from './names.js';
import { outlineAt } from './outline.js';

/** The parameters of the call around a position, and which of them is being written. */
export function signatureAt(document: OpenDocument, position: Position): SignatureHelp | undefined {
  const { text } = document;
  const frame = callAround(outlineAt(text.getText(), text.offsetAt(position)));
  const callee = frame && calleeIn(document, frame.callee!.image);
  if (frame === undefined || callee === undefined) return undefined;
  const name = frame.callee!.image;
  const named = namedArgument(frame);
  const signatures =
    callee.kind === 'function'
      ? usageOf(name, callee.row)
          .split(' or ')
          .map((usage) => ofUsage(usage, callee.row.doc))
      : [ofDeclared(callee)];
  const [{ label, parameters = [] }] = signatures as [SignatureInformation];
  const byName = parameters.findIndex(({ label: at }) =>
    named === undefined ? false : label.slice(...(at as [number, number])).split(/\W/)[0] === named,
  );
  // An axis of a reduction may be followed by more of them.
  const position_ = callee.kind === 'function' ? Math.min(frame.commas, parameters.length - 1) : frame.commas;
  return { signatures, activeSignature: 0, activeParameter: byName >= 0 ? byName : position_ };
}

/** `clip(x, low, high)` with its parts. */
function ofUsage(usage: string, doc: string): SignatureInformation {
  const open = usage.indexOf('(');
  return labelled(usage.slice(0, open), [usage.slice(open + 1, -1).split(', ')], doc);
}

/** Inputs go by position, and parameters, behind `;`, by name. */
function ofDeclared({ decl, module: { source } }: Declared): SignatureInformation {
  const { name } = decl.name;
  const doc = decl.doc ?? '';
  if (decl.kind === 'fn') return labelled(name, [decl.parameters.map((one) => one.name)], doc);
  const groups = [decl.inputs, decl.parameters].map((items) => items.map((item) => written(source, item)));
  return labelled(name, groups, doc);
}

function labelled(name: string, groups: readonly (readonly string[])[], doc: string): SignatureInformation {
  let label = `${name}(`;
  const parameters: { label: [number, number] }[] = [];
  for (const [i, group] of groups.filter(({ length }) => length > 0).entries()) {
    if (i > 0) label += '; ';
    for (const [j, text] of group.entries()) {
      if (j > 0) label += ', ';
      parameters.push({ label: [label.length, label.length + text.length] });
      label += text;
    }
  }
  return { label: `${label})`, parameters, documentation: doc };
}
