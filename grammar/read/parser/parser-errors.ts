import type { IParserErrorMessageProvider, IRecognitionException, IToken, TokenType } from 'chevrotain';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { quote } from '../../diagnostics/error.js';
import * as message from '../../diagnostics/messages.js';
import type { Span } from '../../tree/ast.js';
import { EOF } from '../tokens/chevrotain.js';
import { endOf, tokenSpan } from '../tokens/token.js';
import * as t from '../tokens/tokens.js';
import { declarationHint, foreignWord, wordHint } from '../word-hints.js';
import type { RuleName } from './parser.js';

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
export const WIDER: Readonly<Partial<Record<RuleName, ReadonlyMap<TokenType, string>>>> = {
  body: new Map([[t.BodyEnd, 'an operator or a new line']]),
  callArguments: new Map([[t.RightParen, '`,` or `)`']]),
  entry: new Map([[t.Name, 'an entry: `name = value` or `value ~ value`']]),
  domain: new Map([
    [t.Name, 'a domain'],
    [t.RightSquare, '`,` or `]`'],
  ]),
  bounds: new Map([
    [t.RightParen, 'an operator or `)`'],
    [t.Comma, 'an operator or `,`'],
  ]),
  operand: new Map([[t.RightParen, 'an operator or `)`']]),
  signature: new Map([[t.RightParen, '`,`, `;` or `)`']]),
  fnDeclaration: new Map([[t.RightParen, '`,` or `)`']]),
  value: new Map([[t.RightSquare, '`,` or `]`']]),
  importDeclaration: new Map([[t.RightCurly, '`,` or `}`']]),
  testDeclaration: new Map([[t.RightCurly, 'a new line, `,` or `}`']]),
  holes: new Map([
    [t.With, '`with operators`'],
    [t.Leaves, 'an operator, a function or `leaves`'],
  ]),
};

/** What a rule wanted where none of its alternatives fits. */
const ALTERNATIVES: Readonly<Partial<Record<RuleName, string>>> = {
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

/** Chevrotain knows rules by their names alone: those of the parser, and none where it failed outside them all. */
const ruleOf = (name: string | undefined): RuleName | undefined => name as RuleName | undefined;
const alternativesOf = (ruleName: string): string => ALTERNATIVES[ruleOf(ruleName)!] ?? 'something else';

/** Makes of each error only the words for what was expected; `parserDiagnostic` does the rest. */
export const parserMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, ruleName }) =>
    counted(WIDER[ruleOf(ruleName)!]?.get(expected) ?? expected.LABEL ?? expected.name),
  buildNotAllInputParsedMessage: () => counted('a new declaration'),
  buildNoViableAltMessage: ({ ruleName }) =>
    counted(ruleOf(ruleName) === 'domain' ? 'a domain' : alternativesOf(ruleName)),
  buildEarlyExitMessage: ({ ruleName }) => counted(alternativesOf(ruleName)),
};

/** The rules of what stands in a value. */
const IN_VALUES: ReadonlySet<RuleName | undefined> = new Set<RuleName>([
  'statement',
  'expression',
  'operation',
  'operand',
  'callArguments',
  'body',
  'conditional',
]);
const VALUE_ENDS = new Set<TokenType>([
  ...[t.Name, t.DottedName, t.NumberLiteral, t.RightParen, t.RightSquare, t.Hole],
]);

/** What the parser's tokens tell about an error. */
export interface ErrorContext {
  readonly tokens: readonly IToken[];
  /** Where the token that did not fit is among them. */
  readonly index: number;
  /** Is the token before it the first of its statement? */
  readonly isFirst: boolean;
}

function described(token: IToken): string {
  if (token.tokenType === t.NewLine) return 'the end of the line';
  if (token.tokenType === EOF || token.tokenType === t.BodyEnd) return 'the end of the declaration';
  return quote(token.image);
}

const INTERVALS =
  'an interval is `between(0, 1)`, and `unit` from 0 to 1; axes follow a domain: `real[class]`';
