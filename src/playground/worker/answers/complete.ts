import { completionAt } from '../../../language-server/completion.js';
import type { Asks, Completion } from '../../messages.js';
import { documentOf, editIn } from '../text.js';

type Item = ReturnType<typeof completionAt>[number];

/** The kinds that completion uses, by their numbers in the protocol. */
const KINDS: Readonly<Record<number, Completion['kind']>> = {
  3: 'function',
  6: 'name',
  7: 'domain',
  10: 'name',
  14: 'keyword',
  17: 'file',
  21: 'constant',
  25: 'axis',
};

export function complete({ text, offset }: Asks['complete']['ask']): Asks['complete']['answer'] {
  const document = documentOf(text);
  const completions = completionAt(document, document.text.positionAt(offset)).map((item) =>
    completionOf(document.text, item),
  );
  return { from: completions[0]?.edits[0]?.from ?? offset, completions };
}

function completionOf(lines: ReturnType<typeof documentOf>['text'], item: Item): Completion {
  const { label, kind, detail = '', documentation = '', sortText = label, textEdit } = item;
  const own = textEdit !== undefined && 'range' in textEdit ? [editIn(lines, textEdit)] : [];
  const also = (item.additionalTextEdits ?? []).map((edit) => editIn(lines, edit));
  return {
    label,
    kind: KINDS[kind ?? 0] ?? 'name',
    detail,
    doc: typeof documentation === 'string' ? documentation : documentation.value,
    sort: sortText,
    edits: [...own, ...also],
  };
}
