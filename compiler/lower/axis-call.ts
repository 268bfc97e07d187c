import type { CallExpr, Expr } from '../../grammar/tree/ast.js';
import { type AxisSet, axisBit, axisIndices, MAX_AXES } from '../graph/axes.js';
import type { Node } from '../graph/graph.js';
import { choose, indexAlong, indicator, reciprocal, sizeOf, sumOver } from '../graph/raw.js';
import * as axisMessages from '../messages/axes.js';
import { meantAt } from '../messages/message.js';
import * as nameMessages from '../messages/names.js';
import { type ReduceOp, reduction } from '../operators/axis.js';
import type { FunctionRow } from '../resolve/functions.js';
import { suggestions } from '../words/suggest.js';
import type { Expressions } from './expressions.js';
import { BROKEN, type Scope } from './scope.js';

type Reduction = ReduceOp | 'mean';
type AxisFunction = Extract<FunctionRow, { kind: 'axis' }>;

/** Calls that name axes: reductions, softmax, look-ups and renamings. */
export class AxisCalls {
  constructor(private readonly expressions: Expressions) {}

  #fail(diagnostic: Parameters<Expressions['report']>[0]): undefined {
    this.expressions.report(diagnostic);
    return undefined;
  }

  /** `max(e, class)`: axes and values share one set of names, so the second argument tells. */
  isReduction(call: CallExpr, scope: Scope): boolean {
    const second = call.args[1];
    if (call.where !== undefined || call.args.length === 1) return true;
    return second?.kind === 'name' && scope.lookAxis(second.name)?.kind === 'axis';
  }

  /** The axis that an argument names, or undefined after a diagnostic. */
  #axis(arg: Expr, call: CallExpr, scope: Scope, value?: Node): number | undefined {
    if (arg.kind === 'name') {
      const bound = scope.lookAxis(arg.name);
      if (bound?.kind === 'axis') return bound.index;
      if (bound?.kind === 'broken') return undefined;
      if (bound === undefined) {
        const axes = [...scope.names].filter(([, known]) => known.kind === 'axis').map(([name]) => name);
        const place = scope.place(arg);
        const meant = meantAt(place, suggestions(arg.name, axes));
        return this.#fail(nameMessages.unknownName(place, arg.name, meant));
      }
    }
    const axes = scope.axisNames(value?.axes ?? 0);
    return this.#fail(nameMessages.axisExpected(scope.place(arg), call.callee.name, axes));
  }

  reduction(op: Reduction, call: CallExpr, scope: Scope): Node | undefined {
    const first = call.args[0];
    return this.reduce(op, call, first && this.expressions.number(first, scope), scope);
  }

  /** A reduction whose value has been lowered. */
  reduce(op: Reduction, call: CallExpr, value: Node | undefined, scope: Scope): Node | undefined {
    const b = this.expressions.b;
    const condition = call.where && this.expressions.condition(call.where, scope);
    const axes = call.args.slice(1).map((arg) => ({ arg, index: this.#axis(arg, call, scope, value) }));
    if (call.args.length < 2) {
      if (call.args.length === 1 && value === undefined) return undefined;
      const hint = this.#reductionHint(call, value, scope);
      return this.#fail(nameMessages.reducesNothing(scope.place(call), call.callee.name, hint));
    }
    if (value === undefined || (call.where !== undefined && condition === undefined)) return undefined;
    let mask: AxisSet = 0;
    for (const { arg, index } of axes) {
      if (index === undefined) return undefined;
      const has = value.axes | (condition?.axes ?? 0);
      const name = (arg as { name: string }).name;
      if ((has & axisBit(index)) === 0) {
        return this.#fail(axisMessages.axisMissing(scope.place(arg), name, scope.axisNames(has)));
      }
      if ((mask & axisBit(index)) !== 0) return this.#fail(axisMessages.axisTwice(scope.place(arg), name));
      mask |= axisBit(index);
    }
    if (op === 'mean') return this.#mean(value, condition, mask);
    const kept =
      condition === undefined ? value : choose(b, condition, value, b.constant(reduction(op).neutral));
    return b.reduce(op, kept, mask);
  }

  /** The axes that a reduction without any could mean: those of its value, or the items, which need no reducing. */
  #reductionHint(
    { callee: { name: callee }, args }: CallExpr,
    value: Node | undefined,
    scope: Scope,
  ): string {
    const names = scope.axisNames(value?.axes ?? 0);
    if (names.length > 0) return `write ${callee}(…, ${names.join(', ')})`;
    if (args.length === 0 || scope.calls.length > 0) return `write ${callee}(e, axis)`;
    return `a loss is one number per item, and compiling adds the mean over the items: leave \`${callee}\` out`;
  }

  #mean(value: Node, condition: Node | undefined, axes: AxisSet): Node {
    const b = this.expressions.b;
    if (condition === undefined) {
      const sizes = axisIndices(axes).map((index) => reciprocal(b, sizeOf(b, index)));
      return b.mul([b.reduce('sum', value, axes), ...sizes]);
    }
    // Over nothing the mean is 0, so the count is at least 1.
    const count = b.apply('max', [sumOver(b, indicator(b, condition), axes), b.constant(1)]);
    return b.mul([b.reduce('sum', choose(b, condition, value, b.constant(0)), axes), reciprocal(b, count)]);
  }

  axisFunction(row: AxisFunction, call: CallExpr, scope: Scope): Node | undefined {
    const { op } = row;
    const b = this.expressions.b;
    if (op === 'size' || op === 'index') {
      const index = this.#axis(call.args[0]!, call, scope);
      if (index === undefined) return undefined;
      return op === 'size' ? sizeOf(b, index) : indexAlong(b, index);
    }
    const value = this.expressions.number(call.args[0]!, scope);
    const axis = this.#axis(call.args[1]!, call, scope, value);
    if (op === 'rename') return this.#rename(value, axis, call, scope);
    const position = op === 'at' ? this.expressions.number(call.args[2]!, scope) : undefined;
    if (value === undefined || axis === undefined) return undefined;
    if ((value.axes & axisBit(axis)) === 0) {
      const name = (call.args[1] as { name: string }).name;
      return this.#fail(
        axisMessages.axisMissing(scope.place(call.args[1]!), name, scope.axisNames(value.axes)),
      );
    }
    if (op !== 'at') return b.along(op, value, axisBit(axis));
    return position && this.#at(value, axis, position, call.args[2]!, scope);
  }

  #at(value: Node, axis: number, position: Node, arg: Expr, scope: Scope): Node | undefined {
    const b = this.expressions.b;
    if (!position.range.integer) return this.#fail(axisMessages.indexNotInteger(scope.place(arg)));
    if (this.expressions.dependsOnPrediction(position))
      return this.#fail(axisMessages.indexOfPrediction(scope.place(arg)));
    if ((position.axes & axisBit(axis)) === 0) return b.at(value, axisBit(axis), position);
    // The position runs along the same axis: look into a copy, so that the two are told apart.
    const copy = this.#copyOf(axis, `${scope.graph.axes.get(axis).name}'`);
    if (copy === undefined) return this.#fail(axisMessages.tooManyAxes(scope.place(arg)));
    return b.at(b.rename(value, axisBit(axis), axisBit(copy)), axisBit(copy), position);
  }

  #rename(value: Node | undefined, axis: number | undefined, call: CallExpr, scope: Scope): Node | undefined {
    const target = call.args[2]!;
    if (target.kind !== 'name')
      return this.#fail(nameMessages.axisExpected(scope.place(target), call.callee.name, []));
    if (axis === undefined) {
      if (!scope.names.has(target.name)) scope.names.set(target.name, BROKEN);
      return undefined;
    }
    const bound = scope.look(target.name);
    if (bound?.kind === 'value')
      return this.#fail(axisMessages.renameToValue(scope.place(target), target.name));
    if (bound?.kind === 'broken') return undefined;
    const to = bound?.index ?? this.#ownAxis(axis, target.name, scope);
    if (to === undefined) return this.#fail(axisMessages.tooManyAxes(scope.place(target)));
    const { axes } = scope.graph;
    if (axes.get(to).root !== axes.get(axis).root) {
      const [first, second] = [axes.get(axes.get(to).root).name, axes.get(axis).name];
      return this.#fail(axisMessages.renameSizes(scope.place(target), target.name, first, second));
    }
    if (value === undefined) return undefined;
    if ((value.axes & axisBit(axis)) === 0) {
      const name = (call.args[1] as { name: string }).name;
      return this.#fail(
        axisMessages.axisMissing(scope.place(call.args[1]!), name, scope.axisNames(value.axes)),
      );
    }
    if ((value.axes & axisBit(to)) !== 0)
      return this.#fail(axisMessages.renameOnto(scope.place(target), target.name));
    return this.expressions.b.rename(value, axisBit(axis), axisBit(to));
  }

  /** The axis that a body makes by `rename`: one of its own, which no other body can see. */
  #ownAxis(source: number, name: string, scope: Scope): number | undefined {
    const unique = scope.calls.length === 0 ? name : `${scope.owner.name.name}.${name}`;
    const index = this.#copyOf(source, unique);
    if (index === undefined) return undefined;
    scope.names.set(name, { kind: 'axis', index });
    if (scope.calls.length > 0) scope.ownAxes |= axisBit(index);
    return index;
  }

  #copyOf(source: number, name: string): number | undefined {
    const { axes } = this.expressions.graph;
    const { root } = axes.get(source);
    const known = axes.find(name);
    if (known !== undefined && axes.get(known).root === root) return known;
    const unique = known === undefined ? name : `${name}<${axes.get(root).name}`;
    const again = known === undefined ? undefined : axes.find(unique);
    if (again !== undefined) return again;
    return axes.all.length < MAX_AXES ? axes.copyOf(source, unique) : undefined;
  }
}
