/**
 * The body of a loss as one expression: calls of losses, and of `fn`s that do something with axes, are written out, and lets stand
 * where they are used. Calls of `fn`s that work element by element stay calls.
 */
import { CONSTANTS, findFunction } from '../../../compiler/resolve/functions.js';
import type { Callable, Module, Program } from '../../../compiler/resolve/program.js';
import type { Body, CallExpr, Expr, FnDecl, LossDecl, Parameter, Value } from '../../../grammar/tree/ast.js';
import { name as nameExpr } from '../../../grammar/tree/build.js';
import { equalTrees, mapChildren, visit } from '../../../grammar/tree/walk.js';

/** What the names of a body stand for where it is written out. Names of axes stand for names. */
type Meanings = ReadonlyMap<string, Expr>;

/** Something in a loss that cannot be written out; then it stays a call. */
export class NotOpened extends Error {}

/** Nodes of a body that is written out; what is larger is too large to search with. */
const MOST_NODES = 2000;

/** Calls within calls. */
const DEEPEST = 50;

export class Opener {
  /** The functions that calls stay calls of, by name. */
  readonly kept = new Map<string, FnDecl>();
  #nodes = 0;
  #lists: ReadonlyMap<string, readonly Value[]> = new Map();

  /**
   * The body of a loss of a program, with these expressions in place of its names. Throws `NotOpened` for what cannot be
   * written out.
   */
  open(program: Program, loss: LossDecl, meanings: Meanings): Expr {
    this.#nodes = 0;
    this.#lists = new Map(
      loss.parameters.flatMap(({ name, default: value }) =>
        value?.kind === 'list' ? [[name.name, value.items] as const] : [],
      ),
    );
    return this.#body(loss.body, meanings, program.module, 0);
  }

  #body({ lets, result }: Body, meanings: Meanings, module: Module, depth: number): Expr {
    const known = new Map(meanings);
    for (const { name, value } of lets) known.set(name.name, this.#expression(value, known, module, depth));
    return this.#expression(result, known, module, depth);
  }

  #expression(expr: Expr, meanings: Meanings, module: Module, depth: number, isCondition = false): Expr {
    if (++this.#nodes > MOST_NODES || depth > DEEPEST) throw new NotOpened();
    if (expr.kind === 'name') return meanings.get(expr.name) ?? nameExpr(expr.name);
    if (expr.kind === 'call' && findFunction(expr.callee.name) === undefined)
      return this.#call(expr, meanings, module, depth, isCondition);
    const entry = depth === 0 ? this.#entry(expr) : undefined;
    if (entry !== undefined) return entry;
    const conditions = conditionsOf(expr, isCondition);
    const opened = mapChildren(expr, (child, i) =>
      this.#expression(child, meanings, module, depth, conditions(i)),
    );
    const { span: _, ...plain } = opened;
    return plain as Expr;
  }

  /** The number that `at(c, term, 0)` looks up in the default of a parameter. */
  #entry(expr: Expr): Expr | undefined {
    if (expr.kind !== 'call' || expr.callee.name !== 'at') return undefined;
    const [list, , position] = expr.args;
    if (list?.kind !== 'name' || position?.kind !== 'number') return undefined;
    const found = this.#lists.get(list.name)?.[position.value];
    return found === undefined || found.kind === 'list' ? undefined : found;
  }

  #call(call: CallExpr, meanings: Meanings, module: Module, depth: number, isCondition: boolean): Expr {
    const found = module.callables.get(call.callee.name);
    if (found === undefined || found.decl.kind === 'sketch') throw new NotOpened();
    const args = call.args.map((arg) => this.#expression(arg, meanings, module, depth));
    if (found.decl.kind === 'loss') return this.#loss(found.decl, call, args, meanings, found.module, depth);
    if (!isCondition && this.#keep(found.decl, found.module))
      return { kind: 'call', callee: { name: call.callee.name }, args, names: [] };
    const inner = new Map(axesOnly(meanings));
    for (const [i, { name }] of found.decl.parameters.entries()) inner.set(name, args[i]!);
    return this.#body(found.decl.body, inner, found.module, depth + 1);
  }

  #loss(
    loss: LossDecl,
    call: CallExpr,
    args: readonly Expr[],
    meanings: Meanings,
    module: Module,
    depth: number,
  ): Expr {
    const positional = args.length - call.names.length;
    const named = new Map(call.names.map(({ name }, i) => [name, args[positional + i]!]));
    const inner = new Map<string, Expr>();
    const axes = [...loss.inputs, ...loss.parameters].flatMap(({ domain }) => domain?.axes ?? []);
    for (const axis of axes)
      if (axis.kind === 'axis') {
        const { name } = axis.name;
        inner.set(name, named.get(name) ?? meanings.get(name) ?? nameExpr(name));
      }
    for (const [i, input] of loss.inputs.entries()) inner.set(input.name.name, args[i]!);
    for (const parameter of loss.parameters) {
      const { name } = parameter.name;
      inner.set(name, named.get(name) ?? this.#expression(defaultOf(parameter), inner, module, depth));
    }
    return this.#body(loss.body, inner, module, depth + 1);
  }

  /** Whether calls of a function stay calls. */
  #keep(decl: FnDecl, module: Module): boolean {
    const name = decl.name.name;
    const same = this.kept.get(name);
    if (same !== undefined) return equalTrees(same, decl);
    const all = elementByElement(decl, module);
    if (all === undefined) return false;
    const taken = all.some((one) => {
      const other = this.kept.get(one.name.name);
      return other !== undefined && !equalTrees(other, one);
    });
    if (taken) return false;
    for (const one of all) this.kept.set(one.name.name, one);
    return true;
  }
}

