import type {
  Body,
  CallExpr,
  Expr,
  FnDecl,
  LossDecl,
  NameExpr,
  Value as Written,
} from '../../../grammar/ast.js';
import { at, choose, index, isReduction, logSoftmax, reduce, rename, softmax } from './along.js';
import {
  apply,
  compare,
  type ElementwiseName,
  isComparison,
  logic,
  powerRule,
  RULES,
} from './elementwise.js';
import type { Library } from './library.js';
import { type Axis, blank, countOf, givenError, type Numbers, scalar, type Value } from './value.js';

/** What a name stands for. */
export type Meaning = Value | Axis;
const isAxis = (meaning: Meaning | undefined): meaning is Axis => meaning !== undefined && 'size' in meaning;

/** The names of one body. */
export interface Scope {
  readonly library: Library;
  readonly names: Map<string, Meaning>;
  /** Axes of the callers, which the body of an `fn` may name. */
  readonly inherited: ReadonlyMap<string, Axis>;
}

/** A mistake of the program, or something that the oracle does not know: never expected of a checked program. */
export class OracleError extends Error {}

/** Evaluates syntax trees directly, calls by value: no graph, no simplification, no guards. */
export class Interpreter {
  #axes = 0;

  axis(name: string, size: number): Axis {
    return { name, size, id: this.#axes++ };
  }

  body(body: Body, scope: Scope): Value {
    for (const { name, value } of body.lets) scope.names.set(name.name, this.value(value, scope));
    return this.value(body.result, scope);
  }

  value(expr: Expr, scope: Scope): Value {
    switch (expr.kind) {
      case 'number':
        return scalar(expr.value, true);
      case 'name':
        return this.#name(expr, scope);
      case 'hole':
        throw new OracleError('a hole has no value');
      case 'unary': {
        const operand = this.value(expr.operand, scope);
        return expr.op === 'not' ? logic((x) => !x, operand) : apply(RULES.negate, operand);
      }
      case 'binary': {
        const [left, right] = [this.value(expr.left, scope), this.value(expr.right, scope)];
        if (isComparison(expr.op)) return compare(expr.op, left, right);
        if (expr.op === 'and') return logic((x, y) => x && y, left, right);
        if (expr.op === 'or') return logic((x, y) => x || y, left, right);
        if (expr.op === '^') return apply(powerRule(right.isConstant), left, right);
        return apply(RULES[expr.op as '+' | '-' | '*' | '/'], left, right);
      }
      case 'if': {
        // In this order, for each may make an axis by `rename` that those behind it name.
        const conditions = expr.conditions.map((condition) => this.value(condition, scope));
        const values = expr.values.map((value) => this.value(value, scope));
        const otherwise = this.value(expr.otherwise, scope);
        return conditions.reduceRight((rest, condition, i) => choose(condition, values[i]!, rest), otherwise);
      }
      case 'call':
        return this.#call(expr, scope);
    }
  }

  #name(expr: NameExpr, scope: Scope): Value {
    const known = scope.names.get(expr.name);
    if (known !== undefined && !isAxis(known)) return known;
    if (expr.name === 'pi') return scalar(Math.PI, true);
    if (expr.name === 'infinity') return scalar(Number.POSITIVE_INFINITY, true);
    throw new OracleError(`"${expr.name}" is no value`);
  }

