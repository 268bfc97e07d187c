import type { IParserErrorMessageProvider, IRecognitionException, IToken, TokenType } from 'chevrotain';
import type { Span } from './ast.js';
import { EOF } from './chevrotain.js';
import type { Diagnostic } from './diagnostic.js';
import * as message from './messages.js';
import { endOf, spanOf } from './repair.js';
import * as t from './tokens.js';

/**
 * Stops the parser in one declaration: its recovery calls itself once for each mistake in a list, so that a list of
 * 100,000 mistakes would end the stack.
 */
export class TooManyErrors extends Error {}
const MAX_ERRORS = 60;
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
  'bounds RightParen': 'an operator or `)`',
  'bounds Comma': 'an operator or `,`',
  'operand RightParen': 'an operator or `)`',
  'signature RightParen': '`,`, `;` or `)`',
  'fnDeclaration RightParen': '`,` or `)`',
  'domain RightSquare': '`,` or `]`',
  'value RightSquare': '`,` or `]`',
  'importDeclaration RightCurly': '`,` or `}`',
  'testDeclaration RightCurly': 'a new line, `,` or `}`',
  'holes With': '`with operators`',
  'holes Leaves': 'an operator, a function or `leaves`',
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

/** All of Chevrotain's errors have it; its types say so of two only. */
type ParserError = IRecognitionException & { readonly previousToken?: IToken };

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

function described(token: IToken): string {
  if (token.tokenType === t.NewLine) return 'the end of the line';
  if (token.tokenType === EOF || token.tokenType === t.BodyEnd) return 'the end of the declaration';
  return message.quote(token.image);
}

/** Where an error is. Chevrotain has no place for the end of the input: it is the end of the token before. */
function placeOf(error: ParserError, end: number): Span {
  if (!Number.isNaN(error.token.startOffset)) return spanOf(error.token);
  const before = error.previousToken;
  const offset = before === undefined || Number.isNaN(before.startOffset) ? end : endOf(before);
  return { start: offset, end: offset };
}

/** The diagnostic for an error of the parser; `end` is the offset where its input ends. */
export function parserDiagnostic(error: ParserError, end: number): Diagnostic {
  const { token, previousToken: before, message: expected } = error;
  const span = placeOf(error, end);
  const rule = error.context.ruleStack.at(-1) ?? '';
  const found = described(token);
  const type = token.tokenType;
  const afterValue = before !== undefined && VALUE_ENDS.has(before.tokenType);

  if (rule === 'conditional' && expected === t.Then.LABEL && type !== t.Equals)
    return message.missingThen(found, span);
  if (rule === 'conditional' && expected === t.Else.LABEL) return message.missingElse(found, span);
  if (rule === 'importDeclaration' && token.image === 'as') return message.importAs(span);
  if (type === t.With && error.name === 'NotAllInputParsedException') return message.holesOutsideSketch(span);
  if (rule === 'holes' && expected === WIDER['holes With']) return message.sketchWithoutHoles(span);
  if (IN_VALUES.has(rule) && afterValue) {
    if (type === t.Equals) return message.equalsInExpression(span);
    if (type === t.LeftSquare && before.tokenType === t.Name) return message.indexing(before.image, span);
    if (type === t.Hole) return message.ternary(span);
  }
  if (error.name === 'NotAllInputParsedException') return message.outsideDeclaration(found, span);
  return message.unexpected(expected, found, span);
}
