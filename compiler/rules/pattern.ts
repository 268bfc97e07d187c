import { invariant } from '../../grammar/invariant.js';
import { parseExpression } from '../../grammar/read/parse.js';
import type { Expr } from '../../grammar/tree/ast.js';
import type { Node } from '../graph/graph.js';
import { type Builder, negate, reciprocal } from '../graph/raw.js';
import { findFunction } from '../lower/functions.js';
import { isAlong } from '../operators/axis.js';
import { ANY, type Range } from '../operators/range.js';

/** Rule text as a graph whose inputs are the rule's variables. Every variable has every axis that the rule names. */
export class PatternReader {
  /** Number of each variable, in order of first use. */
  readonly #positions = new Map<string, number>();

  constructor(
    private readonly b: Builder,
    /** What is known of variables; without it nothing is. */
    private readonly known: Readonly<Record<string, { readonly range: Range; readonly data: boolean }>> = {},
  ) {}

  /** Reads on with the same variables into another builder. */
  with(b: Builder): PatternReader {
    const other = new PatternReader(b, this.known);
    for (const [name, position] of this.#positions) other.#positions.set(name, position);
    return other;
  }

  /** The node of an expression that names no other axes than those read before. */
  read(text: string): Node {
    return this.#node(parseExpression(text));
  }

  /** The node of an expression with axes of its own: they come first, for variables have all of them. */
  readFirst(text: string): Node {
    const expr = parseExpression(text);
    this.#declareAxes(expr);
    return this.#node(expr);
  }

  #variable(name: string): Node {
    const axes = this.b.graph.axes.all.reduce((mask, _, index) => mask | (1 << index), 0);
    let position = this.#positions.get(name);
    if (position === undefined) {
      position = this.#positions.size;
      this.#positions.set(name, position);
    }
    return this.b.graph.make('input', [], {
      axes,
      range: this.known[name]?.range ?? ANY,
      leaf: { name, position, data: this.known[name]?.data ?? false },
    });
  }

  #axis(expr: Expr): number {
    invariant(expr.kind === 'name', 'a rule names its axes');
    return 1 << (this.b.graph.axes.find(expr.name) ?? this.b.graph.axes.declare(expr.name));
  }

  #declareAxes(expr: Expr): void {
    if (expr.kind === 'call') {
      const row = findFunction(expr.callee);
      if (row?.kind === 'reduction' || row?.kind === 'axis')
        for (const arg of expr.args.slice(1)) this.#axis(arg);
      for (const arg of expr.args) this.#declareAxes(arg);
    } else if (expr.kind === 'binary') {
      this.#declareAxes(expr.left);
      this.#declareAxes(expr.right);
    } else if (expr.kind === 'unary') this.#declareAxes(expr.operand);
  }

  #node(expr: Expr): Node {
    const { b } = this;
    switch (expr.kind) {
      case 'number':
        return b.constant(expr.value);
      case 'name':
        return this.#variable(expr.name);
      case 'unary':
        invariant(expr.op === '-', 'rules have no conditions');
        return negate(b, this.#node(expr.operand));
      case 'binary': {
        const [x, y] = [this.#node(expr.left), this.#node(expr.right)];
        if (expr.op === '+') return b.add([x, y]);
        if (expr.op === '-') return b.add([x, negate(b, y)]);
        if (expr.op === '*') return b.mul([x, y]);
        if (expr.op === '/') return b.mul([x, reciprocal(b, y)]);
        invariant(expr.op === '^', 'rules have no conditions');
        return b.pow(x, y);
      }
      case 'call':
        return this.#call(expr.callee, expr.args);
      default:
        throw new Error(`internal error: a rule cannot hold ${expr.kind}`);
    }
  }

  #call(name: string, args: readonly Expr[]): Node {
    const { b } = this;
    // Operators that the language has no name for.
    if (name === 'log1mexp') return b.apply('log1mexp', [this.#node(args[0]!)]);
    const row = findFunction(name);
    invariant(row !== undefined, `rules know no function ${name}`);
    if (row.kind === 'both')
      return b.apply(
        row.op,
        args.map((arg) => this.#node(arg)),
      );
    if (row.kind === 'values')
      return row.build(
        b,
        args.map((arg) => this.#node(arg)),
      );
    const axis = this.#axis(args[1]!);
    if (isAlong(row.op)) return b.along(row.op, this.#node(args[0]!), axis);
    invariant(row.kind === 'reduction' && row.op !== 'mean', `rules cannot use ${name}`);
    return b.reduce(row.op, this.#node(args[0]!), axis);
  }
}
