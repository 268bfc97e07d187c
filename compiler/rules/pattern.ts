import type { Expr } from '../../grammar/tree/ast.js';
import { visit } from '../../grammar/tree/walk.js';
import { type AxisSet, axisBit } from '../graph/axes.js';
import type { Node } from '../graph/graph.js';
import type { Builder } from '../graph/raw.js';
import { ANY, type Range } from '../operators/range.js';
import { findFunction } from '../resolve/functions.js';
import { buildFormula, parsedFormula } from './formula.js';

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
    return this.#node(parsedFormula(text));
  }

  /** The node of an expression with axes of its own: they come first, for variables have all of them. */
  readFirst(text: string): Node {
    const expr = parsedFormula(text);
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
      leaf: { kind: 'given', name, position, data: this.known[name]?.data ?? false },
    });
  }

  #axis(name: string): AxisSet {
    return axisBit(this.b.graph.axes.find(name) ?? this.b.graph.axes.declare(name));
  }

  #declareAxes(expr: Expr): void {
    visit(expr, (part) => {
      const row = part.kind === 'call' ? findFunction(part.callee.name) : undefined;
      if (part.kind !== 'call' || (row?.kind !== 'reduction' && row?.kind !== 'axis')) return;
      for (const arg of part.args.slice(1)) if (arg.kind === 'name') this.#axis(arg.name);
    });
  }

  #node(expr: Expr): Node {
    return buildFormula(this.b, expr, {
      variable: (name) => this.#variable(name),
      axis: (name) => this.#axis(name),
    });
  }
}
