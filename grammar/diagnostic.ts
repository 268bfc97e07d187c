import type { Span } from './ast.js';

/** A text with the name that a person knows it by, as diagnostics print it. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

export interface Note {
  readonly message: string;
  readonly span?: Span;
  readonly source?: Source;
}

/** A mistake, or something worth saying, in the user's text. A value: never thrown inside the compiler. */
export interface Diagnostic {
  /** L0xx lexing, L1xx parsing, L2xx names and arity, L3xx axes and domains, L4xx tests and sketches, L5xx imports and files. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One plain sentence in lower case, without a full stop. */
  readonly message: string;
  readonly span: Span;
  /** Where `span` points; the file being compiled when absent. */
  readonly source?: Source;
  /** What to write instead, only where that is likely right. */
  readonly hint?: string;
  readonly notes?: readonly Note[];
}
