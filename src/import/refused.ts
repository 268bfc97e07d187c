import type { Span } from '../../grammar/tree/ast.js';

/** A formula that is not imported, and why: thrown where that is found, and a value at the door of this folder. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly span: Span,
    readonly hint: string | undefined,
  ) {
    super(message);
  }
}

export function refuse(span: Span, message: string, hint?: string): never {
  throw new Refused(message, span, hint);
}
