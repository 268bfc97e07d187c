import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import type { CallExpr } from '../../grammar/tree/ast.js';
import type { Node } from '../graph/graph.js';
import type { Builder } from '../graph/raw.js';
import * as axisMessages from '../messages/axes.js';
import * as nameMessages from '../messages/names.js';
import * as roleMessages from '../messages/roles.js';
import { firstNamed, wantedArguments, whereHint } from '../resolve/call-shape.js';
import { type FunctionRow, findFunction, usageOf } from '../resolve/functions.js';
import { AxisCalls } from './axis-call.js';
import type { Expressions } from './expressions.js';
import { isClassName } from './roles.js';
import type { Scope } from './scope.js';
import { UserCalls } from './user-call.js';

/** What other libraries call the choice of an axis. */
export const AXIS_OPTIONS: ReadonlySet<string> = new Set([
  ...['axis', 'axes', 'dim', 'dims', 'keepdim', 'keepdims', 'keep_dims', 'reduction_indices'],
]);

/** Functions that take the logarithm of an argument, and which. */
const LOGARITHMS: Readonly<Record<string, number>> = { log: 0, log2: 0, xlogy: 1 };

/** Calls: functions of the table, reductions and functions of axes, and the user's own `fn`s and losses, written out. */
export class CallLowering {
  readonly #axes: AxisCalls;
  readonly #users: UserCalls;

  constructor(private readonly expressions: Expressions) {
    this.#axes = new AxisCalls(expressions);
    this.#users = new UserCalls(expressions);
  }

  lower(call: CallExpr, scope: Scope): Node | undefined {
    const builtIn = findFunction(call.callee.name);
    if (builtIn === undefined) return this.#users.lower(call, scope);
    if (call.names.length > 0) {
      if (builtIn.kind !== 'values' && AXIS_OPTIONS.has(call.names[0]!.name))
        return this.#axisOption(call, scope);
      const usage = usageOf(call.callee.name, builtIn);
      const place = scope.place(firstNamed(call), call);
      return this.#refuse(nameMessages.namedToFunction(place, call.callee.name, usage), call, scope);
    }
    if (builtIn.kind === 'reduction') return this.#axes.reduction(builtIn.op, call, scope);
    if (builtIn.kind === 'both') return this.#either(builtIn, call, scope);
    if (call.where !== undefined) {
      const place = scope.place(call.where);
      const { name: callee } = call.callee;
      return this.#refuse(axisMessages.whereNotReduction(place, callee, whereHint(callee)), call, scope);
    }
    if (builtIn.kind === 'axis') return this.#axes.axisFunction(builtIn, call, scope);
    const args = call.args.map((arg) => this.expressions.number(arg, scope));
    this.#checkLogarithm(call, args, scope);
    return this.#values(builtIn, builtIn.arity, call, args, scope, (b) => builtIn.build(b, args as Node[]));
  }

  /** `max` and `min`: the first argument is lowered before the second is looked at, for it may make the axis that is reduced. */
  #either(row: Extract<FunctionRow, { kind: 'both' }>, call: CallExpr, scope: Scope): Node | undefined {
    const [first, ...rest] = call.args;
    const value = first && this.expressions.number(first, scope);
    if (this.#axes.isReduction(call, scope)) return this.#axes.reduce(row.reduction, call, value, scope);
    const args = [value, ...rest.map((arg) => this.expressions.number(arg, scope))];
    return this.#values(row, 2, call, args, scope, (b) => b.apply(row.op, args as Node[]));
  }

  /** `max(x, dim=1)`: what is given by name is not looked at, for it follows from the option. */
  #axisOption(call: CallExpr, scope: Scope): undefined {
    const positional = call.args.slice(0, call.args.length - call.names.length);
    const values = positional.map((arg) => this.expressions.any(arg, scope));
    const axes = scope.axisNames(values[0]?.axes ?? 0);
    const place = scope.place(firstNamed(call), call);
    this.expressions.report(nameMessages.axisOption(place, call.callee.name, call.names[0]!.name, axes));
  }

  /** Logits stand where a probability belongs. */
  #checkLogarithm(call: CallExpr, args: readonly (Node | undefined)[], scope: Scope): void {
    const logits = args[LOGARITHMS[call.callee.name] ?? -1];
    if (logits?.leaf?.logits !== true) return;
    const { name } = logits.leaf;
    const axes = scope.axisNames(logits.axes);
    const axis = axes.find(isClassName) ?? axes.at(-1);
    this.expressions.report(roleMessages.logarithmOfLogits(scope.place(call), name, axis));
  }

  /** Refuses a call; its arguments are looked at all the same. */
  #refuse(diagnostic: Diagnostic, call: CallExpr, scope: Scope): undefined {
    this.expressions.report(diagnostic);
    this.expressions.argumentsOnly(call, scope);
  }

  #values(
    row: FunctionRow,
    arity: number,
    call: CallExpr,
    args: readonly (Node | undefined)[],
    scope: Scope,
    build: (b: Builder) => Node,
  ): Node | undefined {
    if (call.args.length !== arity) {
      const wanted = wantedArguments(arity, 'value');
      const place = scope.place(call);
      const usage = usageOf(call.callee.name, row);
      this.expressions.report(
        nameMessages.wrongArity(place, call.callee.name, wanted, call.args.length, usage),
      );
      return undefined;
    }
    return args.includes(undefined) ? undefined : build(this.expressions.b);
  }
}
