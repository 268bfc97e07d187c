import { codeRow, type MessageName } from '../../grammar/diagnostics/codes.js';
import { EXPLANATIONS } from '../../grammar/diagnostics/explanations.js';

/** What a diagnostic stands for, as JSON. */
export function plainCode(name: MessageName): unknown {
  const { code, severity = 'error' } = codeRow(name);
  const { title, help, see } = EXPLANATIONS[name];
  return { code, severity, title, help, see: sectionOf(see) };
}

/** What a diagnostic stands for, as a person reads it. */
export function printCode(name: MessageName): string {
  const { code, severity = 'error' } = codeRow(name);
  const { title, help, see } = EXPLANATIONS[name];
  return `${severity}[${code}]: ${title}\n  ${help}\n  See the language reference: ${sectionOf(see)}`;
}

const sectionOf = (see: string): string => `grammar/REFERENCE.md#${see}`;
