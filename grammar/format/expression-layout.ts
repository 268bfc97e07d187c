import * as t from '../read/tokens/tokens.js';
import type { BinaryExpr, CallExpr, Expr, IfExpr, Value } from '../tree/ast.js';
import { BINARY_OPERATORS } from '../tree/operators.js';
import type { FormatTokens } from './format-tokens.js';
import { type Doc, group, indent, line, list, listOf, softLine, text } from './layout.js';

/** The layout of expressions, taking their tokens one by one. */
export class ExpressionLayout {
  constructor(private readonly tokens: FormatTokens) {}

  private take(): Doc {
    return this.tokens.take();
  }

  /** Items with their commas, each on its line where the group around is broken. */
  commaSeparated<T>(items: readonly T[], layout: (item: T) => Doc): Doc {
    return listOf(
      items.map((item, index) => {
        const doc = layout(item);
        return index < items.length - 1 ? list(doc, this.take(), line) : doc;
      }),
    );
  }

  /** A bracket, what is in it, indented where broken, and the closing bracket, which is taken. */
  enclosed(open: Doc, inner: Doc, edge: Doc): Doc {
    const comments = this.tokens.takeBefore(false);
    return group(open, indent(edge, inner, comments), edge, this.take());
  }

  /** An expression, or lists of them, whose items fill their lines. */
  value(value: Value): Doc {
    if (value.kind !== 'list') return this.expression(value);
    const open = this.take();
    const isFlat = value.items.every((item) => item.kind !== 'list');
    const items = value.items.map((item, index) => {
      const doc = this.value(item);
      const withComma = index < value.items.length - 1 ? list(doc, this.take()) : doc;
      if (index === 0) return withComma;
      return isFlat ? group(line, withComma) : list(line, withComma);
    });
    return this.enclosed(open, listOf(items), softLine);
  }

  /** The two ends of a range. */
  bounds(bounds: readonly [Expr, Expr]): Doc {
    const open = this.take();
    return this.enclosed(
      open,
      this.commaSeparated(bounds, (bound) => this.expression(bound)),
      softLine,
    );
  }

  /** `hangs`: further lines are indented, for nothing else sets them off. */
  expression(expr: Expr, hangs = false): Doc {
    // Outside the group that it makes, for they need not break it.
    return list(this.tokens.takeBefore(false), this.bareExpression(expr, hangs));
  }

  private bareExpression(expr: Expr, hangs: boolean): Doc {
    if (this.tokens.type === t.LeftParen && this.tokens.offset < (expr.span?.start ?? 0)) {
      const open = this.take();
      return this.enclosed(open, this.expression(expr), softLine);
    }
    switch (expr.kind) {
      case 'number':
      case 'name':
      case 'hole':
        return this.take();
      case 'unary': {
        const sign = this.take();
        return list(sign, text(expr.op === 'not' ? ' ' : ''), this.expression(expr.operand, true));
      }
      case 'binary':
        return expr.op === '^' ? this.power(expr) : this.chain(expr, hangs);
      case 'call':
        return this.call(expr);
      case 'if':
        return this.conditional(expr);
    }
  }

  private power({ left, right }: BinaryExpr): Doc {
    return list(this.expression(left), this.take(), this.expression(right));
  }

  /** Operators of one precedence in a row. A line ends with the operator, which is right for every one of them. */
  private chain(top: BinaryExpr, hangs: boolean): Doc {
    const { precedence } = BINARY_OPERATORS[top.op];
    const links = [top];
    for (let left = top.left; left.kind === 'binary'; left = left.left) {
      const isBare = left.span?.start === top.span?.start;
      if (!isBare || BINARY_OPERATORS[left.op].precedence !== precedence) break;
      links.push(left);
    }
    const first = this.expression(links.at(-1)!.left, true);
    const rest = links
      .reverse()
      .map(({ right }) => list(text(' '), this.take(), line, this.expression(right, true)));
    return group(first, hangs ? indent(listOf(rest)) : listOf(rest));
  }

  private call({ args, names, where }: CallExpr): Doc {
    const callee = this.take();
    const open = this.take();
    const unnamed = args.length - names.length;
    const values = this.commaSeparated([...args.entries()], ([index, argument]) => {
      if (index < unnamed) return this.expression(argument, true);
      return list(this.take(), text(' '), this.take(), text(' '), this.expression(argument, true));
    });
    const condition =
      where === undefined ? list() : list(line, this.take(), text(' '), this.expression(where, true));
    return list(callee, this.enclosed(open, list(values, condition), softLine));
  }

  private conditional({ conditions, values, otherwise }: IfExpr): Doc {
    const branches = conditions.map((condition, index) => {
      const word = list(this.take(), text(' '));
      const test = this.expression(condition, true);
      const then = list(line, this.take(), text(' '), this.expression(values[index]!, true));
      return list(group(word, test, indent(then)), line, this.take(), text(' '));
    });
    return group(listOf(branches), this.expression(otherwise, true));
  }
}
