/** What a loss does with one entry: the inside of its sum or mean over an axis, as a loss of plain numbers. */
import { lowerLoss } from '../../compiler/lower/lower.js';
import { raise } from '../../compiler/raise/raise.js';
import type { Program } from '../../compiler/resolve/program.js';
import type { Expr, LossDecl } from '../../grammar/tree/ast.js';
import { minus } from '../../grammar/tree/build.js';
import { rewrite } from '../../grammar/tree/walk.js';

const REDUCTIONS: ReadonlySet<string> = new Set(['sum', 'mean']);

/**
 * The loss with calls and lets written out, the reductions around its body left off, and its inputs and parameters as plain
 * real numbers: what both sides can be given. A body with further reductions or conditions is no such loss; mathjs has no word for it.
 */
export function scalarLoss(program: Program, decl: LossDecl): LossDecl | undefined {
  const { loss } = lowerLoss(program, decl);
  if (loss === undefined) return undefined;
  const { lets, result } = raise(loss.graph, loss.value);
  if (lets.length > 0) return undefined;
  const body = withoutReduction(result);
  const names = new Set<string>();
  rewrite(body, (node) => {
    if (node.kind === 'name') names.add(node.name);
    return node;
  });
  const item = (name: string, data: boolean) => ({ name: { name }, data });
  const prediction = loss.inputs.find(({ name, data }) => !data && names.has(name));
  if (prediction === undefined) return undefined;
  const others = [...loss.inputs, ...loss.parameters].filter(
    ({ name }) => name !== prediction.name && names.has(name),
  );
  return {
    kind: 'loss',
    name: { name: 'f' },
    inputs: [...others.map(({ name }) => item(name, true)), item(prediction.name, false)],
    parameters: [],
    body: { lets: [], result: body },
  };
}

function withoutReduction(expr: Expr): Expr {
  if (expr.kind === 'unary' && expr.op === '-') return minus(withoutReduction(expr.operand));
  if (expr.kind === 'call' && REDUCTIONS.has(expr.callee.name) && expr.where === undefined)
    return withoutReduction(expr.args[0]!);
  return expr;
}
