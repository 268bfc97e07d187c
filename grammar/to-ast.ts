import type { CstNode, IToken, TokenType } from 'chevrotain';
import type {
  Axis,
  Body,
  Decl,
  Domain,
  Entry,
  Expr,
  Ident,
  IfExpr,
  Input,
  Leaf,
  Let,
  Operator,
  Parameter,
  Span,
  UnaryOp,
  Value,
} from './ast.js';
import * as message from './messages.js';
import { type Operand, OperationBuilder } from './operation.js';
import { isBinaryOp } from './operators.js';
import { type Report, spanOf } from './repair.js';
import { cover } from './source.js';
import * as t from './tokens.js';

/** Stands where the text is broken; the declaration around it is dropped. */
const MISSING: Operand = { expr: { kind: 'name', name: '' }, start: 0, end: 0 };
const NO_NODES: readonly CstNode[] = [];
const NO_TOKENS: readonly IToken[] = [];

function nodes(node: CstNode | undefined, rule: string): readonly CstNode[] {
  return (node?.children[rule] as readonly CstNode[] | undefined) ?? NO_NODES;
}

function nodeOf(node: CstNode | undefined, rule: string): CstNode | undefined {
  return node?.children[rule]?.[0] as CstNode | undefined;
}

function tokens(node: CstNode | undefined, type: TokenType): readonly IToken[] {
  return (node?.children[type.name] as readonly IToken[] | undefined) ?? NO_TOKENS;
}

function tokenOf(node: CstNode | undefined, type: TokenType): IToken | undefined {
  return node?.children[type.name]?.[0] as IToken | undefined;
}

/** Tokens that recovery made up have no place. */
function place(token: IToken | undefined): Span {
  return token === undefined || Number.isNaN(token.startOffset) ? MISSING : spanOf(token);
}

function ident(token: IToken | undefined): Ident {
  return { name: token?.image ?? '', span: place(token) };
}

/** The value of a literal; too long or too large ones were reported, and are kept finite. */
function numberOf(token: IToken | undefined): number {
  const value = Number(token?.image ?? 0);
  return Number.isFinite(value) ? value : Number.MAX_VALUE;
}

/**
 * From Chevrotain's tree to ours. Every method takes any node that the parser can leave behind, broken ones included,
 * and reports the mistakes that the grammar lets through on purpose.
 */
export class TreeBuilder {
  /** `isBroken` tells whether the parser failed in the statement at an offset: then its kind says nothing. */
  constructor(
    private readonly report: Report,
    private readonly isBroken: (offset: number) => boolean,
  ) {}

  declaration(node: CstNode): Decl | undefined {
    const [rule] = Object.keys(node.children);
    const inner = nodeOf(node, rule ?? '');
    if (inner === undefined) return undefined;
    switch (rule) {
      case 'importDeclaration': {
        const from = tokenOf(inner, t.Text);
        return {
          kind: 'import',
          names: tokens(inner, t.Name).map(ident),
          from: from?.image.slice(1, -1) ?? '',
          fromSpan: place(from),
          span: cover(place(tokenOf(inner, t.Import)), place(from)),
        };
      }
      case 'lossDeclaration': {
        const signature = this.signature(nodeOf(inner, 'signature'));
        const body = this.body(nodeOf(inner, 'body'));
        const span = cover(place(tokenOf(inner, t.Loss)), body.span ?? MISSING);
        return { kind: 'loss', name: ident(tokenOf(inner, t.Name)), ...signature, body, span };
      }
      case 'sketchDeclaration': {
        const signature = this.signature(nodeOf(inner, 'signature'));
        const body = this.body(nodeOf(inner, 'body'));
        const holes = nodeOf(inner, 'holes');
        const operators = nodes(holes, 'operator').map((operator) => this.operator(operator));
        const leaves = nodes(holes, 'leaf').map((leaf) => this.leaf(leaf));
        const span = cover(place(tokenOf(inner, t.Sketch)), leaves.at(-1)?.span ?? MISSING);
        const name = ident(tokenOf(inner, t.Name));
        return { kind: 'sketch', name, ...signature, body, operators, leaves, span };
      }
      case 'fnDeclaration': {
        const [name, ...parameters] = tokens(inner, t.Name).map(ident);
        const body = this.body(nodeOf(inner, 'body'));
        const span = cover(place(tokenOf(inner, t.Fn)), body.span ?? MISSING);
        return { kind: 'fn', name: name ?? ident(undefined), parameters, body, span };
      }
      default: {
        const span = cover(place(tokenOf(inner, t.Test)), place(tokenOf(inner, t.RightCurly)));
        const entries = nodes(inner, 'entry').map((entry) => this.entry(entry));
        return { kind: 'test', name: ident(tokenOf(inner, t.Name)), entries, span };
      }
    }
  }

