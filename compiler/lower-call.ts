import type { CallExpr, Expr, FnDecl, LossDecl, Value } from '../grammar/ast.js';
import { type AxisSet, axisBit, axisIndex, axisIndices, BATCH, MAX_AXES } from './axes.js';
import { FUNCTIONS, type FunctionRow, findFunction } from './functions.js';
import type { AxisOp, Node } from './graph.js';
import type { LowerExpression } from './lower-expression.js';
import * as messages from './messages.js';
import type { Module } from './program.js';
import { choose, indexAlong, indicator, reciprocal, sizeOf, sumOver } from './raw.js';
import { type Bound, BROKEN, Scope } from './scope.js';
import { flat, SignatureReader, shapeProblem } from './signature.js';
import { suggestions } from './suggest.js';

const MAX_CALLS = 200;
type Reduction = AxisOp | 'mean';

/** What a masked entry counts as: the neutral element of the reduction. */
const NEUTRAL: { readonly [K in 'sum' | 'prod' | 'reduceMax' | 'reduceMin' | 'logsumexp']: number } = {
  sum: 0,
  prod: 1,
  reduceMax: -Infinity,
  reduceMin: Infinity,
  logsumexp: -Infinity,
};

/** Words of other languages, and what they are here. */
const FOREIGN: Readonly<Record<string, string>> = {
  where: '`where(c, a, b)` is written `if c then a else b`',
  ln: 'the natural logarithm is `log`',
  power: 'powers are written x^2',
  pow: 'powers are written x^2',
  maximum: 'write max(a, b)',
  minimum: 'write min(a, b)',
  reduce_sum: 'write sum(e, axis)',
  reduce_mean: 'write mean(e, axis)',
  norm: 'import { norm } from "std/math"',
  dot: 'import { dot } from "std/math"',
  cosine: 'import { cosine } from "std/math"',
  arccos: 'the arc cosine is `acos`',
  arctan: 'the arc tangent is `atan`',
};

/** Calls: functions of the table, reductions and functions of axes, and the user's own `fn`s and losses, written out. */
export class CallLowering {
  /** Results by callee and arguments, so that a function that calls itself twice per level stays small. */
  readonly #memo = new Map<string, Node | undefined>();
  readonly #ids = new Map<object, number>();

  constructor(private readonly expressions: LowerExpression) {}

  lower(call: CallExpr, scope: Scope): Node | undefined {
    const builtIn = findFunction(call.callee);
    if (builtIn === undefined) return this.#user(call, scope);
    if (call.names.length > 0) {
      const named = call.args[call.args.length - call.names.length]!;
      return this.#fail(messages.namedToFunction(scope.place(named.span ?? call.span), call.callee));
    }
    const reduces =
      builtIn.kind === 'reduction' || (builtIn.kind === 'both' && this.#isReduction(call, scope));
    if (call.where !== undefined && !reduces) {
      return this.#fail(messages.whereNotReduction(scope.place(call.where.span), call.callee));
    }
    if (reduces) {
      const op: Reduction =
        call.callee === 'max'
          ? 'reduceMax'
          : call.callee === 'min'
            ? 'reduceMin'
            : (builtIn as { op: Reduction }).op;
      return this.#reduction(op, call, scope);
    }
    if (builtIn.kind === 'axis') return this.#axisFunction(builtIn.op, call, scope);
    return this.#values(builtIn, call, scope);
  }

  #fail(diagnostic: Parameters<LowerExpression['report']>[0]): undefined {
    this.expressions.report(diagnostic);
    return undefined;
  }

