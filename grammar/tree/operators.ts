import type { BinaryOp, UnaryOp } from './ast.js';

export interface OperatorRow {
  /** Higher binds tighter. */
  readonly precedence: number;
  /** Which side may hold the same precedence without parentheses. */
  readonly associativity: 'left' | 'right' | 'none';
}

/** Loosest first: `or`; `and`; `not`; comparisons, which do not chain; `+ -`; `* /`; unary `-`; `^`. Parser and printer read it. */
export const BINARY_OPERATORS: { readonly [K in BinaryOp]: OperatorRow } = {
  or: { precedence: 1, associativity: 'left' },
  and: { precedence: 2, associativity: 'left' },
  '<': { precedence: 4, associativity: 'none' },
  '<=': { precedence: 4, associativity: 'none' },
  '>': { precedence: 4, associativity: 'none' },
  '>=': { precedence: 4, associativity: 'none' },
  '==': { precedence: 4, associativity: 'none' },
  '!=': { precedence: 4, associativity: 'none' },
  '+': { precedence: 5, associativity: 'left' },
  '-': { precedence: 5, associativity: 'left' },
  '*': { precedence: 6, associativity: 'left' },
  '/': { precedence: 6, associativity: 'left' },
  '^': { precedence: 8, associativity: 'right' },
};

export const UNARY_OPERATORS: { readonly [K in UnaryOp]: { readonly precedence: number } } = {
  not: { precedence: 3 },
  '-': { precedence: 7 },
};

/** `if` reaches as far right as it can, so it is looser than every operator. */
export const IF_PRECEDENCE = 0;
/** Numbers, names, calls, holes. */
export const PRIMARY_PRECEDENCE = 9;

export function isBinaryOp(text: string): text is BinaryOp {
  return Object.hasOwn(BINARY_OPERATORS, text);
}
