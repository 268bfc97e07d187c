/** The language, as the public API gives it: reading and printing `.loss` text. */

import * as diagnostics from '../../grammar/diagnostics/diagnostic.js';
import { type Formatted, formatSource as format } from '../../grammar/format/format.js';
import * as printing from '../../grammar/print/print.js';
import { type Parsed, parse as parseSource, parseExpression as parseText } from '../../grammar/read/parse.js';
import type { Expr, LossFile } from '../../grammar/tree/ast.js';
import { BOOLEAN, demand, demandOptions, TEXT } from './demand.js';
import { DIAGNOSTIC, EXPRESSION, FILE, SOURCE } from './kinds.js';

/** Parses a file. Never throws for what the text says: mistakes are in `diagnostics`. */
export function parse(source: diagnostics.Source): Parsed {
  demand('parse', [['source', source, SOURCE]]);
  return parseSource(source);
}

/** Parses one expression. Throws `LossError` when it has mistakes. */
export function parseExpression(text: string): Expr {
  demand('parseExpression', [['text', text, TEXT]]);
  return parseText(text);
}

/** An expression on one line, with the fewest parentheses that keep its tree. */
export function printExpr(expr: Expr): string {
  demand('printExpr', [['expr', expr, EXPRESSION]]);
  return printing.printExpr(expr);
}

/** A file as `.loss` text in canonical layout. Reading it back gives the same tree. */
export function printFile(file: LossFile): string {
  demand('printFile', [['file', file, FILE]]);
  return printing.printFile(file);
}

/** The text in canonical layout, with its comments; as it was where it has mistakes. */
export function formatSource(source: diagnostics.Source): Formatted {
  demand('formatSource', [['source', source, SOURCE]]);
  return format(source);
}

/** A diagnostic with the line that it is about, for people. `source` is the file that was read. */
export function formatDiagnostic(
  diagnostic: diagnostics.Diagnostic,
  source: diagnostics.Source,
  options: diagnostics.FormatOptions = {},
): string {
  demand('formatDiagnostic', [
    ['diagnostic', diagnostic, DIAGNOSTIC],
    ['source', source, SOURCE],
  ]);
  demandOptions('formatDiagnostic', options, { color: BOOLEAN });
  return diagnostics.formatDiagnostic(diagnostic, source, options);
}