  /** `max(e, class)`: axes and values share one set of names, so the second argument tells. */
  #isReduction(call: CallExpr, scope: Scope): boolean {
    const second = call.args[1];
    if (call.where !== undefined || call.args.length === 1) return true;
    return second?.kind === 'name' && scope.lookAxis(second.name)?.kind === 'axis';
  }

  #values(row: FunctionRow, call: CallExpr, scope: Scope): Node | undefined {
    const arity = row.kind === 'values' ? row.arity : 2;
    const args = call.args.map((arg) => this.expressions.number(arg, scope));
    if (args.length !== arity) {
      const wanted = `${arity} value${arity === 1 ? '' : 's'}`;
      return this.#fail(messages.wrongArity(scope.place(call.span), call.callee, wanted, args.length));
    }
    if (args.some((arg) => arg === undefined)) return undefined;
    if (row.kind === 'values') return row.build(this.expressions.b, args as Node[]);
    return row.kind === 'both' ? this.expressions.b.apply(row.op, args as Node[]) : undefined;
  }

  /** The axis that an argument names, or undefined after a diagnostic. */
  #axis(arg: Expr, call: CallExpr, scope: Scope): number | undefined {
    if (arg.kind === 'name') {
      const bound = scope.lookAxis(arg.name);
      if (bound?.kind === 'axis') return bound.index;
      if (bound?.kind === 'broken') return undefined;
      if (bound === undefined) {
        const axes = [...scope.names].filter(([, known]) => known.kind === 'axis').map(([name]) => name);
        return this.#fail(messages.unknownName(scope.place(arg.span), arg.name, suggestions(arg.name, axes)));
      }
    }
    return this.#fail(messages.axisExpected(scope.place(arg.span), call.callee));
  }

  #reduction(op: Reduction, call: CallExpr, scope: Scope): Node | undefined {
    const b = this.expressions.b;
    const first = call.args[0];
    const value = first && this.expressions.number(first, scope);
    const condition = call.where && this.expressions.condition(call.where, scope);
    const axes = call.args.slice(1).map((arg) => ({ arg, index: this.#axis(arg, call, scope) }));
    if (call.args.length < 2) {
      const wanted = 'a value and at least one axis';
      return this.#fail(messages.wrongArity(scope.place(call.span), call.callee, wanted, call.args.length));
    }
    if (value === undefined || (call.where !== undefined && condition === undefined)) return undefined;
    let mask: AxisSet = 0;
    for (const { arg, index } of axes) {
      if (index === undefined) return undefined;
      const has = value.axes | (condition?.axes ?? 0);
      const name = (arg as { name: string }).name;
      if ((has & axisBit(index)) === 0) {
        return this.#fail(messages.axisMissing(scope.place(arg.span), name, scope.axisNames(has)));
      }
      if ((mask & axisBit(index)) !== 0) return this.#fail(messages.axisTwice(scope.place(arg.span), name));
      mask |= axisBit(index);
    }
    if (op === 'mean') return this.#mean(value, condition, mask);
    const kept =
      condition === undefined
        ? value
        : choose(b, condition, value, b.constant(NEUTRAL[op as keyof typeof NEUTRAL]));
    return b.reduce(op, kept, mask);
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

  #axisFunction(
    op: 'softmax' | 'logSoftmax' | 'size' | 'index' | 'at' | 'rename',
    call: CallExpr,
    scope: Scope,
  ): Node | undefined {
    const wanted = { softmax: 2, logSoftmax: 2, size: 1, index: 1, at: 3, rename: 3 }[op];
    if (call.args.length !== wanted) {
      const usage = FUNCTIONS[call.callee as keyof typeof FUNCTIONS].doc.split(':')[0]!;
      return this.#fail(
        messages.wrongArity(
          scope.place(call.span),
          call.callee,
          `${wanted} arguments, ${usage}`,
          call.args.length,
        ),
      );
    }
    const b = this.expressions.b;
    if (op === 'size' || op === 'index') {
      const index = this.#axis(call.args[0]!, call, scope);
      if (index === undefined) return undefined;
      return op === 'size' ? sizeOf(b, index) : indexAlong(b, index);
    }
    const value = this.expressions.number(call.args[0]!, scope);
    const axis = this.#axis(call.args[1]!, call, scope);
    if (op === 'rename') return this.#rename(value, axis, call, scope);
    const position = op === 'at' ? this.expressions.number(call.args[2]!, scope) : undefined;
    if (value === undefined || axis === undefined) return undefined;
    if ((value.axes & axisBit(axis)) === 0) {
      const name = (call.args[1] as { name: string }).name;
      return this.#fail(
        messages.axisMissing(scope.place(call.args[1]!.span), name, scope.axisNames(value.axes)),
      );
    }
    if (op !== 'at') return b.softmax(op, value, axisBit(axis));
    return position && this.#at(value, axis, position, call.args[2]!, scope);
  }

  #at(value: Node, axis: number, position: Node, arg: Expr, scope: Scope): Node | undefined {
    const b = this.expressions.b;
    if (!position.range.integer) return this.#fail(messages.indexNotInteger(scope.place(arg.span)));
    if (this.expressions.dependsOnPrediction(position))
      return this.#fail(messages.indexOfPrediction(scope.place(arg.span)));
    if ((position.axes & axisBit(axis)) === 0) return b.at(value, axisBit(axis), position);
    // The position runs along the same axis: look into a copy, so that the two are told apart.
    const copy = this.#copyOf(axis, `${scope.graph.axes.get(axis).name}'`);
    if (copy === undefined) return this.#fail(messages.tooManyAxes(scope.place(arg.span)));
    return b.at(b.rename(value, axisBit(axis), axisBit(copy)), axisBit(copy), position);
  }

  #rename(value: Node | undefined, axis: number | undefined, call: CallExpr, scope: Scope): Node | undefined {
    const target = call.args[2]!;
    if (target.kind !== 'name')
      return this.#fail(messages.axisExpected(scope.place(target.span), call.callee));
    if (axis === undefined) {
      if (!scope.names.has(target.name)) scope.names.set(target.name, BROKEN);
      return undefined;
    }
    const bound = scope.look(target.name);
    if (bound?.kind === 'value')
      return this.#fail(messages.renameToValue(scope.place(target.span), target.name));
    if (bound?.kind === 'broken') return undefined;
    const to = bound?.index ?? this.#ownAxis(axis, target.name, scope);
    if (to === undefined) return this.#fail(messages.tooManyAxes(scope.place(target.span)));
    const { axes } = scope.graph;
    if (axes.get(to).root !== axes.get(axis).root) {
      const [first, second] = [axes.get(axes.get(to).root).name, axes.get(axis).name];
      return this.#fail(messages.renameSizes(scope.place(target.span), target.name, first, second));
    }
    if (value === undefined) return undefined;
    if ((value.axes & axisBit(axis)) === 0) {
      const name = (call.args[1] as { name: string }).name;
      return this.#fail(
        messages.axisMissing(scope.place(call.args[1]!.span), name, scope.axisNames(value.axes)),
      );
    }
    if ((value.axes & axisBit(to)) !== 0)
      return this.#fail(messages.renameOnto(scope.place(target.span), target.name));
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

  // ---------------------------------------------------------------- the user's own functions and losses

  #user(call: CallExpr, scope: Scope): Node | undefined {
    const place = scope.place(call.calleeSpan ?? call.span);
    const target = scope.module.callables.get(call.callee);
    if (target === undefined) {
      const known = [...Object.keys(FUNCTIONS), ...scope.module.callables.keys()];
      const hint = Object.hasOwn(FOREIGN, call.callee) ? FOREIGN[call.callee] : undefined;
      return this.#fail(messages.unknownFunction(place, call.callee, suggestions(call.callee, known), hint));
    }
    const { decl, module } = target;
    if (decl.kind === 'sketch') return this.#fail(messages.sketchCalled(place, call.callee));
    const chain = [scope.owner, ...this.#owners(scope)];
    if (chain.includes(decl)) {
      const names = [...chain.slice(0, chain.indexOf(decl) + 1)].reverse().map((owner) => owner.name.name);
      return this.#fail(messages.recursion(place, [...names, decl.name.name]));
    }
    if (scope.calls.length >= MAX_CALLS) return this.#fail(messages.tooDeep(place));
    if (call.where !== undefined)
      return this.#fail(messages.whereNotReduction(scope.place(call.where.span), call.callee));
    const inner = new Scope(scope.graph, module, decl, [
      ...scope.calls,
      {
        name: call.callee,
        source: scope.module.source,
        span: call.calleeSpan ?? call.span ?? { start: 0, end: 0 },
      },
    ]);
    this.#parents.set(inner, scope);
    const ready =
      decl.kind === 'fn'
        ? this.#bindFn(decl, call, scope, inner)
        : this.#bindLoss(decl, call, scope, inner, module);
    if (!ready) return undefined;
    return this.#inline(decl, call, scope, inner);
  }

  readonly #parents = new WeakMap<Scope, Scope>();
  #owners(scope: Scope): Scope['owner'][] {
    const owners: Scope['owner'][] = [];
    for (let outer = this.#parents.get(scope); outer !== undefined; outer = this.#parents.get(outer))
      owners.push(outer.owner);
    return owners;
  }

  #inline(decl: FnDecl | LossDecl, call: CallExpr, scope: Scope, inner: Scope): Node | undefined {
    const key = this.#key(decl, inner);
    if (this.#memo.has(key)) return this.#memo.get(key);
    let result = this.expressions.body(decl.body, inner);
    if (result !== undefined && (result.axes & inner.ownAxes) !== 0) {
      const names = inner.axisNames(result.axes & inner.ownAxes);
      result = this.#fail(messages.axisLeft(scope.place(call.span), names));
    }
    this.#memo.set(key, result);
    return result;
  }

  #key(decl: object, scope: Scope): string {
    let id = this.#ids.get(decl);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(decl, id);
    }
    const parts = [...scope.names.values()].map((bound) =>
      bound.kind === 'value' ? `v${bound.node.id}` : bound.kind === 'axis' ? `a${bound.index}` : 'x',
    );
    return `${id}:${parts.join(',')}:${[...scope.inherited.values()].join(',')}`;
  }

  #bindFn(decl: FnDecl, call: CallExpr, scope: Scope, inner: Scope): boolean {
    const place = scope.place(call.span);
    if (call.names.length > 0) return this.#fail(messages.namedToFunction(place, call.callee)) ?? false;
    const bounds = call.args.map((arg): Bound => {
      const named = arg.kind === 'name' ? scope.lookAxis(arg.name) : undefined;
      if (named?.kind === 'axis') return named;
      const node = this.expressions.any(arg, scope);
      return node === undefined ? BROKEN : { kind: 'value', node };
    });
    const wanted = decl.parameters.length;
    if (bounds.length !== wanted) {
      const text = `${wanted} argument${wanted === 1 ? '' : 's'}`;
      return this.#fail(messages.wrongArity(place, call.callee, text, bounds.length)) ?? false;
    }
    for (const [i, parameter] of decl.parameters.entries()) inner.names.set(parameter.name, bounds[i]!);
    inner.inherit(scope);
    return true;
  }

  #bindLoss(decl: LossDecl, call: CallExpr, scope: Scope, inner: Scope, module: Module): boolean {
    const positional = call.args.slice(0, call.args.length - call.names.length);
    if (positional.length !== decl.inputs.length) {
      const wanted = `${decl.inputs.length} input${decl.inputs.length === 1 ? '' : 's'}`;
      return (
        this.#fail(messages.wrongArity(scope.place(call.span), call.callee, wanted, positional.length)) ??
        false
      );
    }
    const inputs = positional.map((arg) => this.expressions.number(arg, scope));
    const named = this.#named(decl, call, scope);
    if (named === undefined) return false;
    inner.names.set('batch', { kind: 'axis', index: axisIndex(BATCH) });
    let ready = true;
    for (const [i, input] of decl.inputs.entries()) {
      const node = inputs[i];
      for (const axis of input.domain?.axes ?? []) {
        if (axis.kind === 'axis')
          ready = this.#bindAxis(axis, named, node, positional[i]!, scope, inner) && ready;
      }
      inner.names.set(input.name.name, node === undefined ? BROKEN : { kind: 'value', node });
    }
    if (!ready) return false;
    for (const parameter of decl.parameters) {
      const bound = this.#boundParameter(decl, parameter, named, call, scope, inner, module);
      if (bound === undefined) ready = false;
      else inner.names.set(parameter.name.name, bound);
    }
    return ready;
  }

  /** Named arguments: parameters of the callee, and `class = item` for its axes. */
  #named(decl: LossDecl, call: CallExpr, scope: Scope): Map<string, Expr> | undefined {
    const known = new Set([
      ...decl.parameters.map((parameter) => parameter.name.name),
      ...[...decl.inputs, ...decl.parameters].flatMap((item) =>
        (item.domain?.axes ?? []).flatMap((axis) => (axis.kind === 'axis' ? [axis.name] : [])),
      ),
    ]);
    const named = new Map<string, Expr>();
    const first = call.args.length - call.names.length;
    for (const [i, name] of call.names.entries()) {
      const place = scope.place(call.args[first + i]!.span);
      if (!known.has(name)) return this.#fail(messages.namedArgument(place, call.callee, name, [...known]));
      if (named.has(name)) return this.#fail(messages.parameterTwice(place, name));
      named.set(name, call.args[first + i]!);
    }
    return named;
  }

  #bindAxis(
    axis: { readonly name: string; readonly size?: number },
    named: ReadonlyMap<string, Expr>,
    node: Node | undefined,
    arg: Expr,
    scope: Scope,
    inner: Scope,
  ): boolean {
    const already = inner.names.get(axis.name);
    let index = already?.kind === 'axis' ? already.index : undefined;
    if (index === undefined) {
      const mapped = named.get(axis.name);
      const name = mapped?.kind === 'name' ? mapped.name : axis.name;
      const bound = mapped !== undefined && mapped.kind !== 'name' ? undefined : scope.lookAxis(name);
      if (bound?.kind === 'broken') return false;
      if (bound?.kind !== 'axis') {
        const has = scope.axisNames(node?.axes ?? 0);
        return this.#fail(messages.axisMissing(scope.place(arg.span), axis.name, has)) ?? false;
      }
      index = bound.index;
      inner.names.set(axis.name, bound);
    }
    const size = scope.graph.axes.get(index).size;
    if (axis.size !== undefined && size !== undefined && axis.size !== size) {
      return this.#fail(messages.axisSizes(scope.place(arg.span), axis.name, axis.size, size)) ?? false;
    }
    if (node !== undefined && (node.axes & axisBit(index)) === 0) {
      return (
        this.#fail(messages.axisMissing(scope.place(arg.span), axis.name, scope.axisNames(node.axes))) ??
        false
      );
    }
    return true;
  }

  #boundParameter(
    decl: LossDecl,
    parameter: LossDecl['parameters'][number],
    named: ReadonlyMap<string, Expr>,
    call: CallExpr,
    scope: Scope,
    inner: Scope,
    module: Module,
  ): Bound | undefined {
    const { name } = parameter.name;
    const given = named.get(name);
    if (given !== undefined) {
      const node = this.expressions.number(given, scope);
      return node === undefined ? BROKEN : { kind: 'value', node };
    }
    if (parameter.default === undefined) {
      return this.#fail(
        messages.parameterMissing(scope.place(call.calleeSpan ?? call.span), call.callee, name),
      );
    }
    const axes = (parameter.domain?.axes ?? []).flatMap((axis) => {
      const bound = axis.kind === 'axis' ? this.#parameterAxis(axis, named, scope, inner) : undefined;
      return bound === undefined ? [] : [bound];
    });
    return this.#literal(decl, parameter.default, axes, module);
  }

  /** A parameter's axis that no input has: the caller's of that name, or a fresh one of the length that is written. */
  #parameterAxis(
    axis: { readonly name: string; readonly size?: number },
    named: ReadonlyMap<string, Expr>,
    scope: Scope,
    inner: Scope,
  ): number | undefined {
    const known = inner.names.get(axis.name);
    if (known?.kind === 'axis') return known.index;
    const mapped = named.get(axis.name);
    const outer = scope.lookAxis(mapped?.kind === 'name' ? mapped.name : axis.name);
    const { axes } = scope.graph;
    const unique = `${inner.owner.name.name}.${axis.name}`;
    const index =
      outer?.kind === 'axis' ? outer.index : (axes.find(unique) ?? axes.declare(unique, axis.size));
    inner.names.set(axis.name, { kind: 'axis', index });
    return index;
  }

  #literal(decl: LossDecl, value: Value, axes: readonly number[], module: Module): Bound | undefined {
    const scratch = new Scope(this.expressions.graph, module, decl, []);
    const constant = new SignatureReader(this.expressions.graph, scratch, this.expressions).value(value);
    if (constant === undefined) return BROKEN;
    if (typeof constant === 'number') return { kind: 'value', node: this.expressions.b.constant(constant) };
    const infos = axes.map((index) => this.expressions.graph.axes.get(index));
    // A default that does not fit has been reported where the callee is declared.
    if (shapeProblem(constant, infos) !== undefined) return BROKEN;
    const data = flat(constant);
    let level: unknown = constant;
    for (const index of axes) {
      this.expressions.graph.axes.fix(index, (level as readonly unknown[]).length);
      level = (level as readonly unknown[])[0];
    }
    const lo = Math.min(...data);
    const hi = Math.max(...data);
    const node = this.expressions.graph.make('literal', [], {
      axes: axes.reduce((mask, index) => mask | axisBit(index), 0),
      data: ascending(data, constant, axes),
      range: { lo, hi, integer: data.every(Number.isInteger), nonzero: !data.includes(0), total: true },
    });
    return { kind: 'value', node };
  }
}

/** Row-major data of nested lists over `axes`, reordered so that the axes ascend. Two axes are the most anyone writes. */
function ascending(data: readonly number[], value: unknown, axes: readonly number[]): readonly number[] {
  if (axes.length !== 2 || axes[0]! < axes[1]!) return data;
  const rows = (value as readonly unknown[]).length;
  const columns = data.length / rows;
  return data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!);
}
