import { invariant } from '../../grammar/invariant.js';
import { parseExpression } from '../../grammar/read/parse.js';
import type { BinaryOp, Expr } from '../../grammar/tree/ast.js';
import type { AxisSet } from '../graph/axes.js';
import type { Node } from '../graph/graph.js';
import { type Builder, choose, negate, reciprocal } from '../graph/raw.js';
import { isAlong } from '../operators/axis.js';
import { isElementwise } from '../operators/elementwise.js';
import { CONSTANTS, findFunction } from '../resolve/functions.js';

/** What the names of a formula stand for. */
export interface FormulaNames {
  readonly variable: (name: string) => Node;
  readonly axis: (name: string) => AxisSet;
}

const PARSED = new Map<string, Expr>();

/** The syntax tree of a formula, which is parsed once: tables hold formulas as text, and most are never asked for. */
export function parsedFormula(text: string): Expr {
  let expr = PARSED.get(text);
  if (expr === undefined) {
    expr = parseExpression(text);
    PARSED.set(text, expr);
  }
  return expr;
}

type Binary = (b: Builder, x: Node, y: Node) => Node;
const OPERATIONS: { readonly [K in BinaryOp]: Binary } = {
  '+': (b, x, y) => b.add([x, y]),
  '-': (b, x, y) => b.add([x, negate(b, y)]),
  '*': (b, x, y) => b.mul([x, y]),
  '/': (b, x, y) => b.mul([x, reciprocal(b, y)]),
  '^': (b, x, y) => b.pow(x, y),
  '<': (b, x, y) => b.apply('lt', [x, y]),
  '<=': (b, x, y) => b.apply('le', [x, y]),
  '>': (b, x, y) => b.apply('lt', [y, x]),
  '>=': (b, x, y) => b.apply('le', [y, x]),
  '==': (b, x, y) => b.apply('eq', [x, y]),
  '!=': (b, x, y) => b.apply('not', [b.apply('eq', [x, y])]),
  and: (b, x, y) => b.apply('and', [x, y]),
  or: (b, x, y) => b.apply('or', [x, y]),
};

/**
 * The node of a formula of the tables of our own, which are written in the language: rules and derivatives. It may name operators that
 * the language has no name for, as `logErfcSlope`. Throws where it is no such formula.
 */
export function buildFormula(b: Builder, expr: Expr, names: FormulaNames): Node {
  switch (expr.kind) {
    case 'number':
      return b.constant(expr.value);
    case 'name': {
      const value = CONSTANTS[expr.name];
      return value === undefined ? names.variable(expr.name) : b.constant({ value, exact: undefined });
    }
    case 'unary':
      return expr.op === 'not'
        ? b.apply('not', [buildFormula(b, expr.operand, names)])
        : negate(b, buildFormula(b, expr.operand, names));
    case 'binary':
      return OPERATIONS[expr.op](b, buildFormula(b, expr.left, names), buildFormula(b, expr.right, names));
    case 'if': {
      const conditions = expr.conditions.map((condition) => buildFormula(b, condition, names));
      const values = expr.values.map((value) => buildFormula(b, value, names));
      return conditions.reduceRight(
        (rest, condition, i) => choose(b, condition, values[i]!, rest),
        buildFormula(b, expr.otherwise, names),
      );
    }
    case 'call':
      return buildCall(b, expr.callee.name, expr.args, names);
    case 'hole':
      return invariant(false, 'a formula has no hole') as never;
  }
}

function buildCall(b: Builder, name: string, args: readonly Expr[], names: FormulaNames): Node {
  const row = findFunction(name);
  if (row === undefined || row.kind === 'values' || row.kind === 'both') {
    const values = args.map((arg) => buildFormula(b, arg, names));
    if (row?.kind === 'values') return row.build(b, values);
    const op = row === undefined ? name : row.op;
    invariant(isElementwise(op), `formulas know no function ${name}`);
    return b.apply(op, values);
  }
  const [first, second] = args;
  invariant(second?.kind === 'name', `${name} names its axis`);
  const axis = names.axis(second.name);
  if (isAlong(row.op)) return b.along(row.op, buildFormula(b, first!, names), axis);
  invariant(row.kind === 'reduction' && row.op !== 'mean', `formulas cannot use ${name}`);
  return b.reduce(row.op, buildFormula(b, first!, names), axis);
}
