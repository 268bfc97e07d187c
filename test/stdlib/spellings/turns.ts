/** The same arithmetic in another order. */
import type { BinaryExpr, BinaryOp, Expr } from '../../../grammar/tree/ast.js';
import { binary, call, ifExpr, minus, not, num } from '../../../grammar/tree/build.js';
import { asMean } from './definitions.js';

type Turn = (node: BinaryExpr) => Expr | undefined;

const isNumber = (node: Expr, value: number): boolean => node.kind === 'number' && node.value === value;

const TURNS: { readonly [Op in BinaryOp]?: readonly Turn[] } = {
  '+': [({ left, right }) => binary('+', right, left), ({ left, right }) => binary('-', left, minus(right))],
  '-': [
    ({ left, right }) => binary('+', left, minus(right)),
    ({ left, right }) => minus(binary('-', right, left)),
  ],
  '*': [
    ({ left, right }) => binary('*', right, left),
    ({ left, right }) => minus(binary('*', minus(left), right)),
  ],
  '/': [
    ({ left, right }) => binary('*', left, binary('/', num(1), right)),
    ({ left, right }) => binary('*', left, binary('^', right, minus(num(1)))),
  ],
  '^': [({ left, right }) => (isNumber(right, 2) ? binary('*', left, left) : undefined)],
};

/** The ways to write a node otherwise. */
export function turnsOf(node: Expr): readonly Expr[] {
  if (node.kind === 'binary') return (TURNS[node.op] ?? []).flatMap((turn) => turn(node) ?? []);
  if (node.kind === 'if' && node.conditions.length === 1)
    return [ifExpr([[not(node.conditions[0]!), node.otherwise]], node.values[0]!)];
  if (node.kind !== 'call') return [];
  const [x] = node.args;
  switch (node.callee.name) {
    case 'exp':
      return [binary('/', num(1), call('exp', [minus(x!)]))];
    case 'sum':
      return [asMean(node) ?? []].flat();
    case 'log':
      return [
        minus(call('log', [binary('/', num(1), x!)])),
        ...(x!.kind === 'binary' && x!.op === '+' && isNumber(x!.left, 1) ? [call('log1p', [x!.right])] : []),
      ];
    default:
      return [];
  }
}
