import type { Body, Expr, Let } from '../../grammar/tree/ast.js';
import { name } from '../../grammar/tree/build.js';
import { fold, visit, withChildren } from '../../grammar/tree/walk.js';
import type { Graph, Node } from '../graph/graph.js';
import { raise } from './raise.js';

/** Nobody reads a formula that nests deeper, and a printer that calls itself for each level runs out of stack at some thousands. */
const MAX_DEPTH = 100;

/**
 * A node as a person reads it: names for what is used more than once, and for parts of what nests very deep. Values that the
 * writer has a name for keep it.
 */
export function formulaOf(graph: Graph, node: Node, names: ReadonlyMap<Node, string> = new Map()): Body {
  return inLevels(raise(graph, node, { lets: true, names }));
}

interface Level {
  readonly expr: Expr;
  /** Without the steps down the left operands, along which printers go with a loop: a long sum is no deep one. */
  readonly depth: number;
}

/** The body with a name for each part that would nest too deep. */
function inLevels(body: Body): Body {
  const taken = new Set(body.lets.map((definition) => definition.name.name));
  let last = taken.size;
  for (const root of [...body.lets.map((definition) => definition.value), body.result])
    visit(root, (expr) => {
      if (expr.kind === 'name') taken.add(expr.name);
    });
  const lets: Let[] = [];
  const named = (value: Expr): Expr => {
    do last += 1;
    while (taken.has(`v${last}`));
    lets.push({ name: { name: `v${last}` }, value });
    return name(`v${last}`);
  };
  const cut = (root: Expr): Expr =>
    fold<Level>(root, (expr, results) => {
      let depth = 0;
      const kept = results.map((result, i) => {
        const onSpine = i === 0 && expr.kind === 'binary' && result.expr.kind === 'binary';
        if (result.depth >= MAX_DEPTH && !onSpine) return named(result.expr);
        depth = Math.max(depth, onSpine ? result.depth : result.depth + 1);
        return result.expr;
      });
      return { expr: withChildren(expr, kept), depth: Math.max(depth, 1) };
    }).expr;
  for (const definition of body.lets) lets.push({ ...definition, value: cut(definition.value) });
  return { lets, result: cut(body.result) };
}
