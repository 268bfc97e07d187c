import { invariant } from '../invariant.js';
import type { BinaryExpr, Expr, UnaryOp } from '../tree/ast.js';
import { BINARY_OPERATORS, IF_PRECEDENCE, PRIMARY_PRECEDENCE, UNARY_OPERATORS } from '../tree/operators.js';

/** The shortest decimal that reads back as the same number. */
export function printNumber(value: number): string {
  invariant(Number.isFinite(value) && value >= 0, `${value} has no literal`);
  return String(value).replace('e+', 'e');
}

/** How tight an expression binds: it needs parentheses where something tighter is asked for. */
function precedenceOf(expr: Expr): number {
  switch (expr.kind) {
    case 'binary':
      return BINARY_OPERATORS[expr.op].precedence;
    case 'unary':
      return UNARY_OPERATORS[expr.op].precedence;
    case 'if':
      return IF_PRECEDENCE;
    default:
      return PRIMARY_PRECEDENCE;
  }
}

/** What the left operand of an operator has to bind, to stand without parentheses. */
function leftNeeds({ op }: BinaryExpr): number {
  const { precedence, associativity } = BINARY_OPERATORS[op];
  return associativity === 'left' ? precedence : precedence + 1;
}

/** The same for the right operand. `^` takes a sign on its right: `2^-x`. */
function rightNeeds({ op }: BinaryExpr): number {
  const { precedence, associativity } = BINARY_OPERATORS[op];
  return associativity === 'right' ? UNARY_OPERATORS['-'].precedence : precedence + 1;
}

const OPERATION = IF_PRECEDENCE + 1;
const SIGN: { readonly [K in UnaryOp]: string } = { '-': '-', not: 'not ' };

/** What is still to be written: a piece of text, or an expression where something at least as tight as `needs` is asked for. */
type Task = string | { readonly expr: Expr; readonly needs: number };

const commas = (parts: readonly (readonly Task[])[]): readonly Task[] =>
  parts.flatMap((part, index) => (index === 0 ? part : [', ', ...part]));

/** The parts of an expression, in order. */
function partsOf(expr: Expr): readonly Task[] {
  switch (expr.kind) {
    case 'number':
      return [printNumber(expr.value)];
    case 'name':
      return [expr.name];
    case 'hole':
      return ['?'];
    case 'unary':
      return [SIGN[expr.op], { expr: expr.operand, needs: UNARY_OPERATORS[expr.op].precedence }];
    case 'binary': {
      const left = { expr: expr.left, needs: leftNeeds(expr) };
      const right = { expr: expr.right, needs: rightNeeds(expr) };
      return [left, expr.op === '^' ? '^' : ` ${expr.op} `, right];
    }
    case 'call': {
      const first = expr.args.length - expr.names.length;
      const args = expr.args.map((argument, index): readonly Task[] => {
        const label = expr.names[index - first];
        const value = { expr: argument, needs: IF_PRECEDENCE };
        return label === undefined ? [value] : [`${label.name} = `, value];
      });
      const where: readonly Task[] =
        expr.where === undefined ? [] : [' where ', { expr: expr.where, needs: OPERATION }];
      return [expr.callee.name, '(', ...commas(args), ...where, ')'];
    }
    case 'if': {
      const branches = expr.conditions.flatMap((condition, index): readonly Task[] => [
        'if ',
        { expr: condition, needs: OPERATION },
        ' then ',
        { expr: expr.values[index]!, needs: IF_PRECEDENCE },
        ' else ',
      ]);
      return [...branches, { expr: expr.otherwise, needs: OPERATION }];
    }
  }
}

/** Prints with a stack of its own: a long sum, or what someone's compiler has put together, may be a deep tree. */
function print(root: Expr, needed: number): string {
  const pieces: string[] = [];
  const tasks: Task[] = [{ expr: root, needs: needed }];
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    if (typeof task === 'string') {
      pieces.push(task);
      continue;
    }
    const { expr, needs } = task;
    const parenthesised = precedenceOf(expr) < needs;
    if (parenthesised) {
      pieces.push('(');
      tasks.push(')');
    }
    const parts = partsOf(expr);
    for (let index = parts.length - 1; index >= 0; index -= 1) tasks.push(parts[index]!);
  }
  return pieces.join('');
}

/** An expression on one line, with the fewest parentheses that keep its tree. */
export function printExpr(expr: Expr): string {
  return print(expr, IF_PRECEDENCE);
}

/** An expression where the grammar takes an operation, so that an `if` stands in parentheses. */
export function printOperation(expr: Expr): string {
  return print(expr, OPERATION);
}
