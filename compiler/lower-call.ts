import type { CallExpr } from '../grammar/ast.js';
import { wantedArguments } from './call-shape.js';
import { type FunctionRow, findFunction } from './functions.js';
import type { Node } from './graph.js';
import { AxisCalls } from './lower-axis-call.js';
import type { LowerExpression } from './lower-expression.js';
import { UserCalls } from './lower-user-call.js';
import * as axisMessages from './messages/axes.js';
import * as nameMessages from './messages/names.js';
import type { Scope } from './scope.js';

/** Calls: functions of the table, reductions and functions of axes, and the user's own `fn`s and losses, written out. */
export class CallLowering {
  readonly #axes: AxisCalls;
  readonly #users: UserCalls;

  constructor(private readonly expressions: LowerExpression) {
    this.#axes = new AxisCalls(expressions);
    this.#users = new UserCalls(expressions);
  }

  lower(call: CallExpr, scope: Scope): Node | undefined {
    const builtIn = findFunction(call.callee);
    if (builtIn === undefined) return this.#users.lower(call, scope);
    if (call.names.length > 0) {
      const named = call.args[call.args.length - call.names.length]!;
      return this.#fail(nameMessages.namedToFunction(scope.place(named.span ?? call.span), call.callee));
    }
    if (builtIn.kind === 'reduction') return this.#axes.reduction(builtIn.op, call, scope);
    if (builtIn.kind === 'both' && this.#axes.isReduction(call, scope)) {
      return this.#axes.reduction(builtIn.reduction, call, scope);
    }
    if (call.where !== undefined) {
      return this.#fail(axisMessages.whereNotReduction(scope.place(call.where.span), call.callee));
    }
    if (builtIn.kind === 'axis') return this.#axes.axisFunction(builtIn, call, scope);
    return this.#values(builtIn, call, scope);
  }

  #fail(diagnostic: Parameters<LowerExpression['report']>[0]): undefined {
    this.expressions.report(diagnostic);
    return undefined;
  }

  #values(
    row: Extract<FunctionRow, { kind: 'values' | 'both' }>,
    call: CallExpr,
    scope: Scope,
  ): Node | undefined {
    const arity = row.kind === 'values' ? row.arity : 2;
    const args = call.args.map((arg) => this.expressions.number(arg, scope));
    if (args.length !== arity) {
      const wanted = wantedArguments(arity, 'value');
      return this.#fail(nameMessages.wrongArity(scope.place(call.span), call.callee, wanted, args.length));
    }
    if (args.some((arg) => arg === undefined)) return undefined;
    const { b } = this.expressions;
    return row.kind === 'values' ? row.build(b, args as Node[]) : b.apply(row.op, args as Node[]);
  }
}
