/** Other ways to write the same loss, for properties of the canonical form. */
import type { Expr, LossDecl } from '../../grammar/tree/ast.js';
import { binary, call, minus } from '../../grammar/tree/build.js';
import { fold, withChildren } from '../../grammar/tree/walk.js';
import type { Random } from '../../src/random.js';

/** Operands of sums and products change places, sums nest to the right, differences become sums. */
export function shuffled(decl: LossDecl, random: Random): LossDecl {
  const result = fold<Expr>(decl.body.result, (node, parts) => rearranged(withChildren(node, parts), random));
  return { ...decl, body: { lets: [], result } };
}

function rearranged(expr: Expr, random: Random): Expr {
  const flip = random.next() < 0.5;
  if (expr.kind === 'call' && (expr.callee.name === 'max' || expr.callee.name === 'min') && flip) {
    const [x, y] = expr.args;
    const isAxis = y?.kind === 'name' && y.name === 'class';
    return isAxis || y === undefined ? expr : call(expr.callee.name, [y, x!]);
  }
  if (expr.kind !== 'binary' || !flip) return expr;
  const { op, left, right } = expr;
  switch (op) {
    case '+':
    case '*':
      if (left.kind === 'binary' && left.op === op)
        return binary(op, left.left, binary(op, left.right, right));
      return binary(op, right, left);
    case '-':
      return binary('+', minus(right), left);
    case '<':
      return binary('>', right, left);
    default:
      return expr;
  }
}

const NAMES: Readonly<Record<string, string>> = { prediction: 'q', gamma: 'zeta', class: 'a_kind' };

/** Other names for the prediction, the parameter and the axis. */
export function renamed(decl: LossDecl, random: Random): LossDecl {
  if (random.next() < 0.3) return decl;
  const rename = <T extends { readonly name: string }>(item: T): T => ({
    ...item,
    name: NAMES[item.name] ?? item.name,
  });
  const result = fold<Expr>(decl.body.result, (node, parts) => {
    const whole = withChildren(node, parts);
    return whole.kind === 'name' ? rename(whole) : whole;
  });
  return {
    ...decl,
    inputs: decl.inputs.map((input) => ({
      ...input,
      name: rename(input.name),
      ...(input.domain && {
        domain: {
          ...input.domain,
          axes: (input.domain.axes ?? []).map((axis) =>
            axis.kind === 'axis' ? { ...axis, name: rename(axis.name) } : axis,
          ),
        },
      }),
    })),
    parameters: decl.parameters.map((parameter) => ({ ...parameter, name: rename(parameter.name) })),
    body: { lets: [], result },
  };
}