  private signature(node: CstNode | undefined): { inputs: Input[]; parameters: Parameter[] } {
    const inputs: Input[] = [];
    const parameters: Parameter[] = [];
    const commas = tokens(node, t.Comma);
    for (const [index, input] of nodes(node, 'inputDeclaration').entries()) {
      const { default: value, ...rest } = this.parameter(nodeOf(input, 'parameter'));
      const data = tokenOf(input, t.Data);
      if (value === undefined && parameters.length === 0) {
        const span = cover(data === undefined ? (rest.span ?? MISSING) : place(data), rest.span ?? MISSING);
        inputs.push({ ...rest, data: data !== undefined, span });
        continue;
      }
      if (parameters.length === 0) {
        const comma = commas[index - 1];
        const span = comma === undefined ? (rest.name.span ?? MISSING) : place(comma);
        this.report(message.commaBeforeParameter(rest.name.name, comma?.image, span));
      }
      parameters.push({ ...rest, ...(value !== undefined && { default: value }) });
    }
    for (const parameter of nodes(node, 'parameter')) parameters.push(this.parameter(parameter));
    return { inputs, parameters };
  }

  private parameter(node: CstNode | undefined): Parameter {
    const name = ident(tokenOf(node, t.Name));
    const domainNode = nodeOf(node, 'domain');
    const valueNode = nodeOf(node, 'value');
    const domain = domainNode === undefined ? undefined : this.domain(domainNode);
    const value = valueNode === undefined ? undefined : this.value(valueNode);
    const end = value?.span ?? domain?.span ?? name.span ?? MISSING;
    return {
      name,
      ...(domain !== undefined && { domain }),
      ...(value !== undefined && { default: value }),
      span: cover(name.span ?? MISSING, end),
    };
  }

  private domain(node: CstNode): Domain {
    const name = tokenOf(node, t.Name);
    const boundsNode = nodeOf(node, 'bounds');
    const bounds = boundsNode === undefined ? undefined : this.bounds(boundsNode);
    const axes =
      tokenOf(node, t.LeftSquare) === undefined
        ? undefined
        : nodes(node, 'axis').map((axis) => this.axis(axis));
    const end = tokenOf(node, t.RightSquare) ?? tokenOf(boundsNode, t.RightParen) ?? name;
    return {
      name: name?.image ?? '',
      ...(bounds !== undefined && { bounds }),
      ...(axes !== undefined && { axes }),
      span: cover(place(name), place(end)),
    };
  }

  private bounds(node: CstNode): readonly [Expr, Expr] {
    const [low, high] = nodes(node, 'operation');
    return [this.operation(low).expr, this.operation(high).expr];
  }

  private axis(node: CstNode): Axis {
    const name = tokenOf(node, t.Name);
    const dots = tokenOf(node, t.Dots);
    if (name === undefined) return { kind: 'rest', span: place(dots) };
    const size = tokenOf(node, t.NumberLiteral);
    return {
      kind: 'axis',
      name: name.image,
      many: dots !== undefined,
      ...(size !== undefined && { size: numberOf(size) }),
      span: cover(place(name), place(size ?? dots ?? name)),
    };
  }

