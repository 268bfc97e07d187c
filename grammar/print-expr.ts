import type { BinaryExpr, Expr, UnaryOp } from './ast.js';
import { invariant } from './invariant.js';
import { BINARY_OPERATORS, IF_PRECEDENCE, PRIMARY_PRECEDENCE, UNARY_OPERATORS } from './operators.js';

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

class Printer {
  private readonly pieces: string[] = [];

  /** Writes an expression where something at least as tight as `needs` is asked for. */
  write(expr: Expr, needs: number): void {
    const parenthesised = precedenceOf(expr) < needs;
    if (parenthesised) this.pieces.push('(');
    this.writeBare(expr);
    if (parenthesised) this.pieces.push(')');
  }

  toString(): string {
    return this.pieces.join('');
  }

  private writeBare(expr: Expr): void {
    switch (expr.kind) {
      case 'number':
        this.pieces.push(printNumber(expr.value));
        break;
      case 'name':
        this.pieces.push(expr.name);
        break;
      case 'hole':
        this.pieces.push('?');
        break;
      case 'unary':
        this.pieces.push(SIGN[expr.op]);
        this.write(expr.operand, UNARY_OPERATORS[expr.op].precedence);
        break;
      case 'binary':
        this.writeBinary(expr);
        break;
      case 'call':
        this.pieces.push(expr.callee, '(');
        for (const [index, argument] of expr.args.entries()) {
          const label = expr.names[index - (expr.args.length - expr.names.length)];
          if (index > 0) this.pieces.push(', ');
          if (label !== undefined) this.pieces.push(label, ' = ');
          this.write(argument, IF_PRECEDENCE);
        }
        if (expr.where !== undefined) {
          this.pieces.push(' where ');
          this.write(expr.where, OPERATION);
        }
        this.pieces.push(')');
        break;
      case 'if':
        for (const [index, condition] of expr.conditions.entries()) {
          this.pieces.push('if ');
          this.write(condition, OPERATION);
          this.pieces.push(' then ');
          this.write(expr.values[index]!, IF_PRECEDENCE);
          this.pieces.push(' else ');
        }
        this.write(expr.otherwise, OPERATION);
        break;
    }
  }

  /** Goes down the left operands with a loop, for a long sum is a deep tree. */
  private writeBinary(top: BinaryExpr): void {
    const spine = [top];
    for (let left = top.left; left.kind === 'binary'; left = left.left) spine.push(left);
    const wrapped = spine.map(
      (node, level) => level > 0 && precedenceOf(node) < leftNeeds(spine[level - 1]!),
    );
    this.pieces.push('('.repeat(wrapped.filter(Boolean).length));
    const deepest = spine.at(-1)!;
    this.write(deepest.left, leftNeeds(deepest));
    for (let level = spine.length - 1; level >= 0; level -= 1) {
      const node = spine[level]!;
      this.pieces.push(node.op === '^' ? '^' : ` ${node.op} `);
      this.write(node.right, rightNeeds(node));
      if (wrapped[level] === true) this.pieces.push(')');
    }
  }
}

/** An expression on one line, with the fewest parentheses that keep its tree. */
export function printExpr(expr: Expr): string {
  const printer = new Printer();
  printer.write(expr, IF_PRECEDENCE);
  return printer.toString();
}

/** An expression where the grammar takes an operation, so that an `if` stands in parentheses. */
export function printOperation(expr: Expr): string {
  const printer = new Printer();
  printer.write(expr, OPERATION);
  return printer.toString();
}