  #axisNamed(expr: Expr, scope: Scope): Axis | undefined {
    if (expr.kind !== 'name') return undefined;
    const known = scope.names.get(expr.name);
    if (known !== undefined) return isAxis(known) ? known : undefined;
    return scope.inherited.get(expr.name);
  }

  #axis(expr: Expr, scope: Scope): Axis {
    const axis = this.#axisNamed(expr, scope);
    if (axis === undefined) throw new OracleError('an axis is missing');
    return axis;
  }

  #call(call: CallExpr, scope: Scope): Value {
    const { callee, args } = call;
    if (isReduction(callee)) {
      // Before its axes are looked at, for it may make one of them.
      const value = this.value(args[0]!, scope);
      const where = call.where && this.value(call.where, scope);
      const hasAxes = where !== undefined || this.#axisNamed(args[1]!, scope) !== undefined;
      if ((callee === 'max' || callee === 'min') && !hasAxes)
        return apply(RULES[callee], value, this.value(args[1]!, scope));
      const axes = args.slice(1).map((arg) => this.#axis(arg, scope));
      return reduce(callee, value, axes, where);
    }
    switch (callee) {
      case 'clip': {
        const [x, low, high] = args.map((arg) => this.value(arg, scope));
        return apply(RULES.min, apply(RULES.max, x!, low!), high!);
      }
      case 'stop_gradient':
        return { ...this.value(args[0]!, scope), slope: undefined, slopeError: undefined, isConstant: false };
      case 'size':
        return scalar(this.#axis(args[0]!, scope).size);
      case 'index':
        return index(this.#axis(args[0]!, scope));
      case 'softmax':
      case 'log_softmax': {
        const value = this.value(args[0]!, scope);
        return (callee === 'softmax' ? softmax : logSoftmax)(value, this.#axis(args[1]!, scope));
      }
      case 'at': {
        const value = this.value(args[0]!, scope);
        return at(value, this.#axis(args[1]!, scope), this.value(args[2]!, scope));
      }
      case 'rename': {
        const value = this.value(args[0]!, scope);
        const from = this.#axis(args[1]!, scope);
        const { name } = args[2] as NameExpr;
        const known = scope.names.get(name);
        // A name of its own, whatever the axes of the callers are called.
        const to = isAxis(known) ? known : this.axis(name, from.size);
        scope.names.set(name, to);
        return rename(value, from, to);
      }
      default:
        return Object.hasOwn(RULES, callee)
          ? this.#elementwise(callee as ElementwiseName, args, scope)
          : this.#user(call, scope);
    }
  }

  #elementwise(name: ElementwiseName, args: readonly Expr[], scope: Scope): Value {
    const [x, y] = args.map((arg) => this.value(arg, scope));
    return apply(RULES[name], x!, y);
  }

  #user(call: CallExpr, scope: Scope): Value {
    const found = scope.library.callables.get(call.callee);
    if (found === undefined) throw new OracleError(`no function "${call.callee}"`);
    const inner: Scope = { library: found.library, names: new Map(), inherited: new Map() };
    return found.decl.kind === 'fn'
      ? this.#fn(found.decl, call, scope, inner)
      : this.#loss(found.decl, call, scope, inner);
  }

  #fn(decl: FnDecl, call: CallExpr, scope: Scope, inner: Scope): Value {
    for (const [i, parameter] of decl.parameters.entries()) {
      const arg = call.args[i]!;
      inner.names.set(parameter.name, this.#axisNamed(arg, scope) ?? this.value(arg, scope));
    }
    const own = [...scope.names].filter((entry): entry is [string, Axis] => isAxis(entry[1]));
    return this.body(decl.body, { ...inner, inherited: new Map([...scope.inherited, ...own]) });
  }

  #loss(decl: LossDecl, call: CallExpr, scope: Scope, inner: Scope): Value {
    const inputs = call.args.slice(0, decl.inputs.length);
    const named = new Map(call.names.map((name, i) => [name, call.args[decl.inputs.length + i]!]));
    const batch = this.#axisNamed({ kind: 'name', name: 'batch' }, scope);
    if (batch !== undefined) inner.names.set('batch', batch);
    for (const { domain } of [...decl.inputs, ...decl.parameters])
      for (const axis of domain?.axes ?? []) {
        if (axis.kind === 'rest' || inner.names.has(axis.name)) continue;
        const ours = this.#axisNamed(named.get(axis.name) ?? { kind: 'name', name: axis.name }, scope);
        if (ours !== undefined) inner.names.set(axis.name, ours);
      }
    for (const [i, input] of decl.inputs.entries())
      inner.names.set(input.name.name, this.value(inputs[i]!, scope));
    for (const { name, domain, default: written } of decl.parameters) {
      const given = named.get(name.name);
      if (given !== undefined) {
        inner.names.set(name.name, this.value(given, scope));
        continue;
      }
      const names = (domain?.axes ?? []).flatMap((axis) => (axis.kind === 'axis' ? [axis.name] : []));
      inner.names.set(name.name, this.literal(written!, names, inner));
    }
    return this.body(decl.body, inner);
  }

  /** A default: a number, or nested lists along axes. An axis that no input has gets its length from the list. */
  literal(written: Written, axes: readonly string[], scope: Scope): Value {
    const { shape, data } = this.numbers(written, scope);
    if (shape.length === 0) return scalar(data[0]!, true);
    const along = axes.map((name, depth): Axis => {
      const known = scope.names.get(name);
      if (isAxis(known)) return known;
      const axis = this.axis(name, shape[depth]!);
      scope.names.set(name, axis);
      return axis;
    });
    return this.ordered(along, data);
  }

  /** A constant expression, or nested lists of them. */
  numbers(written: Written, scope: Scope): Numbers {
    const data: number[] = [];
    const shape: number[] = [];
    const read = (value: Written, depth: number): void => {
      if (value.kind !== 'list') {
        data.push(this.value(value, scope).data[0]!);
        return;
      }
      shape[depth] = value.items.length;
      for (const item of value.items) read(item, depth + 1);
    };
    read(written, 0);
    return { shape, data: Float64Array.from(data) };
  }

  /** Row-major numbers along axes in any order. */
  ordered(axes: readonly Axis[], numbers: Float64Array): Value {
    const result = blank(
      [...axes].sort((a, b) => a.id - b.id),
      undefined,
    );
    if (numbers.length !== countOf(axes)) throw new OracleError('numbers do not fit their axes');
    let step = numbers.length;
    const steps = new Map(
      axes.map((axis) => {
        step /= axis.size;
        return [axis, step] as const;
      }),
    );
    for (let k = 0; k < numbers.length; k++) {
      let [left, from] = [k, 0];
      for (const axis of result.axes.toReversed()) {
        from += (left % axis.size) * steps.get(axis)!;
        left = Math.floor(left / axis.size);
      }
      result.data[k] = numbers[from]!;
      result.error[k] = givenError(numbers[from]!);
    }
    return result;
  }
}
