import type {
  BinaryExpr,
  BinaryOp,
  Body,
  CallExpr,
  Expr,
  FnDecl,
  LossDecl,
  NameExpr,
  Value as Written,
} from '../../grammar/tree/ast.js';
import type { Callable, Module } from '../resolve/program.js';
import type {
  Arithmetic,
  AxisName,
  ComparisonName,
  ElementwiseName,
  OnAxes,
  ReductionName,
} from './arithmetic.js';
import { type Axis, type Numbers, product } from './axes.js';

/** What a name stands for. */
type Meaning<V extends OnAxes> = V | Axis;
const isAxis = <V extends OnAxes>(meaning: Meaning<V> | undefined): meaning is Axis =>
  meaning !== undefined && 'size' in meaning;

/** What the calls of a file can reach. */
export interface Library {
  readonly callables: ReadonlyMap<string, { readonly decl: Callable; readonly module: Library | Module }>;
}

/** The names of one body. */
export interface Scope<V extends OnAxes> {
  readonly library: Library;
  readonly names: Map<string, Meaning<V>>;
  /** Axes of the callers, which the body of an `fn` may name. */
  readonly inherited: ReadonlyMap<string, Axis>;
}

export const scopeIn = <V extends OnAxes>(library: Library): Scope<V> => ({
  library,
  names: new Map(),
  inherited: new Map(),
});

/** Something that no program holds which was checked. */
export class MeaninglessError extends Error {}

const COMPARISONS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!=']);
const isComparison = (op: BinaryOp): op is ComparisonName => COMPARISONS.has(op);
const REDUCTIONS: Readonly<Record<ReductionName, true>> = {
  sum: true,
  mean: true,
  prod: true,
  logsumexp: true,
  max: true,
  min: true,
};
const isReduction = (callee: string): callee is ReductionName => Object.hasOwn(REDUCTIONS, callee);

const isAxisName = (callee: string, table: Readonly<Record<AxisName, unknown>>): callee is AxisName =>
  Object.hasOwn(table, callee);

/** The meaning of a syntax tree by the definition of the language: calls by value, no graph, no simplification, no guards. */
export class Interpreter<N, V extends OnAxes> {
  #axes = 0;

  constructor(readonly arithmetic: Arithmetic<N, V>) {}

  axis(name: string, size: number): Axis {
    return { name, size, id: this.#axes++ };
  }

  body(body: Body, scope: Scope<V>): V {
    for (const { name, value } of body.lets) scope.names.set(name.name, this.value(value, scope));
    return this.value(body.result, scope);
  }

  value(expr: Expr, scope: Scope<V>): V {
    const { arithmetic } = this;
    switch (expr.kind) {
      case 'number':
        return this.#number(arithmetic.written(expr.value));
      case 'name':
        return this.#name(expr, scope);
      case 'hole':
        throw new MeaninglessError('a hole has no value');
      case 'unary': {
        const operand = this.value(expr.operand, scope);
        return expr.op === 'not' ? arithmetic.logic('not', [operand]) : arithmetic.apply('negate', [operand]);
      }
      case 'binary':
        return this.#binary(expr, scope);
      case 'if': {
        // In this order, for each may make an axis by `rename` that those behind it name.
        const conditions = expr.conditions.map((condition) => this.value(condition, scope));
        const values = expr.values.map((value) => this.value(value, scope));
        const otherwise = this.value(expr.otherwise, scope);
        return conditions.reduceRight(
          (rest, condition, i) => arithmetic.choose(condition, values[i]!, rest),
          otherwise,
        );
      }
      case 'call':
        return this.#call(expr, scope);
    }
  }

  #number(value: N): V {
    return this.arithmetic.along([], [value], true);
  }

