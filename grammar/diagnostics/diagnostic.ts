import type { Span } from '../tree/ast.js';
import type { Code } from './codes.js';
import { drawFrame } from './frame.js';
import { positionAt, type Source } from './source.js';

export type { Source } from './source.js';

/** A second sentence of a diagnostic, with the place that it is about where there is one. */
export interface Note {
  readonly message: string;
  readonly span?: Span;
  readonly source?: Source;
}

/** A text to be written in the place of another, which may be empty. */
export interface Fix {
  readonly span: Span;
  readonly text: string;
  /** What is done, as a person is asked: `write prediction`. */
  readonly says: string;
}

/** A mistake, or something worth saying, in the user's text. A value: never thrown inside the compiler. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: 'error' | 'warning';
  /** One plain sentence in lower case, without a full stop. */
  readonly message: string;
  readonly span: Span;
  /** Where `span` points; the file being compiled when absent. */
  readonly source?: Source;
  /** What to write instead, only where that is likely right. */
  readonly hint?: string;
  /** What the hint says to write, one of these, where it is that exact: an editor does it when it is told to. */
  readonly fixes?: readonly Fix[];
  readonly notes?: readonly Note[];
}

/** What `formatDiagnostic` takes. */
export interface FormatOptions {
  /** ANSI colours, for a terminal. Off by default. */
  readonly color?: boolean;
}

const ANSI = { error: 31, warning: 33, frame: 34, bold: 1 } as const;

/**
 * A diagnostic as a person reads it: code and sentence, place, source lines with carets under the span, hint and notes.
 * Ends without a newline. `source` is the text that was compiled; a diagnostic that names its own source uses that.
 */
export function formatDiagnostic(
  diagnostic: Diagnostic,
  source: Source,
  options: FormatOptions = {},
): string {
  const paint = (text: string, style: keyof typeof ANSI): string =>
    options.color === true && text !== '' ? `\u001b[${ANSI[style]}m${text}\u001b[0m` : text;
  const severity = diagnostic.severity;

  const frame = (span: Span, at: Source): string[] => {
    const { gutter, rows } = drawFrame(span, at);
    const { line, column } = positionAt(at, span.start);
    return [
      `${' '.repeat(gutter)}${paint('-->', 'frame')} ${at.name}:${line}:${column}`,
      ...rows.map((row) => {
        const edge = paint(`${row.label.padStart(gutter)} |`, 'frame');
        const text = row.kind === 'marks' ? paint(row.text.trimStart(), severity) : row.text;
        const indent =
          row.kind === 'marks' ? row.text.slice(0, row.text.length - row.text.trimStart().length) : '';
        return text === '' ? edge : `${edge} ${indent}${text}`;
      }),
    ];
  };

  const own = diagnostic.source ?? source;
  const margin = ' '.repeat(drawFrame(diagnostic.span, own).gutter + 1);
  const lines = [
    `${paint(`${severity}[${diagnostic.code}]`, severity)}${paint(`: ${diagnostic.message}`, 'bold')}`,
    ...frame(diagnostic.span, own),
  ];
  if (diagnostic.hint !== undefined) lines.push(`${margin}${paint('=', 'frame')} hint: ${diagnostic.hint}`);
  for (const note of diagnostic.notes ?? []) {
    lines.push(`${margin}${paint('=', 'frame')} note: ${note.message}`);
    if (note.span !== undefined) lines.push(...frame(note.span, note.source ?? own));
  }
  return lines.join('\n');
}

/** Thrown at the public doors (never inside the compiler): everything that is wrong with one source. */
export class LossError extends Error {
  override readonly name = 'LossError';
  readonly diagnostics: readonly Diagnostic[];
  readonly source: Source;

  /** `message` is the text of all diagnostics, with their frames. */
  constructor(diagnostics: readonly Diagnostic[], source: Source) {
    super(diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, source)).join('\n\n'));
    this.diagnostics = diagnostics;
    this.source = source;
  }
}
