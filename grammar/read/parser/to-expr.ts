import type { CstNode, IToken } from 'chevrotain';
import * as message from '../../diagnostics/messages.js';
import type { Expr, Ident, IfExpr, UnaryOp, Value } from '../../tree/ast.js';
import { isBinaryOp } from '../../tree/operators.js';
import { cover } from '../../tree/span.js';
import type { Report } from '../tokens/token.js';
import * as t from '../tokens/tokens.js';
import { ident, MISSING, nodeOf, nodes, numberOf, place, tokenOf, tokens } from './cst.js';
import { type Operand, OperationBuilder } from './operation.js';

/** From Chevrotain's tree of an expression to ours. Takes any node that the parser can leave behind, broken ones included. */
export class ExpressionBuilder {
  constructor(private readonly report: Report) {}

  /** An expression and the text it covers, parentheses around it left out. */
  expression(node: CstNode | undefined): Operand {
    const conditional = nodeOf(node, 'conditional');
    return conditional === undefined
      ? this.operation(nodeOf(node, 'operation'))
      : this.conditional(conditional);
  }

  private conditional(node: CstNode): Operand {
    const operations = nodes(node, 'operation').map((operation) => this.operation(operation));
    const otherwise = operations.length > tokens(node, t.If).length ? operations.pop()! : MISSING;
    const values = nodes(node, 'expression').map((expression) => this.expression(expression).expr);
    const { start } = place(tokenOf(node, t.If));
    const span = { start, end: Math.max(start, otherwise.end) };
    const conditions = operations.map((operand) => operand.expr);
    const expr: IfExpr = { kind: 'if', conditions, values, otherwise: otherwise.expr, span };
    return { expr, ...span };
  }

  private operation(node: CstNode | undefined): Operand {
    const operands = nodes(node, 'operand');
    const operators = tokens(node, t.BinaryOperator);
    const builder = new OperationBuilder(this.report);
    for (const [index, operand] of operands.entries()) {
      if (index > 0) {
        const token = operators[index - 1];
        const op = token !== undefined && isBinaryOp(token.image) ? token.image : '+';
        builder.operator({ kind: 'operator', op, ...place(token) });
      }
      for (const sign of tokens(operand, t.PrefixOperator)) {
        const op: UnaryOp = sign.tokenType === t.Not ? 'not' : '-';
        builder.sign({ kind: 'sign', op, ...place(sign) });
      }
      builder.value(this.primary(operand));
    }
    return operands.length === 0 ? MISSING : builder.finish();
  }

  private primary(node: CstNode): Operand {
    const number = tokenOf(node, t.NumberLiteral);
    if (number !== undefined) {
      const span = place(number);
      return { expr: { kind: 'number', value: numberOf(number), span }, ...span };
    }
    const name = tokenOf(node, t.Name) ?? tokenOf(node, t.DottedName);
    if (name !== undefined) {
      const args = nodeOf(node, 'callArguments');
      if (args !== undefined) return this.call(name, args);
      const span = place(name);
      return { expr: { kind: 'name', name: name.image, span }, ...span };
    }
    const hole = tokenOf(node, t.Hole);
    if (hole !== undefined) {
      const span = place(hole);
      return { expr: { kind: 'hole', span }, ...span };
    }
    const inner = nodeOf(node, 'expression');
    if (inner === undefined) return MISSING;
    const open = place(tokenOf(node, t.LeftParen));
    const close = place(tokenOf(node, t.RightParen));
    return { expr: this.expression(inner).expr, start: open.start, end: Math.max(open.end, close.end) };
  }

  private call(callee: IToken, node: CstNode): Operand {
    const args: Expr[] = [];
    const names: Ident[] = [];
    let misplaced: Operand | undefined;
    for (const argument of nodes(node, 'argument')) {
      const label = tokenOf(argument, t.Name);
      const value = this.expression(nodeOf(argument, 'expression'));
      if (label !== undefined) names.push(ident(label));
      else if (names.length > 0) misplaced ??= value;
      args.push(value.expr);
    }
    if (misplaced !== undefined)
      this.report(
        message.positionalAfterNamed(names.at(-1)!.name, { start: misplaced.start, end: misplaced.end }),
      );
    const condition = nodeOf(node, 'operation');
    const span = cover(place(callee), place(tokenOf(node, t.RightParen) ?? callee));
    const expr: Expr = {
      kind: 'call',
      callee: ident(callee),
      args,
      names,
      ...(condition !== undefined && { where: this.operation(condition).expr }),
      span,
    };
    return { expr, ...span };
  }

  /** An expression, or a list of them. */
  value(node: CstNode | undefined): Value {
    const open = tokenOf(node, t.LeftSquare);
    if (open === undefined) return this.expression(nodeOf(node, 'expression')).expr;
    const items = nodes(node, 'value').map((item) => this.value(item));
    return { kind: 'list', items, span: cover(place(open), place(tokenOf(node, t.RightSquare))) };
  }

  /** The two ends of a range. */
  bounds(node: CstNode): readonly [Expr, Expr] {
    const [low, high] = nodes(node, 'operation');
    return [this.operation(low).expr, this.operation(high).expr];
  }
}