/** A single number as a default. Throws `NotOpened` for a list or nothing. */
export function defaultOf({ default: value }: Parameter): Expr {
  if (value === undefined || value.kind === 'list') throw new NotOpened();
  return value;
}

/** Names that stand for another name, which an `fn` may use of the body that calls it. */
const axesOnly = (meanings: Meanings): readonly (readonly [string, Expr])[] =>
  [...meanings].filter(([, meant]) => meant.kind === 'name');

/** Which children of a node are conditions. */
function conditionsOf(expr: Expr, isCondition: boolean): (index: number) => boolean {
  if (expr.kind === 'if') return (i) => i < expr.conditions.length;
  if (expr.kind === 'call') return (i) => i >= expr.args.length;
  const joins =
    expr.kind === 'unary' ? expr.op === 'not' : expr.kind === 'binary' && /^(and|or)$/.test(expr.op);
  return () => isCondition && joins;
}

/**
 * The function and those that it calls, where it works element by element: numbers in, a number out, no axis named. Undefined for
 * any other.
 */
function elementByElement(
  decl: Callable,
  module: Module,
  above: readonly Callable[] = [],
): readonly FnDecl[] | undefined {
  if (decl.kind !== 'fn' || above.includes(decl) || isConditional(decl.body.result)) return undefined;
  const { lets, result } = decl.body;
  const known = new Set([...decl.parameters, ...lets.map(({ name }) => name)].map(({ name }) => name));
  const parameters = new Set(decl.parameters.map(({ name }) => name));
  const called: FnDecl[] = [];
  let fits = true;
  for (const root of [...lets.map(({ value }) => value), result])
    visit(root, (node) => {
      if (node.kind === 'name') fits &&= known.has(node.name) || Object.hasOwn(CONSTANTS, node.name);
      for (const condition of conditionsIn(node))
        fits &&= condition.kind !== 'name' || !parameters.has(condition.name);
      if (node.kind !== 'call') return;
      if (node.where !== undefined) fits = false;
      const row = findFunction(node.callee.name);
      if (row !== undefined) {
        fits &&= row.kind === 'values' || row.kind === 'both';
        return;
      }
      const found = module.callables.get(node.callee.name);
      const inner = found && elementByElement(found.decl, found.module, [...above, decl]);
      // Functions are looked up by their names in one file.
      if (inner === undefined) fits = false;
      else called.push(...inner);
    });
  return fits ? [...called.filter((one, i) => called.indexOf(one) === i), decl] : undefined;
}

const isConditional = (expr: Expr): boolean =>
  (expr.kind === 'unary' && expr.op === 'not') || (expr.kind === 'binary' && !/^[-+*/^]$/.test(expr.op));

function conditionsIn(node: Expr): readonly Expr[] {
  if (node.kind === 'if') return node.conditions;
  if (node.kind === 'unary' && node.op === 'not') return [node.operand];
  return node.kind === 'binary' && /^(and|or)$/.test(node.op) ? [node.left, node.right] : [];
}
