import { isMessage } from './codes.js';
import type { Diagnostic } from './diagnostic.js';
import { moreDiagnostics } from './messages.js';

/** More diagnostics of a file than this help nobody. */
export const MAX_DIAGNOSTICS = 50;

/**
 * As many diagnostics as are shown, in their order, and one that counts the others: errors before warnings where not all fit.
 * `dropped` is how many were not even kept, at the least.
 */
export function atMostShown(diagnostics: readonly Diagnostic[], dropped = 0): Diagnostic[] {
  const counts = diagnostics.find((diagnostic) => isMessage(diagnostic, 'moreDiagnostics'));
  const all = diagnostics.filter((diagnostic) => !isMessage(diagnostic, 'moreDiagnostics'));
  const cut = counts !== undefined;
  if (!cut && all.length + dropped <= MAX_DIAGNOSTICS) return all;
  const isError = ({ severity }: Diagnostic): boolean => severity === 'error';
  const kept = new Set(
    [...all.filter(isError), ...all.filter((one) => !isError(one))].slice(0, MAX_DIAGNOSTICS),
  );
  const left = all.filter((one) => !kept.has(one));
  const next = left[0] ?? counts!;
  const more = moreDiagnostics(Math.max(1, left.length + dropped), !cut && dropped === 0, next.span);
  const severity = cut || left.some(isError) ? 'error' : 'warning';
  return [
    ...all.filter((one) => kept.has(one)),
    { ...more, severity, ...(next.source !== undefined && { source: next.source }) },
  ];
}