  #binary({ op, left, right }: BinaryExpr, scope: Scope<V>): V {
    const x = this.value(left, scope);
    const y = this.value(right, scope);
    if (isComparison(op)) return this.arithmetic.compare(op, x, y);
    if (op === 'and' || op === 'or') return this.arithmetic.logic(op, [x, y]);
    return this.arithmetic.apply(op, [x, y]);
  }

  #name({ name }: NameExpr, scope: Scope<V>): V {
    const known = scope.names.get(name);
    if (known !== undefined && !isAxis(known)) return known;
    if (name === 'pi') return this.#number(this.arithmetic.pi());
    if (name === 'infinity') return this.#number(this.arithmetic.written(Number.POSITIVE_INFINITY));
    throw new MeaninglessError(`"${name}" is no value`);
  }

  #axisNamed(expr: Expr, scope: Scope<V>): Axis | undefined {
    if (expr.kind !== 'name') return undefined;
    const known = scope.names.get(expr.name);
    if (known !== undefined) return isAxis(known) ? known : undefined;
    return scope.inherited.get(expr.name);
  }

  #axis(expr: Expr, scope: Scope<V>): Axis {
    const axis = this.#axisNamed(expr, scope);
    if (axis === undefined) throw new MeaninglessError('an axis is missing');
    return axis;
  }

  #call(call: CallExpr, scope: Scope<V>): V {
    const {
      callee: { name: callee },
      args,
    } = call;
    if (isReduction(callee)) return this.#reduction(callee, call, scope);
    if (isAxisName(callee, this.#alongAxes)) return this.#alongAxes[callee](args, scope);
    if (scope.library.callables.has(callee)) return this.#user(call, scope);
    const values = args.map((arg) => this.value(arg, scope));
    if (callee === 'stop_gradient') return this.arithmetic.stop(values[0]!);
    return this.arithmetic.apply(callee as ElementwiseName, values);
  }

  /** Functions that name an axis. Their value comes before it, for it may make it. */
  readonly #alongAxes: { readonly [K in AxisName]: (args: readonly Expr[], scope: Scope<V>) => V } = {
    size: ([axis], scope) =>
      this.arithmetic.along([], [this.arithmetic.written(this.#axis(axis!, scope).size)], false),
    index: ([axis], scope) => this.arithmetic.index(this.#axis(axis!, scope)),
    softmax: ([x, axis], scope) => {
      const value = this.value(x!, scope);
      return this.arithmetic.softmax(value, this.#axis(axis!, scope));
    },
    log_softmax: ([x, axis], scope) => {
      const value = this.value(x!, scope);
      return this.arithmetic.logSoftmax(value, this.#axis(axis!, scope));
    },
    at: ([x, axis, position], scope) => {
      const value = this.value(x!, scope);
      return this.arithmetic.at(value, this.#axis(axis!, scope), this.value(position!, scope));
    },
    rename: ([x, axis, other], scope) => {
      const value = this.value(x!, scope);
      const from = this.#axis(axis!, scope);
      const { name } = other as NameExpr;
      const known = scope.names.get(name);
      // A name of its own, whatever the axes of the callers are called.
      const to = isAxis(known) ? known : this.axis(name, from.size);
      scope.names.set(name, to);
      return this.arithmetic.rename(value, from, to);
    },
  };

  #reduction(callee: ReductionName, call: CallExpr, scope: Scope<V>): V {
    const [first, second] = call.args;
    const value = this.value(first!, scope);
    const where = call.where && this.value(call.where, scope);
    const hasAxes = where !== undefined || this.#axisNamed(second!, scope) !== undefined;
    if ((callee === 'max' || callee === 'min') && !hasAxes)
      return this.arithmetic.apply(callee, [value, this.value(second!, scope)]);
    const axes = call.args.slice(1).map((arg) => this.#axis(arg, scope));
    return this.arithmetic.reduce(callee, value, axes, where);
  }

  #user(call: CallExpr, scope: Scope<V>): V {
    const { decl, module } = scope.library.callables.get(call.callee.name)!;
    const inner = scopeIn<V>(module);
    if (decl.kind === 'fn') return this.#fn(decl, call, scope, inner);
    if (decl.kind === 'loss') return this.#loss(decl, call, scope, inner);
    throw new MeaninglessError('a sketch cannot be called');
  }

  #fn(decl: FnDecl, call: CallExpr, scope: Scope<V>, inner: Scope<V>): V {
    for (const [i, parameter] of decl.parameters.entries()) {
      const arg = call.args[i]!;
      inner.names.set(parameter.name, this.#axisNamed(arg, scope) ?? this.value(arg, scope));
    }
    const own = [...scope.names].filter((entry): entry is [string, Axis] => isAxis(entry[1]));
    return this.body(decl.body, { ...inner, inherited: new Map([...scope.inherited, ...own]) });
  }

  #loss(decl: LossDecl, call: CallExpr, scope: Scope<V>, inner: Scope<V>): V {
    const named = new Map(call.names.map(({ name }, i) => [name, call.args[decl.inputs.length + i]!]));
    const batch = this.#axisNamed({ kind: 'name', name: 'batch' }, scope);
    if (batch !== undefined) inner.names.set('batch', batch);
    for (const { domain } of [...decl.inputs, ...decl.parameters])
      for (const axis of domain?.axes ?? []) {
        if (axis.kind === 'rest' || inner.names.has(axis.name.name)) continue;
        const { name } = axis.name;
        const ours = this.#axisNamed(named.get(name) ?? { kind: 'name', name }, scope);
        if (ours !== undefined) inner.names.set(name, ours);
      }
    for (const [i, input] of decl.inputs.entries())
      inner.names.set(input.name.name, this.value(call.args[i]!, scope));
    for (const { name, domain, default: written } of decl.parameters) {
      const given = named.get(name.name);
      const axes = (domain?.axes ?? []).flatMap((axis) => (axis.kind === 'axis' ? [axis.name.name] : []));
      inner.names.set(
        name.name,
        given === undefined ? this.#default(written!, axes, inner) : this.value(given, scope),
      );
    }
    return this.body(decl.body, inner);
  }

  /** A default: a number, or nested lists along axes. An axis that no input has gets its length from the list. */
  #default(written: Written, axes: readonly string[], scope: Scope<V>): V {
    const { shape, data } = this.numbers(written, scope);
    if (shape.length === 0) return this.#number(data[0]!);
    const along = axes.map((name, depth): Axis => {
      const known = scope.names.get(name);
      if (isAxis(known)) return known;
      const axis = this.axis(name, shape[depth]!);
      scope.names.set(name, axis);
      return axis;
    });
    if (product(shape) !== product(along.map(({ size }) => size)))
      throw new MeaninglessError('a default does not fit its axes');
    return this.arithmetic.along(along, data, false);
  }

  /** A constant expression, or nested lists of them. */
  numbers(written: Written, scope: Scope<V>): Numbers<N> {
    const data: N[] = [];
    const shape: number[] = [];
    const read = (value: Written, depth: number): void => {
      if (value.kind !== 'list') {
        data.push(this.arithmetic.only(this.value(value, scope)));
        return;
      }
      shape[depth] = value.items.length;
      for (const item of value.items) read(item, depth + 1);
    };
    read(written, 0);
    return { shape, data };
  }
}
