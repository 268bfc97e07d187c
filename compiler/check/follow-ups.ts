import { isMessage, isOfGrammar } from '../../grammar/diagnostics/codes.js';
import type { Diagnostic, Source } from '../../grammar/diagnostics/diagnostic.js';
import type { Span } from '../../grammar/tree/ast.js';
import type { Program } from '../resolve/program.js';

/** Verdicts on a loss as a whole, which a mistake anywhere in it can bring about. */
const WHOLE = ['noInputs', 'noPredictionInput', 'noPrediction'] as const;

/**
 * The diagnostics without those that only follow from a mistake of the grammar: what is said of the same place, and warnings and
 * verdicts on a declaration that has one. Other mistakes of such a declaration stay.
 */
export function withoutFollowUps(all: readonly Diagnostic[], program: Program): readonly Diagnostic[] {
  const { source, file } = program.module;
  const found = withoutPaths(all, source);
  const isOwn = (diagnostic: Diagnostic): boolean => (diagnostic.source?.name ?? source.name) === source.name;
  const grammar = found
    .filter((diagnostic) => isOfGrammar(diagnostic) && isOwn(diagnostic))
    .map(({ span }) => span);
  if (grammar.length === 0) return found;
  const broken = file.declarations.flatMap(({ span }) =>
    span !== undefined && grammar.some((mistake) => overlap(mistake, span)) ? [span] : [],
  );
  return found.filter((diagnostic) => {
    if (isOfGrammar(diagnostic) || !isOwn(diagnostic)) return true;
    const { span, severity } = diagnostic;
    if (grammar.some((mistake) => overlap(mistake, span))) return false;
    return (
      (severity === 'error' && !isMessage(diagnostic, ...WHOLE)) ||
      !broken.some((declaration) => overlap(declaration, span))
    );
  });
}

/** Of `std/mse(…)` the function alone is told, whose hint is its import. */
function withoutPaths(found: readonly Diagnostic[], source: Source): readonly Diagnostic[] {
  const functions = new Set(
    found.flatMap((diagnostic) => (isMessage(diagnostic, 'unknownFunction') ? [diagnostic.span.start] : [])),
  );
  return found.filter((diagnostic) => {
    const { start, end } = diagnostic.span;
    if (!isMessage(diagnostic, 'unknownName') || !functions.has(end + 1)) return true;
    return source.text.slice(start, end + 1) !== 'std/';
  });
}

/** Spans without a length count as one character. */
const overlap = (a: Span, b: Span): boolean =>
  a.start < Math.max(b.end, b.start + 1) && b.start < Math.max(a.end, a.start + 1);
