import type { CstNode, IToken } from 'chevrotain';
import * as message from '../../diagnostics/messages.js';
import type {
  Axis,
  Body,
  Decl,
  Domain,
  Entry,
  Input,
  Leaf,
  Let,
  Operator,
  Parameter,
} from '../../tree/ast.js';
import { cover } from '../../tree/span.js';
import type { Report } from '../tokens/token.js';
import * as t from '../tokens/tokens.js';
import { ident, MISSING, nodeOf, nodes, numberOf, place, tokenOf, tokens } from './cst.js';
import type { Operand } from './operation.js';
import { ExpressionBuilder } from './to-expr.js';

/**
 * From Chevrotain's tree to ours. Every method takes any node that the parser can leave behind, broken ones included,
 * and reports the mistakes that the grammar lets through on purpose.
 */
export class TreeBuilder {
  private readonly expressions: ExpressionBuilder;

  /** `isBroken` tells whether the parser failed in the statement at an offset: then its kind says nothing. */
  constructor(
    private readonly report: Report,
    private readonly isBroken: (offset: number) => boolean,
  ) {
    this.expressions = new ExpressionBuilder(report);
  }

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
          from: { path: from?.image.slice(1, -1) ?? '', span: place(from) },
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
    const value = valueNode === undefined ? undefined : this.expressions.value(valueNode);
    const end = value?.span ?? domain?.span ?? name.span ?? MISSING;
    return {
      name,
      ...(domain !== undefined && { domain }),
      ...(value !== undefined && { default: value }),
      span: cover(name.span ?? MISSING, end),
    };
  }

  private domain(node: CstNode): Domain {
    const dotted = tokenOf(node, t.DottedName);
    const names = tokens(node, t.Name);
    const name = dotted ?? names[0];
    const over = names.at(dotted === undefined ? 2 : 1);
    const boundsNode = nodeOf(node, 'bounds');
    const bounds = boundsNode === undefined ? undefined : this.expressions.bounds(boundsNode);
    const axes =
      tokenOf(node, t.LeftSquare) === undefined
        ? undefined
        : nodes(node, 'axis').map((axis) => this.axis(axis));
    const end = over ?? tokenOf(node, t.RightSquare) ?? tokenOf(boundsNode, t.RightParen) ?? name;
    return {
      name: ident(name),
      ...(bounds !== undefined && { bounds }),
      ...(axes !== undefined && { axes }),
      ...(over !== undefined && { over: ident(over) }),
      span: cover(place(name), place(end)),
    };
  }

  private axis(node: CstNode): Axis {
    const name = tokenOf(node, t.Name);
    const dots = tokenOf(node, t.Dots);
    if (name === undefined) return { kind: 'rest', span: place(dots) };
    const size = tokenOf(node, t.NumberLiteral);
    return {
      kind: 'axis',
      name: ident(name),
      many: dots !== undefined,
      ...(size !== undefined && { size: numberOf(size) }),
      span: cover(place(name), place(size ?? dots ?? name)),
    };
  }

  private body(node: CstNode | undefined): Body {
    const statements = nodes(node, 'statement');
    const values = statements.map((statement) =>
      this.expressions.expression(nodeOf(statement, 'expression')),
    );
    const lets = statements.flatMap((statement, index): Let[] => {
      const letToken = tokenOf(statement, t.Let);
      if (letToken === undefined) return [];
      const value = values[index]!;
      const name = ident(tokenOf(statement, t.Name));
      return [{ name, value: value.expr, span: cover(place(letToken), value) }];
    });
    this.checkOrder(statements, values);
    const first = tokenOf(statements[0], t.Let);
    const result = values.at(-1) ?? MISSING;
    const start = first === undefined ? (values[0] ?? MISSING).start : place(first).start;
    return { lets, result: result.expr, span: { start, end: result.end } };
  }

  /** A body is `let`s and then one expression. */
  private checkOrder(statements: readonly CstNode[], values: readonly Operand[]): void {
    const isBroken = (index: number): boolean => index < values.length && this.isBroken(values[index]!.start);
    const isLet = (index: number): boolean => tokenOf(statements[index], t.Let) !== undefined;
    const last = statements.length - 1;
    const unused = statements.findIndex((_, index) => index < last && !isLet(index));
    if (unused >= 0 && !isBroken(unused) && !isBroken(unused + 1)) {
      const minus = [unused, unused + 1].find(
        (index) => index > 0 && !isLet(index) && beginsWithMinus(values[index]!),
      );
      const { start, end } = values[minus ?? unused]!;
      this.report(
        minus === undefined
          ? message.unusedStatement({ start, end })
          : message.lineStartsWithMinus({ start, end: start + 1 }),
      );
    }
    if (last >= 0 && isLet(last) && !isBroken(last))
      this.report(message.bodyWithoutResult(place(tokenOf(statements[last], t.Let))));
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
      name: ident(name),
      ...(boundsNode !== undefined && { bounds: this.expressions.bounds(boundsNode) }),
      span: cover(place(name), place(tokenOf(boundsNode, t.RightParen) ?? name)),
    };
  }

  private entry(node: CstNode): Entry {
    const [first, second] = tokens(node, t.Name);
    const value = this.expressions.value(nodeOf(node, 'value'));
    const span = cover(place(first), value.span ?? place(first));
    if (tokenOf(node, t.Equals) !== undefined) return { kind: 'set', name: ident(first), value, span };
    const of = second === undefined ? undefined : ident(second);
    return { kind: 'expect', subject: ident(first), ...(of !== undefined && { of }), value, span };
  }
}

/** Does the text of a value begin with a minus? */
function beginsWithMinus(value: Operand): boolean {
  let { expr } = value;
  while (expr.kind === 'binary') expr = expr.left;
  return expr.kind === 'unary' && expr.op === '-' && expr.span?.start === value.start;
}
