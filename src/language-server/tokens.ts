import { type SemanticTokens, SemanticTokensBuilder, type SemanticTokensLegend } from 'vscode-languageserver';
import type { Definition } from '../../compiler/resolve/bindings.js';
import { lex } from '../../grammar/read/tokens/lex.js';
import { tokenSpan } from '../../grammar/read/tokens/token.js';
import * as t from '../../grammar/read/tokens/tokens.js';
import type { Span } from '../../grammar/tree/ast.js';
import { spanOf } from '../../grammar/tree/span.js';
import type { OpenDocument } from './documents.js';

const TYPES = [
  ...['comment', 'keyword', 'string', 'number', 'operator', 'function', 'type'],
  ...['parameter', 'property', 'variable', 'typeParameter'],
] as const;
type Type = (typeof TYPES)[number];
const MODIFIERS = ['declaration', 'defaultLibrary', 'readonly', 'documentation'] as const;
type Modifier = (typeof MODIFIERS)[number];

export const LEGEND: SemanticTokensLegend = { tokenTypes: [...TYPES], tokenModifiers: [...MODIFIERS] };

interface Look {
  readonly type: Type;
  readonly modifiers?: readonly Modifier[];
}

/** How a name is coloured, by what it stands for. */
const LOOKS: { readonly [K in Definition['kind']]: Look } = {
  loss: { type: 'function' },
  sketch: { type: 'function' },
  fn: { type: 'function' },
  function: { type: 'function', modifiers: ['defaultLibrary'] },
  domain: { type: 'type', modifiers: ['defaultLibrary'] },
  constant: { type: 'variable', modifiers: ['readonly', 'defaultLibrary'] },
  input: { type: 'parameter' },
  parameter: { type: 'property' },
  let: { type: 'variable', modifiers: ['readonly'] },
  axis: { type: 'typeParameter' },
};

const OPERATORS = new Set([t.Plus, t.Minus, t.Star, t.Slash, t.Caret, t.Equals, t.Tilde, t.Hole]);
const KEYWORDS = new Set(t.RESERVED);

/** The colours of a document: of its words, and of names by what they stand for. */
export function tokensOf({ text, reading }: OpenDocument): SemanticTokens {
  const { tokens, comments } = lex(reading.source.text, () => {});
  const found: (Look & { readonly span: Span })[] = [];
  for (const { kind, span } of comments)
    found.push({ span, type: 'comment', ...(kind === 'doc' && { modifiers: ['documentation'] }) });
  for (const token of tokens) {
    const type = typeOf(token.tokenType);
    if (type !== undefined) found.push({ span: tokenSpan(token), type });
  }
  for (const [use, { kind, at }] of reading.bindings.all) {
    const look = LOOKS[kind];
    const modifiers = [...(look.modifiers ?? []), ...(at?.ident === use ? (['declaration'] as const) : [])];
    found.push({ span: spanOf(use), type: look.type, modifiers });
  }
  found.sort((a, b) => a.span.start - b.span.start);
  const builder = new SemanticTokensBuilder();
  for (const { span, type, modifiers = [] } of found) {
    const { line, character } = text.positionAt(span.start);
    const bits = modifiers.reduce((sum, modifier) => sum | (1 << MODIFIERS.indexOf(modifier)), 0);
    builder.push(line, character, span.end - span.start, TYPES.indexOf(type), bits);
  }
  return builder.build();
}

function typeOf(type: (typeof t.RESERVED)[number]): Type | undefined {
  if (KEYWORDS.has(type)) return 'keyword';
  if (type === t.NumberLiteral) return 'number';
  if (type === t.Text) return 'string';
  const isOperator = OPERATORS.has(type) || type.CATEGORIES?.includes(t.BinaryOperator) === true;
  return isOperator ? 'operator' : undefined;
}