  private body(node: CstNode | undefined): Body {
    const statements = nodes(node, 'statement');
    const values = statements.map((statement) => this.expression(nodeOf(statement, 'expression')));
    const lets: Let[] = [];
    let reported = false;
    for (const [index, statement] of statements.entries()) {
      const isLast = index === statements.length - 1;
      const letToken = tokenOf(statement, t.Let);
      const value = values[index]!;
      if (letToken !== undefined) {
        const name = ident(tokenOf(statement, t.Name));
        lets.push({ name, value: value.expr, span: cover(place(letToken), value) });
        if (isLast && !this.isBroken(value.start)) this.report(message.bodyWithoutResult(place(letToken)));
      } else if (!isLast && !reported && !this.isBroken(value.start)) {
        reported = true;
        const minus = [values[index]!, values[index + 1]!].find(
          (candidate, nth) => index + nth > 0 && beginsWithMinus(candidate, statements[index + nth]!),
        );
        this.report(
          minus === undefined
            ? message.unusedStatement({ start: value.start, end: value.end })
            : message.lineStartsWithMinus({ start: minus.start, end: minus.start + 1 }),
        );
      }
    }
    const first = tokenOf(statements[0], t.Let);
    const result = values.at(-1) ?? MISSING;
    const start = first === undefined ? (values[0] ?? MISSING).start : place(first).start;
    return { lets, result: result.expr, span: { start, end: result.end } };
  }

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
    const name = tokenOf(node, t.Name);
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
    const names: string[] = [];
    for (const argument of nodes(node, 'argument')) {
      const label = tokenOf(argument, t.Name);
      const value = this.expression(nodeOf(argument, 'expression'));
      if (label !== undefined) names.push(label.image);
      else if (names.length > 0)
        this.report(message.positionalAfterNamed(names.at(-1)!, { start: value.start, end: value.end }));
      args.push(value.expr);
    }
    const condition = nodeOf(node, 'operation');
    const calleeSpan = place(callee);
    const span = cover(calleeSpan, place(tokenOf(node, t.RightParen) ?? callee));
    const expr: Expr = {
      kind: 'call',
      callee: callee.image,
      calleeSpan,
      args,
      names,
      ...(condition !== undefined && { where: this.operation(condition).expr }),
      span,
    };
    return { expr, ...span };
  }

  private value(node: CstNode | undefined): Value {
    const open = tokenOf(node, t.LeftSquare);
    if (open === undefined) return this.expression(nodeOf(node, 'expression')).expr;
    const items = nodes(node, 'value').map((item) => this.value(item));
    return { kind: 'list', items, span: cover(place(open), place(tokenOf(node, t.RightSquare))) };
  }

  private operator(node: CstNode): Operator {
    const [token] = Object.values(node.children)[0] ?? [];
    return { name: (token as IToken | undefined)?.image ?? '', span: place(token as IToken | undefined) };
  }

  private leaf(node: CstNode): Leaf {
    const number = tokenOf(node, t.NumberLiteral);
    if (number !== undefined) {
      const sign = tokenOf(node, t.Minus);
      const value = sign === undefined ? numberOf(number) : -numberOf(number);
      return { kind: 'number', value, span: cover(place(sign ?? number), place(number)) };
    }
    const name = tokenOf(node, t.Name);
    const boundsNode = nodeOf(node, 'bounds');
    return {
      kind: 'name',
      name: name?.image ?? '',
      ...(boundsNode !== undefined && { bounds: this.bounds(boundsNode) }),
      span: cover(place(name), place(tokenOf(boundsNode, t.RightParen) ?? name)),
    };
  }

  private entry(node: CstNode): Entry {
    const [first, second] = tokens(node, t.Name);
    const value = this.value(nodeOf(node, 'value'));
    const span = cover(place(first), value.span ?? place(first));
    if (tokenOf(node, t.Equals) !== undefined) return { kind: 'set', name: ident(first), value, span };
    const of = second === undefined ? undefined : ident(second);
    return { kind: 'expect', subject: ident(first), ...(of !== undefined && { of }), value, span };
  }
}

/** Does a statement's text begin with a minus? */
function beginsWithMinus(value: Operand, statement: CstNode): boolean {
  if (tokenOf(statement, t.Let) !== undefined) return false;
  let expr = value.expr;
  while (expr.kind === 'binary') expr = expr.left;
  return expr.kind === 'unary' && expr.op === '-' && expr.span?.start === value.start;
}
