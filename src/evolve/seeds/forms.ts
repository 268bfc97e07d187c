/**
 * From the body of a loss to a tree that evolution can work on. A tree is made of arithmetic, functions of values and leaves;
 * everything else becomes an `fn` of values (`sum(e, class)` is `sum_class(e)`), or, where it has no values to give, a `let`.
 */
import { findFunction } from '../../../compiler/resolve/functions.js';
import { printExpr } from '../../../grammar/print/print.js';
import type { CallExpr, Decl, Expr, FnDecl, Let } from '../../../grammar/tree/ast.js';
import { minus, name as nameExpr } from '../../../grammar/tree/build.js';
import { children, mapChildren, rewrite } from '../../../grammar/tree/walk.js';
import { constantOf } from '../gp/tree.js';

/** What is known of the names of a body. */
export interface Signature {
  /** Axes of the inputs, and `batch`. */
  readonly axes: ReadonlySet<string>;
  /** Axes of parameters that no input has, by the parameter. */
  readonly own: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names that may not be given again. */
  readonly taken: ReadonlySet<string>;
}

/** Operands of a form; one with more becomes a `let`. */
const MOST_OPERANDS = 8;

const PLACES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

export class Forms {
  /** The functions that were made, by the text of their bodies. */
  readonly functions = new Map<string, FnDecl>();
  readonly lets = new Map<string, Let>();
  readonly #names: Set<string>;

  constructor(private readonly signature: Signature) {
    this.#names = new Set(signature.taken);
  }

  /** Uses these functions where they are forms, under their own names. */
  know(library: readonly Decl[]): void {
    for (const decl of library) {
      if (decl.kind !== 'fn' || decl.body.lets.length > 0 || decl.parameters.length > MOST_OPERANDS) continue;
      const places = new Map(decl.parameters.map(({ name }, i) => [name, PLACES[i]!]));
      const text = printExpr(
        rewrite(decl.body.result, (node) =>
          node.kind === 'name' ? nameExpr(places.get(node.name) ?? node.name) : node,
        ),
      );
      if (!this.functions.has(text)) this.functions.set(text, decl);
    }
  }

  /** The tree of a number that is written without calls of losses. */
  tree(expr: Expr): Expr {
    if (constantOf(expr) !== undefined || expr.kind === 'name') return expr;
    if (expr.kind === 'unary' && expr.op === '-') return minus(this.tree(expr.operand));
    if (expr.kind === 'binary' && /^[-+*/^]$/.test(expr.op))
      return { ...expr, left: this.tree(expr.left), right: this.tree(expr.right) };
    if (expr.kind === 'call' && this.#takesValues(expr))
      return { ...expr, args: expr.args.map((arg) => this.tree(arg)) };
    return this.#form(expr);
  }

  #takesValues(call: CallExpr): boolean {
    const row = findFunction(call.callee.name);
    if (row === undefined || row.kind === 'values') return true;
    return row.kind === 'both' && call.where === undefined && this.#axesNamed(call).length === 0;
  }

  /** Axes that a call of a function of the language names, in their order. */
  #axesNamed({ args }: CallExpr): string[] {
    return args.slice(1).flatMap((arg) => (arg.kind === 'name' && this.#isAxis(arg.name) ? [arg.name] : []));
  }

  #isAxis(name: string): boolean {
    return this.signature.axes.has(name) || [...this.signature.own.values()].some((axes) => axes.has(name));
  }

