import fc from 'fast-check';
import type { Expr, LossDecl } from '../../grammar/tree/ast.js';
import { binary, call, ifExpr, minus, name, num } from '../../grammar/tree/build.js';
import {
  ALONG,
  EXPONENTIAL,
  OF_NEGATIVE,
  OF_POSITIVE,
  OF_SEVERAL,
  OF_UNIT,
  PICKING,
  REDUCTIONS,
  SMOOTH,
} from './functions.js';

/**
 * Random losses that check: a target and a prediction along an axis `class`, one parameter, a body of one number per item.
 * For properties of the compiler, which hold for every legal program.
 */

/** What an expression may be: `class` says whether it has that axis. */
interface Tie {
  /** With or without the axis. */
  readonly any: Expr;
  /** Has the axis for certain. */
  readonly row: Expr;
  /** Without it. */
  readonly item: Expr;
  readonly rowCondition: Expr;
  readonly itemCondition: Expr;
}

const UNARY = [...SMOOTH, ...EXPONENTIAL];
const PARTIAL = [...OF_POSITIVE, ...OF_NEGATIVE, ...OF_UNIT];
/** Most arguments of a function. */
const MOST = Math.max(...OF_SEVERAL.map(({ takes }) => takes.length));
const NUMBERS = [0, 1, 2, 3, 0.5, 0.1, 0.2, 1.5];

const number = fc.constantFrom(...NUMBERS).map((value) => num(value) as Expr);
const axis = name('class');

const comparison = (left: fc.Arbitrary<Expr>, right: fc.Arbitrary<Expr>): fc.Arbitrary<Expr> =>
  fc
    .tuple(fc.constantFrom('<', '<=', '>', '>='), left, right)
    .map(([op, x, y]): Expr => binary(op as '<', x, y));

const { any, row, item } = fc.letrec<Tie>((tie: fc.LetrecTypedTie<Tie>) => {
  const operands = (
    left: fc.Arbitrary<Expr>,
    right: fc.Arbitrary<Expr>,
    condition: fc.Arbitrary<Expr>,
  ): fc.Arbitrary<Expr> =>
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .tuple(fc.constantFrom('+', '-', '*', '/'), left, right)
          .map(([op, x, y]) => binary(op as '+', x, y)),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(fc.constantFrom(...PICKING), left, right).map(([f, x, y]) => call(f, [x, y])),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(condition, left, right).map(([c, x, y]) => ifExpr([[c, x]], y)),
      },
    );
  const functions = (operand: fc.Arbitrary<Expr>): fc.Arbitrary<Expr> =>
    fc.oneof(
      { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...UNARY), operand).map(([f, x]) => call(f, [x])) },
      { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...PARTIAL), operand).map(([f, x]) => call(f, [x])) },
      { weight: 2, arbitrary: operand.map((x) => minus(x)) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom(...OF_SEVERAL), fc.array(operand, { minLength: MOST, maxLength: MOST }))
          .map(([f, args]) => call(f.name, args.slice(0, f.takes.length))),
      },
      {
        weight: 2,
        arbitrary: fc.tuple(operand, fc.constantFrom(2, 3, 0.5, 1)).map(([x, n]) => binary('^', x, num(n))),
      },
      { weight: 1, arbitrary: operand.map((x) => binary('^', x, num(-1))) },
    );
  const rowLeaf = fc.constantFrom<Expr>(name('target'), name('prediction'), name('prediction'));
  const itemLeaf = fc.oneof(
    { weight: 3, arbitrary: number },
    { weight: 2, arbitrary: fc.constant<Expr>(name('gamma')) },
  );
  return {
    any: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('row'), tie('item')),
    row: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 3, arbitrary: rowLeaf },
      { weight: 4, arbitrary: operands(tie('row'), tie('any'), tie('rowCondition')) },
      { weight: 2, arbitrary: operands(tie('any'), tie('row'), tie('rowCondition')) },
      { weight: 4, arbitrary: functions(tie('row')) },
      {
        weight: 1,
        arbitrary: fc.tuple(fc.constantFrom(...ALONG), tie('row')).map(([f, x]) => call(f, [x, axis])),
      },
    ),
    item: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 3, arbitrary: itemLeaf },
      {
        weight: 3,
        arbitrary: fc.tuple(fc.constantFrom(...REDUCTIONS), tie('row')).map(([f, x]) => call(f, [x, axis])),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('sum', 'mean'), tie('row'), tie('rowCondition'))
          .map(([f, x, c]) => call(f, [x, axis], {}, c)),
      },
      { weight: 1, arbitrary: tie('row').map((x) => call('at', [x, axis, num(1)])) },
      { weight: 2, arbitrary: operands(tie('item'), tie('item'), tie('itemCondition')) },
      { weight: 2, arbitrary: functions(tie('item')) },
    ),
    rowCondition: comparison(tie('row'), tie('any')),
    itemCondition: comparison(tie('item'), tie('item')),
  };
});

/** Any expression over `target`, `prediction` (both along `class`) and `gamma`. */
export const arbitraryTypedExpr: fc.Arbitrary<Expr> = any;

/** The loss with this body. */
export function lossOf(result: Expr, domain: 'real' | 'probability' = 'probability'): LossDecl {
  const classes = [{ kind: 'axis', name: { name: 'class' }, many: false }] as const;
  return {
    kind: 'loss',
    name: { name: 'f' },
    inputs: [
      {
        name: { name: 'target' },
        data: true,
        domain: { name: { name: domain === 'real' ? 'real' : 'onehot' }, axes: classes },
      },
      { name: { name: 'prediction' }, data: false, domain: { name: { name: domain }, axes: classes } },
    ],
    parameters: [{ name: { name: 'gamma' }, domain: { name: { name: 'positive' } }, default: num(1.5) }],
    body: { lets: [], result },
  };
}

const PREDICTED = call('sum', [name('prediction'), axis]);

/** Any well-typed loss: its value depends on the prediction. */
export const arbitraryLoss: fc.Arbitrary<LossDecl> = fc
  .tuple(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.tuple(fc.constantFrom('sum', 'mean'), row).map(([f, x]) => call(f, [x, axis])),
      },
      { weight: 1, arbitrary: item },
    ),
    fc.constantFrom('real' as const, 'probability' as const),
  )
  .map(([body, domain]) => {
    const mentioned = JSON.stringify(body).includes('"prediction"');
    return lossOf(mentioned ? body : binary('+', body, PREDICTED), domain);
  });
