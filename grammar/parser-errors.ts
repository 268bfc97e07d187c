import type { IParserErrorMessageProvider, IRecognitionException, IToken, TokenType } from 'chevrotain';
import type { Span } from './ast.js';
import { EOF } from './chevrotain.js';
import type { Diagnostic } from './diagnostic.js';
import * as message from './messages.js';
import { endOf, spanOf } from './repair.js';
import * as t from './tokens.js';
import { wordHint } from './word-hints.js';

/**
 * Stops the parser in one declaration: its recovery calls itself once for each mistake in a list, so that a list of
 * 100,000 mistakes would end the stack.
 */
export class TooManyErrors extends Error {}
const MAX_ERRORS = 200;
let errors = 0;

function counted(text: string): string {
  errors += 1;
  if (errors > MAX_ERRORS) throw new TooManyErrors();
  return text;
}

/** To be called before each declaration is parsed. */
export function resetErrorCount(): void {
  errors = 0;
}

/** What else could stand where a rule wanted a token. */
const WIDER: Readonly<Record<string, string>> = {
  'body BodyEnd': 'an operator or a new line',
  'callArguments RightParen': '`,` or `)`',
  'entry Name': 'an entry: `name = value` or `value ~ value`',
  'domain Name': 'a domain',
  'bounds RightParen': 'an operator or `)`',
  'bounds Comma': 'an operator or `,`',
  'operand RightParen': 'an operator or `)`',
  'signature RightParen': '`,`, `;` or `)`',
  'fnDeclaration RightParen': '`,` or `)`',
  'domain RightSquare': '`,` or `]`',
  'value RightSquare': '`,` or `]`',
  'importDeclaration RightCurly': '`,` or `}`',
  'testDeclaration RightCurly': 'a new line, `,` or `}`',
  'holes WithWord': '`with operators`',
  'holes LeavesWord': 'an operator, a function or `leaves`',
};

/** What a rule wanted where none of its alternatives fits. */
const ALTERNATIVES: Readonly<Record<string, string>> = {
  declaration: '`import`, `loss`, `fn`, `sketch` or `test`',
  expression: 'a value',
  operand: 'a value',
  value: 'a value or `[`',
  axis: 'an axis',
  operator: 'an operator or a function',
  leaf: 'a name or a number',
  entry: '`=` or `~`',
  separator: '`,` or a new line',
  body: 'a value',
  importDeclaration: 'a name',
  signature: 'a parameter',
  domain: 'an axis',
};

/** Makes of each error only the words for what was expected; `parserDiagnostic` does the rest. */
export const parserMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, ruleName }) =>
    counted(WIDER[`${ruleName} ${expected.name}`] ?? expected.LABEL ?? expected.name),
  buildNotAllInputParsedMessage: () => counted('a new declaration'),
  buildNoViableAltMessage: ({ ruleName }) => counted(ALTERNATIVES[ruleName] ?? 'something else'),
  buildEarlyExitMessage: ({ ruleName }) => counted(ALTERNATIVES[ruleName] ?? 'something else'),
};

const IN_VALUES = new Set([
  'statement',
  'expression',
  'operation',
  'operand',
  'callArguments',
  'body',
  'conditional',
]);
const VALUE_ENDS = new Set<TokenType>([t.Name, t.NumberLiteral, t.RightParen, t.RightSquare, t.Hole]);

/** What the parser's tokens tell about an error. */
export interface ErrorContext {
  /** The token before the one that did not fit. */
  readonly before: IToken | undefined;
  /** Is that the first of its statement? */
  readonly isFirst: boolean;
}

function described(token: IToken): string {
  if (token.tokenType === t.NewLine) return 'the end of the line';
  if (token.tokenType === EOF || token.tokenType === t.BodyEnd) return 'the end of the declaration';
  return message.quote(token.image);
}

function hintFor(type: TokenType, rule: string, before: IToken | undefined): string | undefined {
  if (type === t.Where)
    return '`where` stands in a reduction, behind its axes: `mean(e, axis where condition)`';
  if (type === t.Colon && rule === 'statement') return 'a `let` has no domain: it follows from the value';
  if (type === t.If && rule === 'operand') return 'inside a larger expression an `if` stands in parentheses';
  if (type === t.LeftParen && (before?.tokenType === t.NumberLiteral || before?.tokenType === t.RightParen))
    return 'to multiply write `*`';
  return before?.tokenType === t.Name ? wordHint(before.image) : undefined;
}

/** The diagnostic for an error of the parser. */
export function parserDiagnostic(error: IRecognitionException, context: ErrorContext): Diagnostic {
  const { token, message: expected } = error;
  const { before, isFirst } = context;
  // Chevrotain has no place for the end of the input: it is the end of the token before.
  const offset = before === undefined ? 0 : endOf(before);
  const span: Span = Number.isNaN(token.startOffset) ? { start: offset, end: offset } : spanOf(token);
  const rule = error.context.ruleStack.at(-1) ?? '';
  const found = described(token);
  const type = token.tokenType;

  if (rule === 'conditional' && expected === t.Then.LABEL && type !== t.Equals)
    return message.missingThen(found, span);
  if (rule === 'conditional' && expected === t.Else.LABEL) return message.missingElse(found, span);
  if (rule === 'importDeclaration' && token.image === 'as') return message.importAs(span);
  if (rule === 'holes' && expected === WIDER['holes WithWord']) return message.sketchWithoutHoles(span);
  if (IN_VALUES.has(rule) && before !== undefined && VALUE_ENDS.has(before.tokenType)) {
    if (type === t.Equals)
      return isFirst ? message.assignment(before.image, span) : message.equalsInExpression(span);
    if (type === t.LeftSquare && before.tokenType === t.Name) return message.indexing(before.image, span);
    if (type === t.Hole) return message.ternary(span);
  }
  if (error.name === 'NotAllInputParsedException')
    return type === t.With
      ? message.holesOutsideSketch(span)
      : message.outsideDeclaration(found, span, wordHint(token.image));
  return message.unexpected(expected, found, span, hintFor(type, rule, before));
}
