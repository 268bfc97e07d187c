import type { CallExpr } from '../../grammar/tree/ast.js';
import type { Node } from '../graph/graph.js';
import * as nameMessages from '../messages/names.js';
import * as roleMessages from '../messages/roles.js';
import { wantedArguments } from '../resolve/call-shape.js';
import { axisOption, calleeOf, isAxisOption, type Misshape, misshapeOfFunction } from '../resolve/callee.js';
import { type FunctionRow, usageOf } from '../resolve/functions.js';
import { AxisCalls } from './axis-call.js';
import type { Expressions } from './expressions.js';
import { isClassName } from './roles.js';
import type { Scope } from './scope.js';
import { UserCalls } from './user-call.js';

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
    const callee = calleeOf(call.callee.name, scope.module);
    if (callee?.kind !== 'function') return this.#users.lower(call, callee, scope);
    const { row } = callee;
    if (isAxisOption(call, row)) return this.#axisOption(call, scope);
    const misshape = misshapeOfFunction(call, row, scope.place);
    if (misshape !== undefined) return this.#refuse(misshape, call, row, scope);
    if (row.kind === 'reduction') return this.#axes.reduction(row.op, call, scope);
    if (row.kind === 'both') return this.#either(row, call, scope);
    if (row.kind === 'axis') return this.#axes.axisFunction(row, call, scope);
    const args = call.args.map((arg) => this.expressions.number(arg, scope));
    this.#checkLogarithm(call, args, scope);
    return args.includes(undefined) ? undefined : row.build(this.expressions.b, args as Node[]);
  }

  /** `max` and `min`: the first argument is lowered before the second is looked at, for it may make the axis that is reduced. */
  #either(row: Extract<FunctionRow, { kind: 'both' }>, call: CallExpr, scope: Scope): Node | undefined {
    const [first, ...rest] = call.args;
    const value = first && this.expressions.number(first, scope);
    if (this.#axes.isReduction(call, scope)) return this.#axes.reduce(row.reduction, call, value, scope);
    const args = [value, ...rest.map((arg) => this.expressions.number(arg, scope))];
    if (args.length !== 2) {
      const usage = usageOf(call.callee.name, row);
      const wanted = wantedArguments(2, 'value');
      const place = scope.place(call);
      this.expressions.report(nameMessages.wrongArity(place, call.callee.name, wanted, args.length, usage));
      return undefined;
    }
    return args.includes(undefined) ? undefined : this.expressions.b.apply(row.op, args as Node[]);
  }

  /** `max(x, dim=1)`: what is given by name is not looked at, for it follows from the option. */
  #axisOption(call: CallExpr, scope: Scope): undefined {
    const positional = call.args.slice(0, call.args.length - call.names.length);
    const values = positional.map((arg) => this.expressions.any(arg, scope));
    const axes = scope.axisNames(values[0]?.axes ?? 0);
    this.expressions.report(axisOption(call, axes, scope.place));
  }

  /** Logits stand where a probability belongs. */
  #checkLogarithm(call: CallExpr, args: readonly (Node | undefined)[], scope: Scope): void {
    const logits = args[LOGARITHMS[call.callee.name] ?? -1];
    if (logits?.leaf?.kind !== 'logits') return;
    const { name } = logits.leaf;
    const axes = scope.axisNames(logits.axes);
    const axis = axes.find(isClassName) ?? axes.at(-1);
    this.expressions.report(roleMessages.logarithmOfLogits(scope.place(call), name, axis));
  }

  /** Refuses a call; its arguments are looked at all the same. */
  #refuse({ of, diagnostic }: Misshape, call: CallExpr, row: FunctionRow, scope: Scope): undefined {
    this.expressions.report(diagnostic);
    if (of === 'count' && row.kind === 'values')
      for (const arg of call.args) this.expressions.number(arg, scope);
    else this.expressions.argumentsOnly(call, scope);
  }
}
