/** What a mutation does to a piece of source: a table of operators, each of which says what may stand there instead. */
import { ts } from 'ts-morph';

/** Texts that may stand in the place of a node, none where the operator does not apply. */
type Operator = (node: ts.Node, file: ts.SourceFile) => readonly string[];

const SWAPPED: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '&': ['|'],
  '|': ['&'],
  '^': ['&'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '&&': ['||'],
  '||': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '/=': ['*='],
};

/** Names of methods and functions that are easily taken for one another. */
const NAMES: Readonly<Record<string, string>> = {
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  every: 'some',
  some: 'every',
  find: 'findLast',
  findLast: 'find',
  findIndex: 'findLastIndex',
  indexOf: 'lastIndexOf',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  push: 'unshift',
  shift: 'pop',
};

/** Methods without which a list is still a list, a text a text. */
const LEFT_OUT = new Set(['filter', 'sort', 'toSorted', 'reverse', 'toReversed', 'trim', 'slice', 'flat']);

const isText = (node: ts.Node): boolean =>
  ts.isStringLiteral(node) ||
  ts.isTemplateExpression(node) ||
  ts.isNoSubstitutionTemplateLiteral(node) ||
  (ts.isBinaryExpression(node) && (isText(node.left) || isText(node.right)));

function number(value: number): readonly string[] {
  if (!Number.isInteger(value) || Math.abs(value) > 2 ** 40) return [String(value * 2), String(value / 2)];
  return [String(value + 1), value === 0 ? '(-1)' : String(value - 1)];
}

function condition(node: ts.Node): readonly string[] {
  const { parent } = node;
  if (ts.isIfStatement(parent) || ts.isConditionalExpression(parent))
    return node === (ts.isIfStatement(parent) ? parent.expression : parent.condition)
      ? ['true', 'false']
      : [];
  if (ts.isWhileStatement(parent)) return node === parent.expression ? ['false'] : [];
  return ts.isForStatement(parent) && node === parent.condition ? ['false'] : [];
}

/** What a function gives back instead, from the type that it names. */
function returned(node: ts.Node, file: ts.SourceFile): readonly string[] {
  const { parent } = node;
  const owner = ts.isReturnStatement(parent)
    ? ts.findAncestor(parent, ts.isFunctionLike)
    : ts.isArrowFunction(parent) && parent.body === node
      ? parent
      : undefined;
  const type = owner?.type?.getText(file);
  if (type === undefined) return [];
  const text = node.getText(file);
  if (type === 'boolean') return [`!(${text})`];
  if (type === 'number') return [`(${text}) + 1`, `-(${text})`];
  if (type === 'string') return ["''"];
  if (/\[\]$|^(Readonly)?Array</.test(type)) return ['[]'];
  return /\| undefined$/.test(type) && text !== 'undefined' ? ['undefined'] : [];
}

export const OPERATORS = {
  'another operator': (node) => {
    if (!ts.isBinaryExpression(node.parent) || node !== node.parent.operatorToken) return [];
    if (node.getText() !== '+') return SWAPPED[node.getText()] ?? [];
    return isText(node.parent) ? [] : ['-'];
  },
  'a default left out': (node, file) =>
    ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken
      ? [`(${node.left.getText(file)})!`]
      : [],
  'true and false swapped': (node) =>
    node.kind === ts.SyntaxKind.TrueKeyword
      ? ['false']
      : node.kind === ts.SyntaxKind.FalseKeyword
        ? ['true']
        : [],
  'another number': (node) => (ts.isNumericLiteral(node) ? number(Number(node.text)) : []),
  'a condition decided': condition,
  'another value returned': returned,
  'a statement left out': (node) =>
    ts.isExpressionStatement(node) && !ts.isStringLiteral(node.expression) ? [';'] : [],
  'an empty list': (node) => (ts.isArrayLiteralExpression(node) && node.elements.length > 0 ? ['[]'] : []),
  'an empty text': (node) => {
    if (
      !ts.isStringLiteral(node) &&
      !ts.isNoSubstitutionTemplateLiteral(node) &&
      !ts.isTemplateExpression(node)
    )
      return [];
    return node.getText() === "''" ? [] : ["''"];
  },
  'another name': (node) =>
    ts.isIdentifier(node) &&
    (ts.isPropertyAccessExpression(node.parent) || ts.isCallExpression(node.parent)) &&
    ts.findAncestor(node, ts.isCallExpression)?.expression.end === node.end &&
    NAMES[node.text] !== undefined
      ? [NAMES[node.text]!]
      : [],
  'a step left out': (node, file) =>
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    LEFT_OUT.has(node.expression.name.text)
      ? [node.expression.expression.getText(file)]
      : [],
  'a sign left out': (node, file) =>
    ts.isPrefixUnaryExpression(node) &&
    (node.operator === ts.SyntaxKind.MinusToken || node.operator === ts.SyntaxKind.ExclamationToken)
      ? [node.operand.getText(file)]
      : [],
} as const satisfies Readonly<Record<string, Operator>>;