  #form(expr: Expr): Expr {
    const operands: Expr[] = [];
    const template = isLookup(expr) ? expr : this.#abstract(expr, operands, true);
    if (operands.length === 0 || operands.length > MOST_OPERANDS) return this.#let(expr);
    const text = printExpr(template);
    const known = this.functions.get(text);
    const name = known?.name.name ?? this.#fresh(titleOf(expr));
    if (known === undefined)
      this.functions.set(text, {
        kind: 'fn',
        name: { name },
        parameters: PLACES.slice(0, operands.length).map((place) => ({ name: place })),
        body: { lets: [], result: template },
      });
    return { kind: 'call', callee: { name }, args: operands.map((one) => this.tree(one)), names: [] };
  }

  /** The node with places for the values in it; they are added to the operands. */
  #abstract(node: Expr, operands: Expr[], isForm = false): Expr {
    if (!isForm && !isCondition(node) && (node.kind === 'name' || this.#ownAxes(node).size === 0)) {
      operands.push(node);
      return nameExpr(PLACES[operands.length - 1] ?? 'z');
    }
    return mapChildren(node, (child, i) => {
      return this.#isFixed(node, child, i) ? child : this.#abstract(child, operands);
    });
  }

  /** An axis that a call names, or the position that it looks up. */
  #isFixed(node: Expr, child: Expr, i: number): boolean {
    if (node.kind !== 'call' || i === 0 || i >= node.args.length)
      return node.kind === 'call' && isAxisAlone(node);
    if (child.kind === 'name' && this.#namesAxis(node, child.name)) return true;
    return node.callee.name === 'at' && constantOf(child) !== undefined;
  }

  /** Whether a name behind the first argument of a call is an axis, old or made by `rename`. */
  #namesAxis({ callee }: CallExpr, name: string): boolean {
    const kind = findFunction(callee.name)?.kind;
    return kind === 'reduction' || kind === 'axis' || (kind === 'both' && this.#isAxis(name));
  }

  /** Axes of the value that are not those of the inputs. */
  #ownAxes(node: Expr): ReadonlySet<string> {
    if (node.kind === 'name') return this.signature.own.get(node.name) ?? NONE;
    const parts = children(node).map((child) => this.#ownAxes(child));
    const all = new Set(parts.flatMap((part) => [...part]));
    if (node.kind !== 'call') return all;
    const { name } = node.callee;
    const named = node.args.slice(1).flatMap((arg) => (arg.kind === 'name' ? [arg.name] : []));
    if (name === 'rename') {
      all.delete(named[0]!);
      if (!this.signature.axes.has(named[1]!)) all.add(named[1]!);
    } else if (name === 'index') {
      const [axis] = node.args;
      if (axis?.kind === 'name' && !this.signature.axes.has(axis.name)) all.add(axis.name);
    } else if (name === 'at') {
      const position = this.#ownAxes(node.args[2]!);
      if (!position.has(named[0]!)) all.delete(named[0]!);
    } else if (name !== 'softmax' && name !== 'log_softmax') for (const axis of named) all.delete(axis);
    return all;
  }

  #let(expr: Expr): Expr {
    const text = printExpr(expr);
    const known = this.lets.get(text);
    const name = known?.name.name ?? this.#fresh(titleOf(expr));
    if (known === undefined) this.lets.set(text, { name: { name }, value: expr });
    return nameExpr(name);
  }

  /** The value as a leaf of its own, whatever it is made of. */
  whole(expr: Expr, title: string): Expr {
    const name = this.#fresh(title);
    this.lets.set(printExpr(expr), { name: { name }, value: expr });
    return nameExpr(name);
  }

  #fresh(title: string): string {
    let name = title;
    for (let i = 2; this.#names.has(name) || findFunction(name) !== undefined; i++) name = `${title}_${i}`;
    this.#names.add(name);
    return name;
  }
}

const NONE: ReadonlySet<string> = new Set();

/** A look-up at a position that data gives: positions are whole numbers, which operands are not. */
const isLookup = (expr: Expr): boolean =>
  expr.kind === 'call' && expr.callee.name === 'at' && constantOf(expr.args[2]!) === undefined;

const isCondition = (node: Expr): boolean =>
  (node.kind === 'unary' && node.op === 'not') || (node.kind === 'binary' && !/^[-+*/^]$/.test(node.op));

const COMPARED: Readonly<Record<string, string>> = {
  '<': 'less',
  '<=': 'at_most',
  '>': 'greater',
  '>=': 'at_least',
  '==': 'equal',
  '!=': 'unequal',
};

/** A name that says what a form is: `sum_class`, `sum_class_where`, `if_less`. */
function titleOf(expr: Expr): string {
  if (expr.kind === 'if') {
    const [condition] = expr.conditions;
    const word = condition?.kind === 'binary' ? COMPARED[condition.op] : undefined;
    return expr.conditions.length === 1 && word !== undefined ? `if_${word}` : 'choice';
  }
  if (expr.kind !== 'call') return 'part';
  const named = isAxisAlone(expr) ? expr.args : expr.args.slice(1);
  const axes = named.flatMap((arg) => (arg.kind === 'name' ? [arg.name] : []));
  return [expr.callee.name, ...axes, ...(expr.where === undefined ? [] : ['where'])].join('_');
}

/** `size(class)` and `index(class)`: their one argument is an axis. */
const isAxisAlone = ({ callee: { name } }: CallExpr): boolean => name === 'size' || name === 'index';
