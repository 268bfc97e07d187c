/** Calls of functions and losses of a file and its imports, replaced by what these are. */
import type { Callable, Module } from '../../../compiler/resolve/program.js';
import type { Body, CallExpr, Expr, Let } from '../../../grammar/tree/ast.js';
import { fold, rewrite } from '../../../grammar/tree/walk.js';

/** An expression with names replaced. */
export const substituted = (expr: Expr, values: ReadonlyMap<string, Expr>): Expr =>
  rewrite(expr, (node) => (node.kind === 'name' ? (values.get(node.name) ?? node) : node));

const makesAxis = (value: Expr): boolean =>
  fold<boolean>(
    value,
    (node, inside) => (node.kind === 'call' && node.callee.name === 'rename') || inside.includes(true),
  );

/** A body in which each let stands where it was named; those that make an axis stay, for others name it. */
export function unshared({ lets, result }: Body): Body {
  const values = new Map<string, Expr>();
  const kept: Let[] = [];
  for (const { name, value } of lets) {
    const inlined = substituted(value, values);
    if (makesAxis(inlined)) kept.push({ name, value: inlined });
    else values.set(name.name, inlined);
  }
  return { lets: kept, result: substituted(result, values) };
}

/** The names of what a call gives, in order; undefined where there is more to a call than that. */
const namesOf = (decl: Callable): readonly string[] | undefined => {
  if (decl.kind === 'fn') return decl.parameters.map(({ name }) => name);
  if (decl.kind === 'loss' && decl.parameters.length === 0) return decl.inputs.map(({ name }) => name.name);
  return undefined;
};

/** An expression of a module in which calls of its own and imported declarations are written out. */
export const withoutCalls = (module: Module, root: Expr): Expr =>
  rewrite(root, (node) => (node.kind === 'call' ? (writtenOut(module, node) ?? node) : node));

function writtenOut(module: Module, node: CallExpr): Expr | undefined {
  const found = module.callables.get(node.callee.name);
  const names = found && namesOf(found.decl);
  if (found === undefined || names === undefined || node.names.length > 0 || node.where !== undefined)
    return undefined;
  const { lets, result } = unshared(found.decl.body);
  if (lets.length > 0) return undefined;
  const inside = withoutCalls(found.module, result);
  // What it calls may have no name here.
  return substituted(inside, new Map(names.map((name, i) => [name, node.args[i]!])));
}
