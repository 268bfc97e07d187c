import type { Axis, CallExpr, Expr, FnDecl, LossDecl, Value } from '../../grammar/tree/ast.js';
import { spanOf } from '../../grammar/tree/span.js';
import { axisBit, axisIndex, BATCH } from '../graph/axes.js';
import type { Node } from '../graph/graph.js';
import * as axisMessages from '../messages/axes.js';
import * as nameMessages from '../messages/names.js';
import { namedArguments } from '../resolve/call-shape.js';
import { type Callee, type Misshape, misshapeOfUser } from '../resolve/callee.js';
import type { Module } from '../resolve/program.js';
import { unknownCallee } from '../resolve/unknown.js';
import type { Expressions } from './expressions.js';
import { flat, shapeProblem } from './parameter-value.js';
import { type Bound, BROKEN, Scope } from './scope.js';
import { SignatureReader } from './signature.js';

const MAX_CALLS = 200;

/** Calls of the user's own `fn`s and losses, written out. */
export class UserCalls {
  /** Results by callee and arguments, so that a function that calls itself twice per level stays small. */
  readonly #memo = new Map<string, Node | undefined>();
  readonly #ids = new Map<object, number>();

  constructor(private readonly expressions: Expressions) {}

  #fail(diagnostic: Parameters<Expressions['report']>[0]): undefined {
    this.expressions.report(diagnostic);
    return undefined;
  }

  /** A call of what is declared, or of nothing. */
  lower(
    call: CallExpr,
    callee: Extract<Callee, { kind: 'declared' }> | undefined,
    scope: Scope,
  ): Node | undefined {
    const place = scope.place(call.callee, call);
    if (callee === undefined) {
      const { name } = call.callee;
      const isValue = (one: string): boolean => scope.look(one)?.kind === 'value';
      const unknown = unknownCallee(place, name, scope.module, isValue);
      if (unknown !== undefined) this.expressions.report(unknown);
      return this.expressions.argumentsOnly(call, scope);
    }
    const { decl, module } = callee;
    if (decl.kind === 'sketch') {
      this.expressions.report(nameMessages.sketchCalled(place, call.callee.name));
      return this.expressions.argumentsOnly(call, scope);
    }
    const chain = [scope.owner, ...this.#owners(scope)];
    if (chain.includes(decl)) {
      const names = [...chain.slice(0, chain.indexOf(decl) + 1)].reverse().map((owner) => owner.name.name);
      return this.#fail(nameMessages.recursion(place, [...names, decl.name.name]));
    }
    if (scope.calls.length >= MAX_CALLS) return this.#fail(axisMessages.tooDeep(place));
    const misshape = misshapeOfUser(call, decl, scope.place);
    if (misshape?.of === 'where') {
      this.expressions.report(misshape.diagnostic);
      return this.expressions.argumentsOnly(call, scope);
    }
    const inner = new Scope(scope.graph, module, decl, [
      ...scope.calls,
      {
        name: call.callee.name,
        source: scope.module.source,
        span: spanOf(call.callee, call),
      },
    ]);
    this.#parents.set(inner, scope);
    const ready =
      decl.kind === 'fn'
        ? this.#bindFn(decl, call, misshape, scope, inner)
        : this.#bindLoss(decl, call, misshape, scope, inner, module);
    if (!ready) return undefined;
    return this.#inline(decl, call, inner);
  }

  readonly #parents = new WeakMap<Scope, Scope>();
  #owners(scope: Scope): Scope['owner'][] {
    const owners: Scope['owner'][] = [];
    for (let outer = this.#parents.get(scope); outer !== undefined; outer = this.#parents.get(outer))
      owners.push(outer.owner);
    return owners;
  }

  #inline(decl: FnDecl | LossDecl, call: CallExpr, inner: Scope): Node | undefined {
    const key = this.#key(decl, inner);
    if (this.#memo.has(key)) return this.#memo.get(key);
    let result = this.expressions.body(decl.body, inner);
    if (result !== undefined && (result.axes & inner.ownAxes) !== 0) {
      const names = inner.axisNames(result.axes & inner.ownAxes);
      result = this.#fail(axisMessages.ownAxisLeft(inner.place(decl.body.result), call.callee.name, names));
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

  #bindFn(decl: FnDecl, call: CallExpr, misshape: Misshape | undefined, scope: Scope, inner: Scope): boolean {
    if (misshape !== undefined) this.expressions.report(misshape.diagnostic);
    if (misshape?.of === 'names') {
      this.expressions.argumentsOnly(call, scope);
      return false;
    }
    const bounds = call.args.map((arg): Bound => {
      const named = arg.kind === 'name' ? scope.lookAxis(arg.name) : undefined;
      if (named?.kind === 'axis') return named;
      const node = this.expressions.any(arg, scope);
      return node === undefined ? BROKEN : { kind: 'value', node };
    });
    if (misshape !== undefined) return false;
    for (const [i, parameter] of decl.parameters.entries()) inner.names.set(parameter.name, bounds[i]!);
    inner.inherit(scope);
    return true;
  }

  #bindLoss(
    decl: LossDecl,
    call: CallExpr,
    misshape: Misshape | undefined,
    scope: Scope,
    inner: Scope,
    module: Module,
  ): boolean {
    if (misshape !== undefined) this.expressions.report(misshape.diagnostic);
    if (misshape?.of === 'count') {
      this.expressions.argumentsOnly(call, scope);
      return false;
    }
    const positional = call.args.slice(0, call.args.length - call.names.length);
    const inputs = positional.map((arg) => this.expressions.number(arg, scope));
    const named = namedArguments(decl, call, scope.place);
    if ('code' in named) {
      const values = call.args.slice(positional.length);
      this.expressions.argumentsOnly({ ...call, args: values }, scope);
      return false;
    }
    inner.names.set('batch', { kind: 'axis', index: axisIndex(BATCH) });
    let ready = true;
    for (const [i, input] of decl.inputs.entries()) {
      const node = inputs[i];
      for (const axis of input.domain?.axes ?? []) {
        if (axis.kind === 'axis')
          ready =
            this.#bindAxis(axis.name.name, axis.size, named, node, positional[i]!, scope, inner) && ready;
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

  #bindAxis(
    axis: string,
    declared: number | undefined,
    named: ReadonlyMap<string, Expr>,
    node: Node | undefined,
    arg: Expr,
    scope: Scope,
    inner: Scope,
  ): boolean {
    const already = inner.names.get(axis);
    let index = already?.kind === 'axis' ? already.index : undefined;
    if (index === undefined) {
      const mapped = named.get(axis);
      const name = mapped?.kind === 'name' ? mapped.name : axis;
      const bound = mapped !== undefined && mapped.kind !== 'name' ? undefined : scope.lookAxis(name);
      if (bound?.kind === 'broken') return false;
      if (bound?.kind !== 'axis') {
        const has = scope.axisNames(node?.axes ?? 0);
        return this.#fail(axisMessages.axisMissing(scope.place(arg), axis, has)) ?? false;
      }
      index = bound.index;
      inner.names.set(axis, bound);
    }
    const size = scope.graph.axes.get(index).size;
    if (declared !== undefined && size !== undefined && declared !== size) {
      return this.#fail(axisMessages.axisSizes(scope.place(arg), axis, declared, size)) ?? false;
    }
    if (node !== undefined && (node.axes & axisBit(index)) === 0) {
      return (
        this.#fail(axisMessages.axisMissing(scope.place(arg), axis, scope.axisNames(node.axes))) ?? false
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
        nameMessages.parameterMissing(scope.place(call.callee, call), call.callee.name, name),
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
    { name: { name }, size }: Extract<Axis, { kind: 'axis' }>,
    named: ReadonlyMap<string, Expr>,
    scope: Scope,
    inner: Scope,
  ): number | undefined {
    const known = inner.names.get(name);
    if (known?.kind === 'axis') return known.index;
    const mapped = named.get(name);
    const outer = scope.lookAxis(mapped?.kind === 'name' ? mapped.name : name);
    const { axes } = scope.graph;
    const unique = `${inner.owner.name.name}.${name}`;
    const index = outer?.kind === 'axis' ? outer.index : (axes.find(unique) ?? axes.declare(unique, size));
    inner.names.set(name, { kind: 'axis', index });
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
    const node = this.expressions.graph.make('literal', [], {
      axes: axes.reduce((mask, index) => mask | axisBit(index), 0),
      data: ascending(data, constant, axes),
      range: {
        lo: data.reduce((a, b) => Math.min(a, b)),
        hi: data.reduce((a, b) => Math.max(a, b)),
        integer: data.every(Number.isInteger),
        nonzero: !data.includes(0),
        total: true,
      },
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
