import type { Diagnostic, Source } from '../grammar/diagnostics/diagnostic.js';
import { positionAt } from '../grammar/diagnostics/source.js';

/** A diagnostic as programs read it: lines and columns from 1. `source` is the file being compiled. */
export function plainDiagnostic(diagnostic: Diagnostic, compiled: Source): unknown {
  const source = diagnostic.source ?? compiled;
  const { code, severity, message, hint, span } = diagnostic;
  const [start, end] = [positionAt(source, span.start), positionAt(source, span.end)];
  return { file: source.name, code, severity, message, ...(hint !== undefined && { hint }), start, end };
}
