import { invariant } from '../invariant.js';
import type {
  BinaryExpr,
  BinaryOp,
  CallExpr,
  Expr,
  HoleExpr,
  IfExpr,
  NameExpr,
  NumberExpr,
  UnaryExpr,
  UnaryOp,
} from './ast.js';

/** A finite number. A negative one is a unary minus around its size, as the parser would give it; -0 is 0. */
export function num(value: number): NumberExpr | UnaryExpr {
  invariant(Number.isFinite(value), `${value} has no literal`);
  return value < 0 ? minus({ kind: 'number', value: -value }) : { kind: 'number', value: Math.abs(value) };
}

export function name(text: string): NameExpr {
  return { kind: 'name', name: text };
}

export function hole(): HoleExpr {
  return { kind: 'hole' };
}

function unary(op: UnaryOp, operand: Expr): UnaryExpr {
  return { kind: 'unary', op, operand };
}

export function minus(operand: Expr): UnaryExpr {
  return unary('-', operand);
}

export function not(operand: Expr): UnaryExpr {
  return unary('not', operand);
}

export function binary(op: BinaryOp, left: Expr, right: Expr): BinaryExpr {
  return { kind: 'binary', op, left, right };
}

/** `callee(args…)`; named arguments follow in the order of the record, then the condition of a reduction. */
export function call(
  callee: string,
  args: readonly Expr[],
  named: Readonly<Record<string, Expr>> = {},
  where?: Expr,
): CallExpr {
  return {
    kind: 'call',
    callee: { name: callee },
    args: [...args, ...Object.values(named)],
    names: Object.keys(named).map((name) => ({ name })),
    ...(where !== undefined && { where }),
  };
}

/** `if c1 then v1 else if c2 then v2 … else otherwise`, from the pairs [c, v], at least one. */
export function ifExpr(branches: readonly (readonly [Expr, Expr])[], otherwise: Expr): IfExpr {
  invariant(branches.length > 0, 'an if has a condition');
  return {
    kind: 'if',
    conditions: branches.map(([condition]) => condition),
    values: branches.map(([, value]) => value),
    otherwise,
  };
}
