import { signatureAt } from '../../../language-server/signature.js';
import type { Asks } from '../../messages.js';
import { documentOf } from '../text.js';

/** What the call around an offset takes. */
export function call({ text, offset }: Asks['call']['ask']): Asks['call']['answer'] {
  const document = documentOf(text);
  const found = signatureAt(document, document.text.positionAt(offset));
  if (found === undefined) return undefined;
  const forms = found.signatures.map(({ label, parameters = [] }) => ({
    text: label,
    parts: parameters.flatMap((part) => (typeof part.label === 'string' ? [] : [part.label])),
  }));
  const doc = found.signatures[0]?.documentation ?? '';
  return {
    forms,
    doc: typeof doc === 'string' ? doc : doc.value,
    active: found.activeParameter ?? 0,
  };
}