const AXES = 'axes have names: `real[class]`; without axes, leave out the brackets';
const DOMAIN_FOLLOWS = 'a domain follows a `:`, such as `alpha: nonnegative = 0.5`';
const COMPARISONS = new Set<TokenType>([t.Less, t.LessEqual, t.Greater, t.GreaterEqual]);

function hintFor(
  token: IToken,
  rule: RuleName | undefined,
  { tokens, index }: ErrorContext,
): string | undefined {
  const type = token.tokenType;
  const before = tokens[index - 1];
  if (type === t.Where)
    return '`where` belongs in a reduction, after its axes: `mean(e, axis where condition)`';
  if (type === t.Colon && rule === 'statement') return 'a `let` has no domain: it follows from the value';
  if (type === t.If && rule === 'operand') return 'inside a larger expression, put an `if` in parentheses';
  if (rule === 'domain' || rule === 'axis' || rule === 'bounds') {
    const hint = domainHint(token, before, tokens.slice(0, index));
    if (hint !== undefined) return hint;
  }
  if (rule === 'importDeclaration' && type === t.Name && before?.tokenType === t.From)
    return 'put the file in quotes: `from "std/name"`';
  if (COMPARISONS.has(type) && (rule === 'signature' || rule === 'parameter')) return DOMAIN_FOLLOWS;
  const isListed = before?.tokenType === t.Comma && tokens[index + 1]?.tokenType === t.Name;
  if (type === t.LeftSquare && isListed && IN_VALUES.has(rule))
    return 'write axes without brackets: `sum(e, row, column)`';
  if (rule === 'domain' && type === t.Colon) return 'a domain follows one `:`';
  if (type === t.EqualEqual && (rule === 'signature' || rule === 'parameter'))
    return 'a default is written with one `=`';
  if (type === t.Dots && IN_VALUES.has(rule))
    return 'every body needs a value, such as `0 * prediction` to begin with';
  if (type === t.LeftParen && isEmptyCall(tokens, index))
    return 'a loss is called once, with its inputs: `mse(target, prediction)`';
  const canMultiply = before?.tokenType === t.NumberLiteral || before?.tokenType === t.RightParen;
  if (
    canMultiply &&
    IN_VALUES.has(rule) &&
    (type === t.LeftParen || type === t.Name || type === t.NumberLiteral)
  )
    return wordHint(token.image) ?? 'to multiply, write `*`';
  return (
    (before?.tokenType === t.Name ? wordHint(before.image) : undefined) ??
    (type === t.Name ? foreignWord(token.image) : undefined)
  );
}

/** What is to be written where a domain, its bounds or its axes could not be read. */
function domainHint(
  { tokenType: type }: IToken,
  before: IToken | undefined,
  read: readonly IToken[],
): string | undefined {
  if (before?.tokenType === t.LeftSquare) return read.at(-2)?.image === 'between' ? INTERVALS : AXES;
  const [name, open, axis] = read.slice(-3);
  const isAxisInBounds =
    type === t.RightParen && open?.tokenType === t.LeftParen && axis?.tokenType === t.Name;
  if (isAxisInBounds && name !== undefined)
    return `axes are written in square brackets: ${quote(`${name.image}[${axis.image}]`)}`;
  if (type === t.RightParen && before?.tokenType === t.NumberLiteral && read.at(-3)?.image === 'between')
    return INTERVALS;
  const opens = type === t.LeftSquare || type === t.LeftParen || type === t.LeftCurly;
  return opens || COMPARISONS.has(type) || type === t.NumberLiteral ? INTERVALS : undefined;
}

/** `nn.MSELoss()(a, b)`: is there an empty pair of brackets in front? */
function isEmptyCall(tokens: readonly IToken[], index: number): boolean {
  return tokens[index - 1]?.tokenType === t.RightParen && tokens[index - 2]?.tokenType === t.LeftParen;
}

