import { lowerLoss } from '../../../../compiler/lower/lower.js';
import { lossesOf } from '../../../../compiler/resolve/program.js';
import { spanOf } from '../../../../grammar/tree/span.js';
import { actionsIn } from '../../../language-server/actions.js';
import { diagnosticsOf } from '../../../language-server/diagnostics.js';
import type { OpenDocument } from '../../../language-server/documents.js';
import type { LossOutline, Mistake, SketchOutline, TextOutline } from '../../messages.js';
import { knobOf } from '../knobs.js';
import { DOCUMENTS, documentOf, editIn, TEXT_NAME } from '../text.js';

/** What is wrong with a text, or which losses it has. */
export function read({ text }: { readonly text: string }): TextOutline {
  const document = documentOf(text);
  const mistakes = diagnosticsOf(DOCUMENTS, document).map((one) => mistakeOf(document, one));
  const isSound = mistakes.every(({ severity }) => severity !== 'error');
  return isSound
    ? { mistakes, losses: outlines(document), sketches: sketchesOf(document) }
    : { mistakes, losses: [], sketches: [] };
}

function mistakeOf(document: OpenDocument, found: ReturnType<typeof diagnosticsOf>[number]): Mistake {
  const { text } = document;
  const { range, message, code, severity } = found;
  const [from, to] = [text.offsetAt(range.start), text.offsetAt(range.end)];
  const fixes = actionsIn(DOCUMENTS, document, range).flatMap(({ title, edit, diagnostics }) => {
    const isOwn = diagnostics?.some((one) => one.code === code && one.message === message);
    const change = edit?.changes?.[TEXT_NAME]?.[0];
    return isOwn === true && change !== undefined ? [{ title, edit: editIn(text, change) }] : [];
  });
  return {
    from,
    to,
    severity: severity === ERROR ? 'error' : 'warning',
    code: String(code),
    message: String(message),
    line: range.start.line + 1,
    fixes,
  };
}

/** As the protocol has it. */
const ERROR = 1;

function outlines({ reading: { program } }: OpenDocument): readonly LossOutline[] {
  return lossesOf(program).map((decl) => {
    const { start, end } = spanOf(decl);
    const parameters = lowerLoss(program, decl).loss?.parameters ?? [];
    return { name: decl.name.name, from: start, to: end, knobs: parameters.flatMap(knobOf) };
  });
}

const sketchesOf = ({ reading: { file } }: OpenDocument): readonly SketchOutline[] =>
  file.declarations.flatMap((decl) =>
    decl.kind === 'sketch' ? [{ name: decl.name.name, from: spanOf(decl).start }] : [],
  );
