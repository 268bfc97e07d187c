import * as message from '../../diagnostics/messages.js';
import type { BinaryOp, Expr, Span, UnaryOp } from '../../tree/ast.js';
import { BINARY_OPERATORS, UNARY_OPERATORS } from '../../tree/operators.js';
import type { Report } from '../tokens/token.js';

/** A value with the text it covers, its parentheses included. */
export interface Operand extends Span {
  readonly expr: Expr;
}
export interface Sign extends Span {
  readonly kind: 'sign';
  readonly op: UnaryOp;
}
export interface Operator extends Span {
  readonly kind: 'operator';
  readonly op: BinaryOp;
}

function precedenceOf(item: Sign | Operator): number {
  return item.kind === 'sign' ? UNARY_OPERATORS[item.op].precedence : BINARY_OPERATORS[item.op].precedence;
}

/**
 * Makes a tree of a flat row of signs, values and operators by the table in `operators.ts`, with two stacks and no
 * recursion: a row may have 100,000 terms.
 */
export class OperationBuilder {
  private readonly values: Operand[] = [];
  private readonly waiting: (Sign | Operator)[] = [];

  constructor(private readonly report: Report) {}

  sign(sign: Sign): void {
    const before = this.waiting.at(-1);
    if (sign.op === 'not' && before !== undefined && precedenceOf(before) > precedenceOf(sign))
      this.report(message.notNeedsParentheses({ start: sign.start, end: sign.end }));
    this.waiting.push(sign);
  }

  value(operand: Operand): void {
    this.values.push(operand);
  }

  operator(operator: Operator): void {
    const { precedence, associativity } = BINARY_OPERATORS[operator.op];
    for (let top = this.waiting.at(-1); top !== undefined; top = this.waiting.at(-1)) {
      const tighter = precedenceOf(top);
      if (tighter < precedence || (tighter === precedence && associativity === 'right')) break;
      this.reduce();
      if (tighter === precedence && associativity === 'none') this.chain(operator);
    }
    this.waiting.push(operator);
  }

  /** `a < b < c` is refused, and read as `a < b and b < c`, so that nothing else is said of it. */
  private chain({ start, end }: Operator): void {
    this.report(message.chainedComparison({ start, end }));
    const { expr } = this.values.at(-1)!;
    if (expr.kind !== 'binary') return;
    this.waiting.push({ kind: 'operator', op: 'and', start, end });
    this.values.push({ expr: expr.right, start: expr.right.span?.start ?? start, end: start });
  }

  finish(): Operand {
    while (this.waiting.length > 0) this.reduce();
    return this.values.pop()!;
  }

  private reduce(): void {
    const top = this.waiting.pop()!;
    const right = this.values.pop()!;
    if (top.kind === 'sign') {
      const span = { start: top.start, end: right.end };
      this.values.push({ expr: { kind: 'unary', op: top.op, operand: right.expr, span }, ...span });
      return;
    }
    const left = this.values.pop()!;
    const span = { start: left.start, end: right.end };
    const expr: Expr = { kind: 'binary', op: top.op, left: left.expr, right: right.expr, span };
    this.values.push({ expr, ...span });
  }
}