/** The name that `= "mean"` was to give a value to. */
function nameOfDefault({ tokens, index }: ErrorContext): string | undefined {
  const [name, equals] = [tokens[index - 2], tokens[index - 1]];
  return equals?.tokenType === t.Equals && name?.tokenType === t.Name ? name.image : undefined;
}

/** What stands between other positions: `x[:, 0]`. */
const SLICES = new Set<TokenType>([t.Colon, t.Comma, t.Dots]);

/** What is said of brackets behind a value: by what it was indexed, where that is short, or the axis of a function. */
function brackets({ tokens, index }: ErrorContext, span: Span): Diagnostic {
  const before = tokens[index - 1]!;
  const close = tokens.findIndex(({ tokenType }, i) => i > index && tokenType === t.RightSquare);
  const within = tokens.slice(index + 1, close < 0 ? index + 1 : close);
  const positions = within.filter(({ tokenType }) => !SLICES.has(tokenType));
  const [position] = positions;
  const isOne =
    positions.length === 1 &&
    (position!.tokenType === t.NumberLiteral || (position!.tokenType === t.Name && within.length === 1));
  if (before.tokenType === t.Name && isOne && tokens[close + 1]?.tokenType === t.LeftParen)
    return message.indexing(before.image, position!.image, true, span);
  if (/^(?:shape|size)$/.test(calleeBefore(tokens, index) ?? '')) return message.method('shape', span);
  const value = before.tokenType === t.Name ? before.image : '\u2026';
  return message.indexing(value, isOne ? position!.image : '\u2026', false, span);
}

/** The name of the function that is called in front of a token, with one value: `shape(x)[1]`. */
function calleeBefore(tokens: readonly IToken[], index: number): string | undefined {
  const [name, open, , close] = tokens.slice(Math.max(index - 4, 0), index);
  return close?.tokenType === t.RightParen && open?.tokenType === t.LeftParen ? name?.image : undefined;
}

/** The diagnostic for an error of the parser. */
export function parserDiagnostic(error: IRecognitionException, context: ErrorContext): Diagnostic {
  const { token, message: expected } = error;
  const before = context.tokens[context.index - 1];
  // Chevrotain has no place for the end of the input: it is the end of the token before.
  const offset = before === undefined ? 0 : endOf(before);
  const span: Span = Number.isNaN(token.startOffset) ? { start: offset, end: offset } : tokenSpan(token);
  const rule = ruleOf(error.context.ruleStack.at(-1));
  const found = described(token);
  const type = token.tokenType;

  if (type === t.Text && rule !== 'importDeclaration') {
    const axis = before?.tokenType === t.Comma ? /^"(\w+)"$/.exec(token.image)?.[1] : undefined;
    return message.stringAsValue(nameOfDefault(context), axis, span);
  }
  if (rule === 'conditional' && expected === t.Then.LABEL && type !== t.Equals)
    return message.missingThen(found, span);
  if (rule === 'conditional' && expected === t.Else.LABEL)
    return message.missingElse(found, span, /^els?e?if$/.test(token.image));
  if (rule === 'importDeclaration' && token.image === 'as') return message.importAs(span);
  if (rule === 'holes' && expected === WIDER.holes!.get(t.With)) return message.sketchWithoutHoles(span);
  if (IN_VALUES.has(rule) && before !== undefined && VALUE_ENDS.has(before.tokenType)) {
    if (type === t.Equals)
      return context.isFirst ? message.assignment(before.image, span) : message.equalsInExpression(span);
    if (type === t.LeftSquare && before.tokenType === t.DottedName)
      return message.method(before.image.split('.').at(-1)!, tokenSpan(before));
    if (type === t.LeftSquare) return brackets(context, span);
    if (type === t.Hole) return message.ternary(span);
    if (type === t.If) return message.valueIf(span);
  }
  if (error.name === 'NotAllInputParsedException')
    return type === t.With
      ? message.holesOutsideSketch(span)
      : message.outsideDeclaration(found, span, declarationHint(token.image));
  return message.unexpected(expected, found, span, hintFor(token, rule, context));
}
