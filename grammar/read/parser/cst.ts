/** What to-ast.ts and to-expr.ts, and nothing else, know of Chevrotain's tree: where its parts are. All may be missing. */
import type { CstNode, IToken, TokenType } from 'chevrotain';
import type { Ident, Span } from '../../tree/ast.js';
import { NOWHERE } from '../../tree/span.js';
import { tokenSpan } from '../tokens/token.js';
import type { Operand } from './operation.js';

/** Stands where the text is broken; the declaration around it is dropped. */
export const MISSING: Operand = { expr: { kind: 'name', name: '' }, ...NOWHERE };
const NO_NODES: readonly CstNode[] = [];
const NO_TOKENS: readonly IToken[] = [];

export function nodes(node: CstNode | undefined, rule: string): readonly CstNode[] {
  return (node?.children[rule] as readonly CstNode[] | undefined) ?? NO_NODES;
}

export function nodeOf(node: CstNode | undefined, rule: string): CstNode | undefined {
  return node?.children[rule]?.[0] as CstNode | undefined;
}

export function tokens(node: CstNode | undefined, type: TokenType): readonly IToken[] {
  return (node?.children[type.name] as readonly IToken[] | undefined) ?? NO_TOKENS;
}

export function tokenOf(node: CstNode | undefined, type: TokenType): IToken | undefined {
  return node?.children[type.name]?.[0] as IToken | undefined;
}

/** Tokens that recovery made up have no place. */
export function place(token: IToken | undefined): Span {
  return token === undefined || Number.isNaN(token.startOffset) ? MISSING : tokenSpan(token);
}

export function ident(token: IToken | undefined): Ident {
  return { name: token?.image ?? '', span: place(token) };
}

/** The value of a literal; too long or too large ones were reported, and are kept finite. */
export function numberOf(token: IToken | undefined): number {
  const value = Number(token?.image ?? 0);
  return Number.isFinite(value) ? value : Number.MAX_VALUE;
}
